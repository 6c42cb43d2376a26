import { audiences, type Audience } from '#domain';
import { z } from 'zod';
import { callsPerDayField, expiresOnField, nameField, ownerField, settingsField } from './fields.js';

/** An adapter to where people are. */
export interface ChannelDocument {
  readonly name: string;
  /** The id of a channel plugin. */
  readonly type: string;
  readonly owner?: string;
  /** As written: secrets are still references. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The last local day on which its credentials hold, where somebody has noted it. */
  readonly expiresOn?: string;
  /** How many calls a day the vendor's plan allows, where it has such a limit. */
  readonly callsPerDay?: number;
  /**
   * Who may see what is sent to destinations that are not rooms kept by us. Nobody can ask a web hook who reads behind it, so the owner of
   * the channel vouches for it. Rooms are as wide as their members.
   */
  readonly audience: Audience;
}

export const channelSchema = z
  .strictObject({
    name: nameField,
    type: z.string().meta({ description: 'Which channel plugin sends.' }),
    owner: ownerField.exactOptional(),
    settings: settingsField,
    expiresOn: expiresOnField.exactOptional(),
    callsPerDay: callsPerDayField.exactOptional(),
    audience: z.enum(audiences).default('public').meta({
      description:
        'Who at most sees what goes to its plain destinations (not rooms): the owner vouches for it.',
    }),
  })
  .meta({ description: 'An adapter to where people are.' }) satisfies z.ZodType<ChannelDocument>;
