import { jqlError, tokensOf, type Token } from './tokens.js';

type Operator = '=' | '!=' | '>' | '>=' | '<' | '<=' | '~' | '!~' | 'in' | 'not in' | 'is' | 'is not';

export type Operand =
  { readonly text: string; readonly quoted: boolean } | { readonly function: string } | 'empty';

export interface Comparison {
  readonly kind: 'comparison';
  readonly field: string;
  readonly operator: Operator;
  readonly operands: readonly Operand[];
}

export type Condition =
  | Comparison
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition };

interface Order {
  readonly field: string;
  readonly descending: boolean;
}

export interface Jql {
  /** Absent where the query names an order only. */
  readonly where?: Condition;
  readonly orderBy: readonly Order[];
}

const keywords = new Set(['and', 'or', 'not', 'in', 'is', 'empty', 'null', 'order', 'by', 'asc', 'desc']);

/** Throws 400 where the query is not understood. */
export function parseJql(jql: string): Jql {
  return new Parser(tokensOf(jql)).query();
}

class Parser {
  #next = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  query(): Jql {
    const where = this.#at('order') || this.tokens.length === 0 ? undefined : this.#any();
    const orderBy = this.#take('order') ? this.#order() : [];
    const rest = this.tokens[this.#next];
    if (rest) throw jqlError(`Expecting either 'OR' or 'AND' but got '${rest.text}'.`, rest.at);
    return { ...(where ? { where } : {}), orderBy };
  }

  #any(): Condition {
    const parts = [this.#all()];
    while (this.#take('or')) parts.push(this.#all());
    return this.#joined('or', parts);
  }

  #all(): Condition {
    const parts = [this.#one()];
    while (this.#take('and')) parts.push(this.#one());
    return this.#joined('and', parts);
  }

  #joined(kind: 'and' | 'or', parts: readonly Condition[]): Condition {
    const [only, ...more] = parts;
    return only && more.length === 0 ? only : { kind, parts };
  }

  #one(): Condition {
    if (this.#take('not')) return { kind: 'not', part: this.#one() };
    if (this.#takeSign('(')) {
      const inner = this.#any();
      this.#demandSign(')');
      return inner;
    }
    const field = this.#name();
    const operator = this.#operator();
    const many = operator === 'in' || operator === 'not in';
    return { kind: 'comparison', field, operator, operands: many ? this.#list() : [this.#operand()] };
  }

  #operator(): Operator {
    const token = this.tokens[this.#next];
    this.#next += 1;
    const word = token?.text.toLowerCase();
    if (token?.kind === 'sign' && /^(=|!=|>|>=|<|<=|~|!~)$/.test(token.text)) return token.text as Operator;
    if (token?.kind === 'word' && word === 'in') return 'in';
    if (token?.kind === 'word' && word === 'not' && this.#take('in')) return 'not in';
    if (token?.kind === 'word' && word === 'is') return this.#take('not') ? 'is not' : 'is';
    throw jqlError(
      `Expecting operator but got '${token?.text ?? ''}'. The valid operators are '=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'.`,
      token?.at,
    );
  }

  #list(): readonly Operand[] {
    this.#demandSign('(');
    const operands = [this.#operand()];
    while (this.#takeSign(',')) operands.push(this.#operand());
    this.#demandSign(')');
    return operands;
  }

  #operand(): Operand {
    const token = this.tokens[this.#next];
    this.#next += 1;
    if (!token || token.kind === 'sign')
      throw jqlError('Expecting either a value, list or function.', token?.at);
    if (token.kind === 'string') return { text: token.text, quoted: true };
    if (/^(empty|null)$/i.test(token.text)) return 'empty';
    if (keywords.has(token.text.toLowerCase()))
      throw jqlError(
        `'${token.text}' is a reserved JQL word. You must surround it in quotation marks.`,
        token.at,
      );
    if (!this.#takeSign('(')) return { text: token.text, quoted: false };
    this.#demandSign(')');
    return { function: token.text };
  }

  #order(): readonly Order[] {
    if (!this.#take('by')) throw jqlError("Expecting 'BY' after 'ORDER'.");
    const orders: Order[] = [];
    do {
      const field = this.#name();
      const descending = this.#take('desc');
      if (!descending) this.#take('asc');
      orders.push({ field, descending });
    } while (this.#takeSign(','));
    return orders;
  }

  #name(): string {
    const token = this.tokens[this.#next];
    this.#next += 1;
    if (!token || token.kind === 'sign' || (token.kind === 'word' && keywords.has(token.text.toLowerCase())))
      throw jqlError(`Expecting a field name but got '${token?.text ?? ''}'.`, token?.at);
    return token.text;
  }

  #at(word: string): boolean {
    const token = this.tokens[this.#next];
    return token?.kind === 'word' && token.text.toLowerCase() === word;
  }

  #take(word: string): boolean {
    if (!this.#at(word)) return false;
    this.#next += 1;
    return true;
  }

  #takeSign(sign: string): boolean {
    const token = this.tokens[this.#next];
    if (token?.kind !== 'sign' || token.text !== sign) return false;
    this.#next += 1;
    return true;
  }

  #demandSign(sign: string): void {
    if (this.#takeSign(sign)) return;
    const token = this.tokens[this.#next];
    throw jqlError(`Expecting '${sign}' but got '${token?.text ?? ''}'.`, token?.at);
  }
}
