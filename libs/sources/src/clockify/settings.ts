import { z } from 'zod';

const url = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, ''));

/** What a Source document of type `clockify` says. */
export const clockifySettings = z.strictObject({
  workspaceId: z
    .string()
    .regex(/^[0-9a-f]{24}$/i, 'is the 24 hexadecimal digits in the address of the workspace')
    .describe('The workspace, as in the address of its settings page'),
  apiKey: z
    .string()
    .min(1)
    .meta({ secret: true })
    .describe('Key of an owner or admin; made in the preferences, on the sub-domain where there is one'),
  baseUrl: url
    .default('https://api.clockify.me/api')
    .describe('Core host without /v1; regional: https://euc1.clockify.me/api'),
  reportsUrl: url
    .default('https://reports.api.clockify.me')
    .describe(
      'Reports host without /v1; regional: https://euc1.clockify.me/report. Never derived from baseUrl',
    ),
  reports: z
    .enum(['auto', 'never'])
    .default('auto')
    .describe(
      'auto: the detailed report, and a call for each person where it is refused. never: always a call for each person',
    ),
  timeOff: z
    .enum(['always', 'never'])
    .default('always')
    .describe(
      'never: the plan has no time off and holidays, so neither is asked for. A refusal is an error otherwise',
    ),
});

export type ClockifySettings = z.infer<typeof clockifySettings>;
