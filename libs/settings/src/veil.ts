/** What stands where a secret stood. */
const shown = '[secret]';

/** Shorter ones would hide ordinary words. */
const SHORTEST = 8;
/** Passwords in URLs are also made by people: `carillon` must not vanish from every sentence. */
const SHORTEST_PASSWORD = 12;

const known = new Set<string>();
let pattern: RegExp | undefined;

/** From now on `veil` hides this secret, and every part of it that opens a door by itself. */
export function hide(secret: string): void {
  const before = known.size;
  for (const part of partsOf(secret)) {
    known.add(part);
    known.add(encodeURIComponent(part));
    for (const inside of insideBase64(part)) known.add(inside);
  }
  if (known.size > before) pattern = undefined;
}

/**
 * A text without any secret that this process has come to know, be it plain, encoded for a URL, or part of something in base64 such as
 * `user:token`. For what is about to be shown and was not made by us: a message of a library, a stack.
 */
export function veil(text: string): string {
  if (known.size === 0) return text;
  pattern ??= new RegExp([...known].toSorted(longestFirst).map(escaped).join('|'), 'g');
  return text.replace(pattern, shown);
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

const longestFirst = (one: string, other: string): number => other.length - one.length;

/** The whole, and of what has a known form what is secret in it: a key file's lines, the password and parameters of a URL, what follows `whsec_`. */
function partsOf(secret: string): readonly string[] {
  const whole = secret.length < SHORTEST ? [] : [secret];
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(secret) ? URL.parse(secret) : null;
  if (url) {
    const values = [decoded(url.password), ...url.searchParams.values()];
    return [...whole, ...values.filter(({ length }) => length >= SHORTEST_PASSWORD)];
  }
  const lines = secret.includes('PRIVATE KEY') ? (secret.match(/[A-Za-z0-9+/]{32,}={0,2}/g) ?? []) : [];
  const [, bare] = /^(?:whsec_|xox[a-z]-)(.{12,})$/s.exec(secret) ?? [];
  return [...whole, ...lines, ...(bare === undefined ? [] : [bare])];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone per cent sign: it is as it stands.
    return text;
  }
}

/** How a text looks in the middle of another one that is in base64: three ways, by where it begins. */
const insideBase64 = (text: string): readonly string[] =>
  [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.from(`${'\0'.repeat(before)}${text}`)
      .toString('base64')
      .replace(/=+$/, '');
    // What shares a character with its neighbours differs with them.
    const alone = encoded.slice(before === 0 ? 0 : before + 1, -2);
    return alone.length < SHORTEST ? [] : [alone];
  });
