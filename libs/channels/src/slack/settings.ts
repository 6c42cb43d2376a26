import { z } from 'zod';

/** What a Slack workspace is reached with. */
export const slackSettings = z.strictObject({
  token: z
    .string()
    .min(1)
    .meta({ secret: true })
    .describe('Bot token of the app that is installed in the workspace: xoxb-…'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .default('https://slack.com/api/')
    .describe('Where the Web API is; another one only for tests'),
});
export type SlackSettings = z.infer<typeof slackSettings>;

/** A conversation that is there already, by its id: names change and may be taken over by others. */
export const slackDestination = z.strictObject({
  channelId: z
    .string()
    .regex(
      /^[CGD][A-Z0-9]{2,}$/,
      'the id of a Slack conversation, such as C0EAQDV4Z: see "About" of the channel',
    ),
});
