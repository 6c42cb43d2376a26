import type { ChannelPlugin } from '#channels';
import type { Delivery } from '#storage';

/** Where a delivery goes that has no room, in the channel's own words for it, or by the texts of its target. */
export const placeText = (
  { target, destination }: Pick<Delivery, 'target' | 'destination'>,
  plugin: ChannelPlugin | undefined,
): string => {
  const { channel: _, ...to } = target;
  if (plugin?.shown) return plugin.shown(to);
  const values = Object.values(to).filter((value) => typeof value === 'string');
  return values.join(' ') || destination;
};
