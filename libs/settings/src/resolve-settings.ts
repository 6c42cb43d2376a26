import { SecretError, type MissingSecret, type Secrets } from './secrets.js';

/**
 * Puts secrets in the place of `{ secret: name }` and `{ aws: name, key: name }` anywhere in a plugin's settings. What comes back goes to `plugin.settings.parse` and
 * nowhere else.
 * @throws SecretError naming every secret that is missing
 */
export async function resolveSettings(
  settings: unknown,
  secrets: Pick<Secrets, 'resolve'>,
): Promise<unknown> {
  const missing: MissingSecret[] = [];
  const resolve = async (value: unknown): Promise<unknown> => {
    if (Array.isArray(value)) return Promise.all(value.map(resolve));
    if (typeof value !== 'object' || value === null) return value;
    const name = referredName(value);
    if (name === undefined) {
      const entries = Object.entries(value).map(
        async ([key, inside]) => [key, await resolve(inside)] as const,
      );
      return Object.fromEntries(await Promise.all(entries));
    }
    try {
      return (await secrets.resolve(name)).reveal();
    } catch (error) {
      if (!(error instanceof SecretError)) throw error;
      missing.push(...error.missing);
      return undefined;
    }
  };
  const resolved = await resolve(settings);
  if (missing.length > 0) throw new SecretError(missing);
  return resolved;
}

/** As `secretReferences` of the documents names them. */
function referredName(value: object): string | undefined {
  const { secret, aws, key, ...others } = value as Readonly<Record<string, unknown>>;
  if (Object.keys(others).length > 0) return undefined;
  if (typeof secret === 'string' && aws === undefined && key === undefined) return secret;
  if (typeof aws !== 'string' || secret !== undefined) return undefined;
  return key === undefined ? `aws:${aws}` : typeof key === 'string' ? `aws:${aws}#${key}` : undefined;
}
