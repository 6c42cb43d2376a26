import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

/** One piece of the build that a process under test has otherwise. */
export interface Rewrite {
  /** Below `dist`. */
  readonly file: string;
  /** As it stands in the file, but for white space; exactly once. */
  readonly from: string;
  readonly to: string;
}

/**
 * What every process under test has otherwise than in earnest, so that a run of hundreds of weeks ends within the hour: the database's own
 * clock is the harness's, the planner looks more often, a vendor is waited for less long and its limits are wide, and a page of a report is short, so that
 * a week has several. Nothing of it touches what is promised.
 */
export const hastened: readonly Rewrite[] = [
  {
    file: 'libs/storage/src/database.js',
    from: `search_path=\${options.searchPath ?? 'carillon'}`,
    to: `search_path=carillon,pg_catalog`,
  },
  {
    file: 'services/rules/src/rules.module.js',
    from: 'const PLAN_MS = 30_000;',
    to: 'const PLAN_MS = 1_000;',
  },
  {
    file: 'libs/sources/src/clockify/report.js',
    from: 'const pageSize = 1000;',
    to: 'const pageSize = 9;',
  },
  { file: 'libs/sources/src/clockify/limit.js', from: 'requests: 10,', to: 'requests: 200,' },
  {
    file: 'libs/channels/src/slack/index.js',
    from: 'requests: 300, perSeconds: 60,',
    to: 'requests: 400, perSeconds: 1,',
  },
  {
    file: 'libs/channels/src/slack/client.js',
    from: 'const timeoutMs = 10_000;',
    to: 'const timeoutMs = 2_500;',
  },
  {
    file: 'libs/http/src/create-http-client.js',
    from: 'timeoutMs = 30_000',
    to: 'timeoutMs = 2_500',
  },
];

/** How long a vendor is waited for, by `hastened`. */
export const PATIENCE_MS = 2_500;

/** The text with the piece replaced; throws where it is not there exactly once, so that nothing stops being rewritten in silence. */
export function rewritten(text: string, { file, from, to }: Rewrite): string {
  const found = [...text.matchAll(loosely(from))];
  const [only] = found;
  if (found.length !== 1 || only === undefined)
    throw new Error(`${file}: "${from}" is there ${found.length} times, it is to be rewritten once`);
  return text.slice(0, only.index) + to + text.slice(only.index + only[0].length);
}

/** The compiler breaks lines where it likes. */
const loosely = (piece: string): RegExp =>
  new RegExp(
    piece
      .trim()
      .split(/\s+/)
      .map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('\\s*'),
    'g',
  );

/** Rewrites modules as this process loads them. Returns the files of which that was done by now. */
export function rewriteOnLoad(dist: URL, rewrites: readonly Rewrite[]): () => readonly string[] {
  const done = new Set<string>();
  registerHooks({
    load(url, context, next) {
      const own = rewrites.filter(({ file }) => url === new URL(file, dist).href);
      if (own.length === 0) return next(url, context);
      for (const { file } of own) done.add(file);
      return {
        format: 'module',
        shortCircuit: true,
        source: own.reduce((text, rewrite) => rewritten(text, rewrite), readFileSync(new URL(url), 'utf8')),
      };
    },
  });
  return () => [...done];
}
