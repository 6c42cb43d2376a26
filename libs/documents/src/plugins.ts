import type { FactKind } from '#domain';
import type { z } from 'zod';

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

/** The plugins that there are, by their id: the `type` of a document. */
export interface Plugins {
  readonly sources: ReadonlyMap<string, SourceShape>;
  readonly channels: ReadonlyMap<string, ChannelShape>;
}
