import { channels, type ChannelPlugin } from '#channels';
import type { Configuration } from '#documents';

/** The plugin behind a channel, by the name that documents have for it; undefined where none has that name, or nothing is of its type. */
export const channelPluginOf = async (
  { channels: documents }: Pick<Configuration, 'channels'>,
  name: string | undefined,
): Promise<ChannelPlugin | undefined> =>
  channels.get(documents.find((one) => one.name === name)?.type ?? '')?.();
