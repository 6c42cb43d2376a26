import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { channels, type Channel, type ChannelPlugin } from '#channels';
import type { ChannelDocument, SourceDocument } from '#documents';
import {
  createHttpClient,
  type ConcurrencyLimit,
  type HttpCall,
  type HttpClient,
  type NamedLimit,
} from '#http';
import { resolveSettings, SecretError, type Secrets } from '#settings';
import type { Accounts } from '#storage';
import { sources, type Source, type SourcePlugin } from '#sources';
import { createLogger, recordRemoteCall } from '#telemetry';
import type { CallCounter } from './call-counter.js';

const log = createLogger('connections');

/** Makes the HTTP client of one connection. */
export type WayOut = typeof createHttpClient;

/** A source that is ready to be asked. */
export interface ConnectedSource {
  readonly plugin: SourcePlugin;
  readonly source: Source;
  readonly http: HttpClient;
}

/** A channel that is ready to be written to. */
export interface ConnectedChannel {
  readonly plugin: ChannelPlugin;
  readonly channel: Channel;
  readonly http: HttpClient;
}

/** A document names a plugin that this build does not have. Documents are checked before, so only a downgrade comes here. */
export class UnknownPluginError extends Error {
  override readonly name = 'UnknownPluginError';
}

/** How long a connection keeps the secrets it was made with: a rotated one is taken up within this time. */
const KEEP_MS = 5 * 60_000;

/** Connects Source and Channel documents to their plugins, with their secrets. A document that changed is connected anew. */
export class Vendors {
  readonly #sources = new Map<string, Kept<ConnectedSource>>();
  readonly #channels = new Map<string, Kept<ConnectedChannel>>();
  /** A way out has pools of connections, and knows no secret: it outlives the connections that are made anew for theirs. */
  readonly #ways = new Map<string, HttpClient>();
  /** Fingerprints of the settings with their secrets: those of each connection, and those that a channel was refused with the last time. */
  readonly #madeWith = new WeakMap<ConnectedSource | ConnectedChannel, string>();
  readonly #refusedWith = new Map<string, string>();

  constructor(
    private readonly secrets: Secrets,
    /** The way out; another one for tests, which have less patience than vendors need. */
    private readonly wayOut: WayOut = createHttpClient,
    /** Where replicas share the limits of single calls; each keeps them by itself without it. */
    private readonly accounts?: Pick<Accounts, 'reserve' | 'enter' | 'leave'>,
    /** Who counts the calls of each connection; nobody without it. */
    private readonly counter?: Pick<CallCounter, 'note' | 'noteCredentials'>,
  ) {}

  source(document: SourceDocument): Promise<ConnectedSource> {
    return kept(this.#sources, document, async () => {
      const plugin = await sources.get(document.type)?.();
      if (!plugin) throw new UnknownPluginError(`there is no source plugin ${document.type}`);
      const http = this.#way(document.name, `source ${document.name} ${plugin.id}`, {
        system: plugin.id,
        ...(plugin.quotaUsed ? { quotaUsed: plugin.quotaUsed } : {}),
        limit: plugin.limit,
      });
      const resolved = await resolveSettings(document.settings, this.secrets);
      const source = plugin.connect(plugin.settings.parse(resolved), http);
      this.counter?.noteCredentials(document.name, resolved);
      return this.#known({ plugin, source, http }, resolved);
    });
  }

  channel(document: ChannelDocument): Promise<ConnectedChannel> {
    return kept(this.#channels, document, async () => {
      const plugin = await channels.get(document.type)?.();
      if (!plugin) throw new UnknownPluginError(`there is no channel plugin ${document.type}`);
      // The account's limit is kept in Postgres for all replicas together, not here.
      const { accounts } = this;
      const http = this.#way(document.name, `channel ${document.name} ${plugin.id}`, {
        system: plugin.id,
        ...(accounts
          ? {
              turn: (limit, signal) => turnOf(accounts, document.name, limit, signal),
              enter: (limit, signal) => placeOf(accounts, plugin.id, limit, signal),
            }
          : {}),
      });
      const resolved = await resolveSettings(document.settings, this.secrets);
      const channel = plugin.connect(plugin.settings.parse(resolved), http);
      this.counter?.noteCredentials(document.name, resolved);
      return this.#known({ plugin, channel, http }, resolved);
    });
  }

  /**
   * Its credentials were refused: the next to ask for it gets one with the secrets as they are then. Returns whether these are others by now
   * than those it was made with.
   */
  async refused(
    document: SourceDocument | ChannelDocument,
    connected: ConnectedSource | ConnectedChannel,
  ): Promise<boolean> {
    for (const connections of [this.#sources, this.#channels])
      for (const [name, kept] of connections) if (kept.made === connected) connections.delete(name);
    this.secrets.renew();
    const usedThen = this.#madeWith.get(connected);
    if (usedThen === undefined) return false;
    const areOthers = await this.#areOthers(document, usedThen);
    if (areOthers) this.#refusedWith.delete(document.name);
    else if ('channel' in connected) this.#refusedWith.set(document.name, usedThen);
    return areOthers;
  }

  /** Whether a channel has other secrets by now than those that were refused here the last time; said once of each. */
  async isRenewed(document: ChannelDocument): Promise<boolean> {
    const refused = this.#refusedWith.get(document.name);
    if (refused === undefined || !(await this.#areOthers(document, refused))) return false;
    this.#channels.delete(document.name);
    return this.#refusedWith.delete(document.name);
  }

  /** Secrets that are not there are no others. */
  async #areOthers({ settings }: SourceDocument | ChannelDocument, than: string): Promise<boolean> {
    try {
      return fingerprintOf(await resolveSettings(settings, this.secrets)) !== than;
    } catch (error) {
      if (error instanceof SecretError) return false;
      throw error;
    }
  }

  #known<Connected extends ConnectedSource | ConnectedChannel>(
    connected: Connected,
    resolved: unknown,
  ): Connected {
    this.#madeWith.set(connected, fingerprintOf(resolved));
    return connected;
  }

  #way(connection: string, name: string, options: Parameters<WayOut>[0]): HttpClient {
    const onCall = (call: HttpCall): void => {
      measure(call);
      this.counter?.note(connection, call);
    };
    const http = this.#ways.get(name) ?? this.wayOut({ ...options, onCall });
    this.#ways.set(name, http);
    return http;
  }
}

interface Kept<Connected> {
  readonly key: string;
  readonly until: number;
  readonly connected: Promise<Connected>;
  made?: Connected;
}

function kept<Connected>(
  connections: Map<string, Kept<Connected>>,
  document: {
    readonly name: string;
    readonly type: string;
    readonly settings: Readonly<Record<string, unknown>>;
  },
  connect: () => Promise<Connected>,
): Promise<Connected> {
  const key = JSON.stringify([document.type, document.settings]);
  const known = connections.get(document.name);
  if (known && known.key === key && known.until > performance.now()) return known.connected;
  const connected = connect();
  const entry: Kept<Connected> = { key, until: performance.now() + KEEP_MS, connected };
  connections.set(document.name, entry);
  connected.then(
    (made) => (entry.made = made),
    // A failed connection is not kept: the secret may be there the next time.
    () => connections.delete(document.name),
  );
  return connected;
}

const fingerprintOf = (resolved: unknown): string =>
  createHash('sha256').update(JSON.stringify(resolved)).digest('base64');

async function turnOf(
  accounts: Pick<Accounts, 'reserve'>,
  channel: string,
  limit: NamedLimit,
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  const waitMs = await accounts.reserve(channel, limit);
  if (waitMs > 0) await sleep(waitMs, undefined, signal ? { signal } : {});
}

/** Between two looks for a free place; not all look at the same moment. */
const LOOK_MS = 60;

/** A place among a vendor's calls that are on their way, whichever document or replica began them. */
async function placeOf(
  accounts: Pick<Accounts, 'enter' | 'leave'>,
  plugin: string,
  limit: ConcurrencyLimit,
  signal: AbortSignal | undefined,
): Promise<() => void> {
  for (;;) {
    signal?.throwIfAborted();
    const place = await accounts.enter(plugin, limit);
    if (place)
      return () => {
        // Where it cannot be given back it ends by itself.
        accounts.leave(place).catch((error: unknown) => log.warn('place not given back', { plugin, error }));
      };
    await sleep(LOOK_MS * (0.5 + Math.random()), undefined, signal ? { signal } : {});
  }
}

/** Each call as a metric; in the log for whoever asks for it, where it is one of thousands, and always where it failed. */
const measure = ({ system, method, host, label, status, reason, durationMs }: HttpCall): void => {
  recordRemoteCall(system, reason ?? 'ok', durationMs);
  const fields = { system, method, host, label, status, durationMs: Math.round(durationMs) };
  if (reason === undefined) log.debug('remote call', fields);
  else log.info('remote call failed', { ...fields, reason });
};
