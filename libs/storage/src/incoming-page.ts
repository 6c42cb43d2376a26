import { hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Fact, FactKind, Instant } from '#domain';

/** A page of a pull, as its source gave it. */
export interface PulledPage {
  readonly facts: readonly Fact[];
  readonly rejected: readonly {
    readonly kind: FactKind;
    readonly key: string;
    readonly subject?: string;
    readonly why: string;
  }[];
  readonly cursor: string;
}

/** A page with everything that can be made of it before Postgres is asked. It holds none of the source's objects, so they can go. */
export interface IncomingPage {
  readonly columns: FactColumns;
  readonly rejected: PulledPage['rejected'];
  readonly cursor: string;
  /** Of facts, those that came twice counted twice. */
  readonly count: number;
  /** The keys that are on it by kind of fact, rejected ones too, as JSON. */
  readonly seen: string;
}

/** The facts of a page, each once: a text for each column, as Postgres reads an array. */
interface FactColumns {
  readonly kinds: string;
  readonly keys: string;
  readonly hashes: string;
  readonly subjects: string;
  readonly starts: string;
  readonly ends: string;
  readonly amounts: string;
  /** An array of JSON. */
  readonly attributes: string;
}

/** After so many facts others have their turn: Postgres answers for the page before, and must not wait. */
const AT_A_TIME = 100;

/** Makes a page ready to be kept, which is a good part of the work: for whoever has Postgres at work on another meanwhile. */
export async function incomingPage({ facts, rejected, cursor }: PulledPage): Promise<IncomingPage> {
  // Of a key that comes twice the later one is it.
  const unique = [...new Map(facts.map((fact) => [`${fact.kind} ${fact.key}`, fact])).values()];
  const [starts, ends, hashes, attributes]: [string[], string[], string[], string[]] = [[], [], [], []];
  for (const [index, fact] of unique.entries()) {
    if (index % AT_A_TIME === 0) await setImmediate();
    const [from, to] = [textOf(fact.from), textOf(fact.to)];
    starts.push(from);
    ends.push(to);
    hashes.push(hashOf(fact, from, to));
    attributes.push(JSON.stringify(fact.attributes));
  }
  return {
    columns: {
      kinds: arrayOf(unique.map(({ kind }) => kind)),
      keys: arrayOf(unique.map(({ key }) => key)),
      hashes: arrayOf(hashes),
      subjects: arrayOf(unique.map(({ subject }) => subject)),
      starts: arrayOf(starts),
      ends: arrayOf(ends),
      amounts: `{${unique.map(({ amount }) => amount).join(',')}}`,
      attributes: `[${attributes.join(',')}]`,
    },
    rejected,
    cursor,
    count: facts.length,
    // A rejected record is there, whatever it says by now: that it cannot be read does not make it gone.
    seen: JSON.stringify(keysByKind([...facts, ...rejected])),
  };
}

/** As Postgres reads an array of texts. */
function arrayOf(texts: readonly string[]): string {
  if (texts.length === 0) return '{}';
  const isPlain = !/["\\]/.test(texts.join(''));
  return `{"${(isPlain ? texts : texts.map((text) => text.replaceAll(/["\\]/g, '\\$&'))).join('","')}"}`;
}

function keysByKind(
  records: readonly { readonly kind: FactKind; readonly key: string }[],
): Readonly<Partial<Record<FactKind, readonly string[]>>> {
  const keys: Partial<Record<FactKind, string[]>> = {};
  for (const { kind, key } of records) (keys[kind] ??= []).push(key);
  return keys;
}

/** As `toString` gives it, in a tenth of the time where it is a whole second, as nearly all of them are. */
function textOf(instant: Instant): string {
  const ms = instant.epochMilliseconds;
  const isWhole = ms % 1000 === 0 && instant.epochNanoseconds === BigInt(ms) * 1_000_000n;
  const text = isWhole ? new Date(ms).toISOString() : '';
  return text.length === 24 ? `${text.slice(0, 19)}Z` : instant.toString();
}

/** What makes a fact the same as the one we have. */
const hashOf = (fact: Fact, from: string, to: string): string =>
  hash(
    'sha256',
    JSON.stringify([
      fact.subject,
      from,
      to,
      fact.amount,
      Object.entries(fact.attributes).sort(([one], [other]) => (one < other ? -1 : 1)),
    ]),
    'base64url',
  );
