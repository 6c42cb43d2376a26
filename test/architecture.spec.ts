import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize, relative } from 'node:path';

const root = join(import.meta.dirname, '..');

/** Who may import whom. A service may import every lib. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  http: ['domain'],
  settings: [],
  sources: ['domain', 'http'],
  channels: ['domain', 'http'],
  telemetry: ['settings'],
  documents: ['domain'],
  storage: ['domain', 'settings'],
  queues: ['domain', 'http', 'settings', 'telemetry'],
  runtime: ['settings', 'telemetry'],
  // What several services put together from the libs above.
  company: ['domain', 'documents', 'settings', 'storage', 'telemetry'],
  connections: [
    ...['channels', 'company', 'documents', 'domain', 'http', 'queues', 'runtime'],
    ...['settings', 'sources', 'storage', 'telemetry'],
  ],
};
const withoutNest = ['domain', 'http', 'settings', 'sources', 'channels'];

interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** `libs/domain`, `services/rules`, `test`. */
  readonly home: string;
  readonly imports: readonly string[];
  /** Specs and what only serves them. */
  readonly isTest: boolean;
}

const files: readonly SourceFile[] = ['libs', 'services', 'test']
  .flatMap((top) => readdirSync(join(root, top), { recursive: true, withFileTypes: true }))
  .filter(
    (entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.parentPath.includes('node_modules'),
  )
  .map((entry) => {
    const path = relative(root, join(entry.parentPath, entry.name));
    const text = readFileSync(join(root, path), 'utf8');
    return {
      path,
      text,
      home: path.startsWith('test/') ? 'test' : path.split('/').slice(0, 2).join('/'),
      imports: [...text.matchAll(/^(?:import|export)\b[^;]*?from '([^']+)'|\bimport\('([^']+)'\)/gm)].flatMap(
        ([, one, other]) => one ?? other ?? [],
      ),
      isTest: /^test\/|\.(int-)?spec\.tsx?$|\.fixture\.ts$|\/(conformance|testing)\.ts$/.test(path),
    };
  });

/** The paths of files with an import that breaks the rule, with that import. */
const offenders = (
  breaks: (file: SourceFile, specifier: string) => boolean,
  among = files,
): readonly string[] =>
  among.flatMap((file) =>
    file.imports
      .filter((specifier) => breaks(file, specifier))
      .map((specifier) => `${file.path} ← ${specifier}`),
  );

/** Where an import leads: `libs/domain`, `services/rules`, or a package's name. */
const target = (file: SourceFile, specifier: string): string => {
  if (specifier.startsWith('#')) return `libs/${/^#([a-z]+)/.exec(specifier)?.[1] ?? ''}`;
  if (!specifier.startsWith('.')) return specifier;
  return normalize(join(file.path, '..', specifier))
    .split('/')
    .slice(0, 2)
    .join('/');
};

describe('the architecture', () => {
  it('knows every lib', () => {
    const libs = readdirSync(join(root, 'libs'));

    expect(libs.sort()).toEqual(Object.keys(allowed).sort());
  });

  it('lets libs import what the table allows', () => {
    const breaks = (file: SourceFile, specifier: string): boolean => {
      const to = target(file, specifier);
      if (file.isTest || !file.home.startsWith('libs/') || to === file.home) return false;
      const lib = file.home.slice('libs/'.length);
      return (
        to.startsWith('services/') ||
        (to.startsWith('libs/') && !allowed[lib]?.includes(to.slice('libs/'.length)))
      );
    };

    expect(offenders(breaks)).toEqual([]);
  });

  it('lets no folder reach into another by a relative path', () => {
    const breaks = (file: SourceFile, specifier: string): boolean =>
      specifier.startsWith('.') && target(file, specifier) !== file.home;

    // The command line is made of the services.
    const others = files.filter(({ home }) => home !== 'test' && home !== 'services/carillon');
    expect(offenders(breaks, others)).toEqual([]);
  });

  it('lets no service import another, except the one that is all of them', () => {
    const breaks = (file: SourceFile, specifier: string): boolean => {
      const to = target(file, specifier);
      return file.home.startsWith('services/') && to.startsWith('services/') && to !== file.home;
    };

    expect(
      offenders(
        breaks,
        files.filter(({ home }) => home !== 'services/carillon'),
      ),
    ).toEqual([]);
  });

  it('lets no plugin import another', () => {
    const plugin = (path: string): string | undefined =>
      /^libs\/(?:sources|channels)\/src\/[a-z-]+(?=\/)/.exec(path)?.[0];
    const breaks = (file: SourceFile, specifier: string): boolean => {
      const from = plugin(file.path);
      const to = specifier.startsWith('.') ? plugin(normalize(join(file.path, '..', specifier))) : undefined;
      return from !== undefined && to !== undefined && from !== to;
    };

    expect(offenders(breaks)).toEqual([]);
  });

  it('keeps simulators and test kits out of what runs', () => {
    const breaks = (file: SourceFile, specifier: string): boolean =>
      !file.isTest &&
      file.home !== 'services/sandbox' &&
      !/\/simulat(or|ors|ion)\b|bad-replies/.test(file.path) &&
      /\/(simulator|simulators|simulation|conformance|testing)(\.js)?$/.test(specifier);

    expect(offenders(breaks)).toEqual([]);
  });

  it('keeps Nest out of what knows no processes', () => {
    const inner = files.filter(({ home }) => withoutNest.some((lib) => home === `libs/${lib}`));

    expect(offenders((_, specifier) => specifier.startsWith('@nestjs/'), inner)).toEqual([]);
  });

  it('reads the environment in one place', () => {
    // `main.ts` only hands it over.
    const places = /^libs\/settings\/|^libs\/telemetry\/src\/boot\.ts$|^services\/[a-z]+\/src\/main\.ts$/;

    const readers = files.filter(({ text, isTest }) => !isTest && /\bprocess\.env\b/.test(text));

    expect(readers.map(({ path }) => path).filter((path) => !places.test(path))).toEqual([]);
  });

  it('has no drawer for odds and ends', () => {
    const drawers = files.filter(({ path }) =>
      /(^|\/)(common|shared|core|utils?|helpers?)(\/|\.ts$)/.test(path),
    );

    expect(drawers.map(({ path }) => path)).toEqual([]);
  });
});
