import { z } from 'zod';

/** What a Channel document of type `clockify` says. */
export const clockifySettings = z.strictObject({
  workspaceId: z
    .string()
    .regex(/^[0-9a-f]{24}$/i, 'is the 24 hexadecimal digits in the address of the workspace')
    .describe('The workspace, as in the address of its settings page'),
  apiKey: z.string().min(1).meta({ secret: true }).describe('Key of an owner or admin'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .transform((text) => text.replace(/\/+$/, ''))
    .default('https://api.clockify.me/api')
    .describe('Core host without /v1; regional: https://euc1.clockify.me/api'),
});
export type ClockifySettings = z.infer<typeof clockifySettings>;

const policyId = z.string().regex(/^[0-9a-f]{24}$/i, 'is the 24 hexadecimal digits of a time off policy');

/** How a missing holiday is entered: as a holiday of the workspace, or as time off of the person under a policy. */
export const clockifyDestination = z.discriminatedUnion('enter', [
  z.strictObject({ enter: z.literal('workspaceHoliday') }),
  z.strictObject({ enter: z.literal('timeOff'), policyId }),
]);
export type ClockifyDestination = z.infer<typeof clockifyDestination>;

const prefix = 'timeOff/';

/** The destination as one text, for `Address.id`, and back. */
export const writeAddress = (destination: ClockifyDestination): string =>
  destination.enter === 'timeOff' ? `${prefix}${destination.policyId}` : destination.enter;

/** Throws `ZodError` where the text is none of ours. */
export const readAddress = (id: string): ClockifyDestination =>
  clockifyDestination.parse(
    id.startsWith(prefix) ? { enter: 'timeOff', policyId: id.slice(prefix.length) } : { enter: id },
  );
