import { type Token, syntaxError, tokensOf } from './query-tokens.js';

const operators = ['=', '<', '>', '<=', '>=', '!=', 'IN', 'LIKE'] as const;
type Operator = (typeof operators)[number];

export interface Comparison {
  readonly column: string;
  readonly operator: Operator;
  /** One value, or the list of an IN. */
  readonly values: readonly string[];
}

export interface Query {
  readonly columns: 'all' | 'count' | readonly string[];
  readonly module: string;
  /** Alternatives, of which each is a list of comparisons that all hold: AND binds tighter than OR. Undefined without a WHERE. */
  readonly where: readonly (readonly Comparison[])[] | undefined;
  readonly order: { readonly columns: readonly string[]; readonly descending: boolean };
  readonly offset: number;
  /** Never above `mostRows`. */
  readonly count: number;
}

/** More is silently capped to this, and it is the LIMIT of a query that has none. */
const mostRows = 100;

const reserved = new Set(
  [
    'SELECT',
    'FROM',
    'WHERE',
    'AND',
    'OR',
    'ORDER',
    'BY',
    'ASC',
    'DESC',
    'LIMIT',
    'IN',
    'LIKE',
    'NOT',
    'IS',
  ].concat(['NULL', 'GROUP', 'HAVING', 'JOIN', 'UNION', 'DISTINCT', 'BETWEEN']),
);

/**
 * Reads a query of the web service (vtiger 7.x, `include/Webservices`; the cloud says it has the same language):
 *
 *     SELECT * | count(*) | column[, column…] FROM Module
 *       [WHERE comparison (AND|OR comparison)*] [ORDER BY column[, column…] [ASC|DESC]] [LIMIT n | LIMIT offset, count];
 *
 * There are no parentheses but those of IN and count, no joins, groups, functions, NOT, IS NULL. Keywords may be written in any case, names
 * may not. Throws `QUERY_SYNTAX_ERROR`.
 */
export function parseQuery(text: string): Query {
  return new Reader(tokensOf(text)).query();
}

class Reader {
  #at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  query(): Query {
    this.#keyword('SELECT');
    const columns = this.#columns();
    this.#keyword('FROM');
    const module = this.#name();
    const where = this.#takesKeyword('WHERE') ? this.#alternatives() : undefined;
    const order = this.#order();
    const limit = this.#limit();
    this.#sign(';');
    if (this.#next.kind !== 'end') throw this.#error();
    return { columns, module, where, order, ...limit };
  }

  #columns(): Query['columns'] {
    if (this.#takes('*')) return 'all';
    const first = this.#name();
    if (first.toUpperCase() === 'COUNT' && this.#takes('(')) {
      this.#sign('*');
      this.#sign(')');
      return 'count';
    }
    return [first, ...this.#more(() => this.#name())];
  }

  #alternatives(): Comparison[][] {
    const alternatives = [[this.#comparison()]];
    for (;;) {
      if (this.#takesKeyword('AND')) alternatives.at(-1)?.push(this.#comparison());
      else if (this.#takesKeyword('OR')) alternatives.push([this.#comparison()]);
      else return alternatives;
    }
  }

  #comparison(): Comparison {
    const column = this.#name();
    const operator = operators.find((each) => each === this.#next.text.toUpperCase());
    if (operator === undefined || this.#next.kind === 'string') throw this.#error();
    this.#at += 1;
    if (operator !== 'IN') return { column, operator, values: [this.#value()] };
    this.#sign('(');
    const values = [this.#value(), ...this.#more(() => this.#value())];
    this.#sign(')');
    return { column, operator, values };
  }

  #order(): Query['order'] {
    if (!this.#takesKeyword('ORDER')) return { columns: [], descending: false };
    this.#keyword('BY');
    const columns = [this.#name(), ...this.#more(() => this.#name())];
    const descending = this.#takesKeyword('DESC');
    if (!descending) this.#takesKeyword('ASC');
    return { columns, descending };
  }

  #limit(): { offset: number; count: number } {
    if (!this.#takesKeyword('LIMIT')) return { offset: 0, count: mostRows };
    const first = this.#integer();
    const second = this.#takes(',') ? this.#integer() : undefined;
    return { offset: second === undefined ? 0 : first, count: Math.min(mostRows, second ?? first) };
  }

  #more<T>(read: () => T): T[] {
    const more: T[] = [];
    while (this.#takes(',')) more.push(read());
    return more;
  }

  #value(): string {
    const { kind, text } = this.#next;
    if (kind !== 'string' && kind !== 'integer') throw this.#error();
    this.#at += 1;
    return text;
  }

  #integer(): number {
    const { kind, text } = this.#next;
    if (kind !== 'integer') throw this.#error();
    this.#at += 1;
    return Number(text);
  }

  #name(): string {
    const { kind, text } = this.#next;
    if (kind !== 'word' || reserved.has(text.toUpperCase())) throw this.#error();
    this.#at += 1;
    return text;
  }

  #keyword(word: string): void {
    if (!this.#takesKeyword(word)) throw this.#error();
  }

  #takesKeyword(word: string): boolean {
    const is = this.#next.kind === 'word' && this.#next.text.toUpperCase() === word;
    if (is) this.#at += 1;
    return is;
  }

  #sign(sign: string): void {
    if (!this.#takes(sign)) throw this.#error();
  }

  #takes(sign: string): boolean {
    const is = this.#next.kind === 'sign' && this.#next.text === sign;
    if (is) this.#at += 1;
    return is;
  }

  get #next(): Token {
    const token = this.tokens[this.#at] ?? this.tokens.at(-1);
    if (!token) throw new RangeError('a query has an end');
    return token;
  }

  #error(): Error {
    return syntaxError(this.#next.line, this.#next.source);
  }
}
