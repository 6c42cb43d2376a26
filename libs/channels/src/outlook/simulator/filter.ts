import { propertyId } from './extended-properties.js';
import { badRequest } from './graph-error.js';
import { markOfMessageId, markOfProperty } from './mail-store.js';
import { conversationIdOf } from './message-resource.js';
import type { MailMessage } from './state.js';

type Read = (message: MailMessage) => string | boolean;

/** What can be compared, and as what. A time is compared as an instant. */
const comparable: Readonly<Record<string, { readonly kind: 'time' | 'text' | 'flag'; readonly read: Read }>> =
  {
    receivedDateTime: { kind: 'time', read: ({ receivedAt }) => receivedAt },
    sentDateTime: { kind: 'time', read: ({ sentAt, createdAt }) => sentAt ?? createdAt },
    createdDateTime: { kind: 'time', read: ({ createdAt }) => createdAt },
    lastModifiedDateTime: { kind: 'time', read: ({ modifiedAt }) => modifiedAt },
    isDraft: { kind: 'flag', read: ({ isDraft }) => isDraft },
    isRead: { kind: 'flag', read: ({ isRead }) => isRead },
    subject: { kind: 'text', read: ({ content }) => content.subject },
    importance: { kind: 'text', read: ({ content }) => content.importance },
    internetMessageId: { kind: 'text', read: ({ content }) => content.internetMessageId },
    conversationId: { kind: 'text', read: conversationIdOf },
    'from/emailAddress/address': { kind: 'text', read: ({ content }) => content.from?.address ?? '' },
  };

export const sortable = [
  'receivedDateTime',
  'sentDateTime',
  'createdDateTime',
  'lastModifiedDateTime',
  'subject',
  'importance',
  'isRead',
];

/** What a message is sorted by. */
export const sortValue = (message: MailMessage, property: string): string =>
  String(comparable[property]?.read(message) ?? '');

export interface MessageFilter {
  readonly test: (message: MailMessage) => boolean;
  /** The properties in the order in which they are named. */
  readonly properties: readonly string[];
  /** A mark that every match has, for finding them quickly. */
  readonly mark?: string;
}

const signs: Readonly<Record<string, (one: number, other: number) => boolean>> = {
  eq: (one, other) => one === other,
  ne: (one, other) => one !== other,
  gt: (one, other) => one > other,
  ge: (one, other) => one >= other,
  lt: (one, other) => one < other,
  le: (one, other) => one <= other,
};

const token =
  /\s*('(?:[^']|'')*'|\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?|[A-Za-z_][\w/]*|[():,])/y;

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.trimEnd().length) {
    const [, found] = token.exec(text) ?? [];
    if (found === undefined) throw badRequest(`Invalid filter clause: '${text}'.`);
    tokens.push(found);
  }
  return tokens;
}

/**
 * The part of OData's filters that is known here: comparisons, `startswith`, `and`, `or`, `not`, brackets, and `any` over categories and
 * single-value extended properties. Throws `BadRequest` for anything else.
 * https://learn.microsoft.com/graph/filter-query-parameter [D]
 */
export function messageFilter(text: string): MessageFilter {
  const parser = new Parser(text, tokensOf(text));
  return parser.whole();
}

class Parser {
  #at = 0;

  constructor(
    private readonly text: string,
    private readonly tokens: readonly string[],
  ) {}

  whole(): MessageFilter {
    const filter = this.#either();
    if (this.#at < this.tokens.length) throw this.#bad();
    return filter;
  }

  #either(): MessageFilter {
    let left = this.#both();
    while (this.#take('or')) {
      const [one, other] = [left, this.#both()];
      left = {
        test: (message) => one.test(message) || other.test(message),
        properties: [...one.properties, ...other.properties],
      };
    }
    return left;
  }

  #both(): MessageFilter {
    let left = this.#one();
    while (this.#take('and')) {
      const [one, other] = [left, this.#one()];
      const mark = one.mark ?? other.mark;
      left = {
        test: (message) => one.test(message) && other.test(message),
        properties: [...one.properties, ...other.properties],
        ...(mark === undefined ? {} : { mark }),
      };
    }
    return left;
  }

  #one(): MessageFilter {
    if (this.#take('not')) {
      const { test, properties } = this.#one();
      return { test: (message) => !test(message), properties };
    }
    if (this.#take('(')) {
      const inner = this.#either();
      this.#demand(')');
      return inner;
    }
    const name = this.#next();
    if (name === 'startswith') return this.#startsWith();
    const [, list] = /^(singleValueExtendedProperties|categories)\/[aA]ny$/.exec(name) ?? [];
    if (list === 'categories') return this.#anyCategory();
    if (list !== undefined) return this.#anyProperty();
    return this.#comparison(name);
  }

  #comparison(name: string): MessageFilter {
    const property = comparable[name];
    if (!property)
      throw badRequest(`Could not find a property named '${name}' on type 'microsoft.graph.message'.`);
    const sign = this.#next();
    const compare = signs[sign];
    if (!compare || (property.kind !== 'time' && sign !== 'eq' && sign !== 'ne')) throw this.#bad();
    const literal = this.#next();
    const { read } = property;
    if (property.kind === 'time') {
      const bound = /^\d{4}-/.test(literal) ? Date.parse(literal) : Number.NaN;
      if (Number.isNaN(bound)) throw this.#bad();
      return { properties: [name], test: (message) => compare(Date.parse(String(read(message))), bound) };
    }
    if (property.kind === 'flag' && literal !== 'true' && literal !== 'false') throw this.#bad();
    const value = property.kind === 'flag' ? literal === 'true' : this.#unquoted(literal);
    return {
      properties: [name],
      test: (message) => (read(message) === value) === (sign === 'eq'),
      ...(name === 'internetMessageId' && sign === 'eq' ? { mark: markOfMessageId(String(value)) } : {}),
    };
  }

  #startsWith(): MessageFilter {
    this.#demand('(');
    const name = this.#next();
    const property = comparable[name];
    if (property?.kind !== 'text') throw this.#bad();
    this.#demand(',');
    const start = this.#unquoted(this.#next());
    this.#demand(')');
    return { properties: [name], test: (message) => String(property.read(message)).startsWith(start) };
  }

  /** `categories/any(c:c eq 'x')` */
  #anyCategory(): MessageFilter {
    const variable = this.#variable();
    this.#demand(variable);
    this.#demand('eq');
    const value = this.#unquoted(this.#next());
    this.#demand(')');
    return { properties: ['categories'], test: ({ content }) => content.categories.includes(value) };
  }

  /** `singleValueExtendedProperties/Any(ep: ep/id eq '…' and ep/value eq '…')` */
  #anyProperty(): MessageFilter {
    const variable = this.#variable();
    const wanted = new Map<string, string>();
    do {
      const name = this.#next();
      if (name !== `${variable}/id` && name !== `${variable}/value`) throw this.#bad();
      this.#demand('eq');
      wanted.set(name.slice(variable.length + 1), this.#unquoted(this.#next()));
    } while (this.#take('and'));
    this.#demand(')');
    const [id, value] = [wanted.get('id'), wanted.get('value')];
    // Without the id it would be a search through every property there is. [I]
    if (id === undefined || value === undefined) throw this.#bad();
    const known = propertyId(id);
    return {
      properties: ['singleValueExtendedProperties'],
      test: ({ content }) => content.properties.some((one) => one.id === known && one.value === value),
      mark: markOfProperty(known, value),
    };
  }

  #variable(): string {
    this.#demand('(');
    const variable = this.#next();
    if (!/^[A-Za-z_]\w*$/.test(variable)) throw this.#bad();
    this.#demand(':');
    return variable;
  }

  #unquoted(literal: string): string {
    if (!literal.startsWith("'")) throw this.#bad();
    return literal.slice(1, -1).replaceAll("''", "'");
  }

  #next(): string {
    const found = this.tokens[this.#at];
    if (found === undefined) throw this.#bad();
    this.#at += 1;
    return found;
  }

  #take(wanted: string): boolean {
    if (this.tokens[this.#at] !== wanted) return false;
    this.#at += 1;
    return true;
  }

  #demand(wanted: string): void {
    if (!this.#take(wanted)) throw this.#bad();
  }

  #bad() {
    return badRequest(`Invalid filter clause: '${this.text}'.`);
  }
}
