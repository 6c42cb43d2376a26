import { invalid, type JiraError } from '../jira-error.js';

export type Token =
  | { readonly kind: 'word' | 'string'; readonly text: string; readonly at: number }
  | { readonly kind: 'sign'; readonly text: string; readonly at: number };

export const jqlError = (message: string, at?: number): JiraError =>
  invalid(`Error in the JQL Query: ${message}${at === undefined ? '' : ` (line 1, character ${at + 1})`}`);

const patterns: readonly (readonly [kind: Token['kind'], pattern: RegExp])[] = [
  ['string', /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/y],
  ['word', /issue\.property\[[^\]]+\](?:\.[\w.]+)?/y],
  ['word', /cf\[\d+\]/y],
  ['sign', /!=|!~|>=|<=|=|~|>|<|\(|\)|,/y],
  ['word', /[\p{L}\p{N}_-]+/uy],
];

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
/** What may be escaped in a string; anything else after a backslash is refused. */
const escapable = /["'\\ nrt]/;

/** The words of a query; throws 400 for characters that have to stand in quotes. https://support.atlassian.com/jira-software-cloud/docs/search-syntax-for-text-fields/ */
export function tokensOf(jql: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < jql.length) {
    if (/\s/.test(jql[at] ?? '')) {
      at += 1;
      continue;
    }
    const token = tokenAt(jql, at);
    tokens.push({
      kind: token.kind,
      at,
      text: token.kind === 'string' ? unquoted(token.raw, at) : token.raw,
    });
    at += token.raw.length;
  }
  return tokens;
}

function tokenAt(jql: string, at: number): { readonly kind: Token['kind']; readonly raw: string } {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const raw = pattern.exec(jql)?.[0];
    if (raw !== undefined) return { kind, raw };
  }
  if (jql[at] === '"' || jql[at] === "'") throw jqlError('The quoted string has not been completed.', at);
  throw jqlError(
    `The character '${jql[at] ?? ''}' is a reserved JQL character. You must enclose it in a string.`,
    at,
  );
}

function unquoted(raw: string, at: number): string {
  return raw.slice(1, -1).replace(/\\(.)/g, (sequence, character: string) => {
    if (!escapable.test(character)) throw jqlError(`'${sequence}' is an illegal JQL escape sequence.`, at);
    return escapes[character] ?? character;
  });
}
