import type { FactKind } from '#domain';
import type { z } from 'zod';
import type { RawDocument } from './raw-document.js';

/** What checking must know of a source plugin. */
export interface SourceShape {
  readonly settings: z.ZodType;
  readonly emits: readonly FactKind[];
  /** What a record of each kind looks like, for mappings to be tried on: the attributes of a fact. */
  readonly examples?: Readonly<Partial<Record<FactKind, Readonly<Record<string, unknown>>>>>;
}

/** What checking must know of a channel plugin. */
export interface ChannelShape {
  readonly settings: z.ZodType;
  /** What `to` may say beyond `channel` where it is no room. */
  readonly destination: z.ZodType;
  /** Messages, records of its own, or rows of any table; not looked at where it is absent. */
  readonly takes?: 'messages' | 'records' | 'table';
  /** What a destination names that the settings of the channel's document do not have. */
  missing?(
    destination: Readonly<Record<string, unknown>>,
    settings: Readonly<Record<string, unknown>>,
  ): readonly { readonly key: string; readonly message: string; readonly remedy: string }[];
}

/** The plugins that there are, by their id: the `type` of a document. One that is not loaded is known by its id alone. */
export interface Plugins {
  readonly sources: ReadonlyMap<string, SourceShape | undefined>;
  readonly channels: ReadonlyMap<string, ChannelShape | undefined>;
}

/** How each plugin is loaded, by its id. */
interface PluginRegistries {
  readonly sources: ReadonlyMap<string, () => Promise<SourceShape>>;
  readonly channels: ReadonlyMap<string, () => Promise<ChannelShape>>;
}

/** Loads the plugins that documents name, as checking them needs; every one where no documents are given. */
export async function loadPlugins(
  { sources, channels }: PluginRegistries,
  documents?: readonly RawDocument[],
): Promise<Plugins> {
  const named = (kind: string, id: string): boolean =>
    documents?.some((document) => document.kind === kind && document.content.type === id) ?? true;
  const [some, others] = await Promise.all([
    loaded(sources, (id) => named('Source', id)),
    loaded(channels, (id) => named('Channel', id)),
  ]);
  return { sources: some, channels: others };
}

const loaded = async <Shape>(
  registry: ReadonlyMap<string, () => Promise<Shape>>,
  isWanted: (id: string) => boolean,
): Promise<ReadonlyMap<string, Shape | undefined>> =>
  new Map(
    await Promise.all(
      [...registry].map(async ([id, load]) => [id, isWanted(id) ? await load() : undefined] as const),
    ),
  );
