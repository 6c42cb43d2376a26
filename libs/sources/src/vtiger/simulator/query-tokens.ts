import { Refusal } from './refusal.js';

/** `text` is what the query means, `source` what stands in it. */
export interface Token {
  readonly kind: 'word' | 'integer' | 'string' | 'sign' | 'end';
  readonly text: string;
  readonly source: string;
  readonly line: number;
}

/*
 * A string holds at least one character: the lexer of 7.x knows no empty one, so that `=''` is a syntax error (in the cloud inferred).
 * An inner quote is written twice. An integer is plain: no sign, no point, nothing that goes on as a word.
 */
const pattern =
  /(?<space>\s+)|(?<string>'(?:[^']|'')+'(?!'))|(?<integer>\d+(?![\w.]))|(?<word>[A-Za-z_]\w*)|(?<sign><=|>=|!=|[=<>(),*;])/uy;

/** The tokens of a query and an end; whatever is none of the language is refused. */
export function tokensOf(query: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  pattern.lastIndex = 0;
  while (pattern.lastIndex < query.length) {
    const from = pattern.lastIndex;
    const match = pattern.exec(query);
    if (!match?.groups) throw syntaxError(line, query.slice(from, from + 20));
    const [source] = match;
    const { string, integer, word, sign } = match.groups;
    if (string !== undefined)
      tokens.push({ kind: 'string', text: string.slice(1, -1).replaceAll("''", "'"), source, line });
    else if (integer !== undefined) tokens.push({ kind: 'integer', text: integer, source, line });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, source, line });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign, source, line });
    line += source.split('\n').length - 1;
  }
  return [...tokens, { kind: 'end', text: '', source: '', line }];
}

export const syntaxError = (line: number, token: string): Refusal =>
  new Refusal('QUERY_SYNTAX_ERROR', `Syntax Error on line ${line}: token '${token}'`);
