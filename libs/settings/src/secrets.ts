import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { secretsManager } from './aws-secrets.js';
import { variableOfSecret, type SecretsSettings } from './process-settings.js';
import { Secret } from './secret.js';

/** A secret that cannot be resolved, and what was tried, each with how it went. */
export interface MissingSecret {
  readonly name: string;
  readonly lookedIn: readonly string[];
}

/** Secrets that a configuration names are not there. */
export class SecretError extends Error {
  override readonly name = 'SecretError';
  constructor(readonly missing: readonly MissingSecret[]) {
    super(
      missing.map(({ name, lookedIn }) => `no secret ${name}; looked in ${lookedIn.join(', ')}`).join('\n'),
    );
  }
}

/** One place where secrets are kept. */
export interface SecretStore {
  /** For people who look for a secret: `file /run/secrets/x`. */
  place(name: string): string;
  /** Undefined where it is not there; throws where the place itself does not answer. */
  find(name: string): Promise<string | undefined>;
  /** Forgets what it may have kept: a secret was refused. */
  renew?(): void;
}

/** How the name of what a document places itself begins: `{ aws: carillon/slack, key: botToken }` is `aws:carillon/slack#botToken`. */
const PLACED = 'aws:';

/** Where names of secrets become secrets. What a store keeps is a minute old at most, and forgotten by `renew`: a rotated secret is there at once. */
export class Secrets {
  readonly #stores: readonly SecretStore[];

  /** The first store that has a secret wins. */
  constructor(
    stores: readonly SecretStore[],
    /** For those that a document places in AWS by itself. */
    private readonly aws?: SecretStore,
  ) {
    this.#stores = stores;
  }

  /** What is resolved from now on is no older than this moment. */
  renew(): void {
    for (const store of [...this.#stores, this.aws]) store?.renew?.();
  }

  /** Throws {@link SecretError}. */
  async resolve(name: string): Promise<Secret> {
    const found = await this.#look(name);
    if (found instanceof Secret) return found;
    throw new SecretError([found]);
  }

  /** Those of the names that cannot be resolved. */
  async missing(names: readonly string[]): Promise<readonly MissingSecret[]> {
    const found = await Promise.all([...new Set(names)].map((name) => this.#look(name)));
    return found.filter((one): one is MissingSecret => !(one instanceof Secret));
  }

  async #look(name: string): Promise<Secret | MissingSecret> {
    if (name.startsWith(PLACED)) {
      if (!this.aws) return { name, lookedIn: ['nothing: there is no AWS here'] };
      return this.#lookIn([this.aws], name, name.slice(PLACED.length));
    }
    // Names become parts of paths.
    if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name))
      return { name, lookedIn: ['nothing: a name has lower-case letters, digits and hyphens'] };
    return this.#lookIn(this.#stores, name, name);
  }

  async #lookIn(
    stores: readonly SecretStore[],
    name: string,
    where: string,
  ): Promise<Secret | MissingSecret> {
    const lookedIn: string[] = [];
    for (const store of stores) {
      try {
        const value = await store.find(where);
        if (value) return new Secret(value);
        lookedIn.push(value === '' ? `${store.place(where)} (empty)` : store.place(where));
      } catch (error) {
        // A place that does not answer may hold what wins over the next one.
        lookedIn.push(`${store.place(where)} (${words(error)})`);
        break;
      }
    }
    return { name, lookedIn };
  }
}

/** An error's code or class, never its message: that may quote what was read. */
const words = (error: unknown): string => {
  const { code, name } = error as NodeJS.ErrnoException;
  return code ?? name;
};

/** Environment, then a mounted folder, then AWS Secrets Manager, as far as they are configured. */
export const createSecrets = (settings: SecretsSettings): Secrets =>
  new Secrets(
    [
      variables(settings.variables),
      ...(settings.directory === undefined ? [] : [folder(settings.directory)]),
      ...(settings.aws === undefined ? [] : [secretsManager(settings.aws)]),
    ],
    secretsManager({ ...(settings.aws && { region: settings.aws.region }), prefix: '' }),
  );

const variables = (values: ReadonlyMap<string, Secret>): SecretStore => ({
  place: (name) => `environment ${variableOfSecret(name)}`,
  find: (name) => Promise.resolve(values.get(variableOfSecret(name))?.reveal()),
});

const folder = (directory: string): SecretStore => ({
  place: (name) => `file ${join(directory, name)}`,
  find: async (name) => {
    try {
      // Editors and `echo` end a file with a line break that belongs to no secret.
      return (await readFile(join(directory, name), 'utf8')).replace(/\r?\n$/, '');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  },
});

/** Secrets that are known beforehand: for tests and the sandbox. */
export class MemorySecrets extends Secrets {
  constructor(values: Readonly<Record<string, string>>) {
    super([
      {
        place: () => 'memory',
        find: (name) => Promise.resolve(Object.hasOwn(values, name) ? values[name] : undefined),
      },
    ]);
  }
}
