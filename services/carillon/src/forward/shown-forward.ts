import { channels } from '#channels';
import { CompanyReader } from '#company';
import type { ChannelDocument, Configuration, SourceDocument } from '#documents';
import { secretReferences } from '#documents';
import type { Forward } from '#domain';
import { sources } from '#sources';
import {
  Forwards,
  Occurrences,
  Pulls,
  WriteBatches,
  type Database,
  type Occurrence,
  type SettledForwardRun,
  type StoredPull,
} from '#storage';
import { UsageError } from '../usage-error.js';

/** A system at one end of a flow: where it is, what is called there, and with which keys. */
export interface ShownSystem {
  readonly document: string;
  readonly type: string;
  readonly baseUrl: string | undefined;
  readonly endpoints: readonly string[];
  /** Names of secrets, never what they are. */
  readonly secrets: readonly string[];
}

/** A forward as it is configured, and what its last run came to. */
export interface ShownForward {
  readonly forward: Forward;
  readonly source: ShownSystem;
  readonly channel: ShownSystem;
  /** The run that was looked at last, and the next one that is planned. */
  readonly lastRun: SettledForwardRun | undefined;
  readonly runs: readonly Pick<Occurrence, 'nominal_at' | 'zone' | 'state' | 'detail'>[];
  readonly pull: StoredPull | undefined;
  /** Calls that added rows of the last run, and the rows in them. */
  readonly batches: { readonly calls: number; readonly rows: number };
}

/**
 * Reads what is known of a forward.
 * @throws UsageError where there is none of that name
 */
export async function showForward(database: Database, name: string): Promise<ShownForward> {
  const { configuration } = await new CompanyReader(database).current();
  const forward = configuration.forwards.find((one) => one.name === name);
  if (!forward) throw new UsageError(unknownForward(name, configuration));
  const forwards = new Forwards(database);
  const newest = await forwards.newest(name);
  const [lastRun, runs, pull, batches] = await Promise.all([
    newest && forwards.settled(newest),
    new Occurrences(database).of(name, 3),
    new Pulls(database).latestComplete(forward.source, 'facts', undefined, undefined),
    newest ? new WriteBatches(database).ofRun(newest.id) : { calls: 0, rows: 0 },
  ]);
  const source = configuration.sources.find((one) => one.name === forward.source);
  const channel = configuration.channels.find((one) => one.name === forward.to.channel);
  return {
    forward,
    source: systemOf(
      configuration,
      `Source ${forward.source}`,
      source,
      await sources.get(source?.type ?? '')?.(),
    ),
    channel: systemOf(
      configuration,
      `Channel ${forward.to.channel}`,
      channel,
      await channels.get(channel?.type ?? '')?.(),
    ),
    lastRun,
    runs: runs.map(({ nominal_at, zone, state, detail }) => ({ nominal_at, zone, state, detail })),
    pull,
    batches,
  };
}

function systemOf(
  configuration: Configuration,
  document: string,
  found: SourceDocument | ChannelDocument | undefined,
  plugin: { readonly endpoints?: readonly string[] } | undefined,
): ShownSystem {
  const url = found?.settings['baseUrl'];
  return {
    document,
    type: found?.type ?? '',
    baseUrl: typeof url === 'string' ? url : undefined,
    endpoints: plugin?.endpoints ?? [],
    secrets: secretReferences(configuration)
      .filter((one) => one.document === document)
      .map((one) => one.name),
  };
}

const unknownForward = (name: string, { forwards }: Configuration): string =>
  `There is no forward ${name}; there are: ${forwards.map((one) => one.name).join(', ') || 'none, apply documents first'}.`;
