import { z } from 'zod';

const httpUrl = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, ''));

/** What a Jira Cloud site is reached with. */
export const jiraSettings = z.strictObject({
  baseUrl: httpUrl.describe(
    'The site, such as https://acme.atlassian.net; for a scoped token https://api.atlassian.com/ex/jira/<cloudId>',
  ),
  siteUrl: httpUrl
    .describe('Where people read issues, for links; only needed where `baseUrl` is not the site itself')
    .exactOptional(),
  email: z.string().min(3).describe('Whose API token it is'),
  apiToken: z
    .string()
    .min(1)
    .meta({ secret: true })
    .describe('An API token of that account; it expires after at most a year'),
  searchLagSeconds: z
    .number()
    .min(0)
    .max(30)
    .default(10)
    .describe('How long a new issue may take until search finds it, before it counts as not there'),
});
export type JiraSettings = z.infer<typeof jiraSettings>;

const zone = z.string().refine((text) => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: text }));
  } catch {
    return false;
  }
}, 'is a time zone such as Europe/Kyiv');

const name = z.string().min(1).max(255);

/** Which issues are made, and where: everything but what they say. */
export const jiraDestination = z.strictObject({
  project: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]{1,49}$/, 'the key of a project, such as OPS')
    .describe('The key of the project'),
  issueType: name.default('Task').describe('The issue type, by its name or id in the project'),
  priority: name.exactOptional().describe('By its name or id in the project'),
  labels: z
    .array(z.string().regex(/^\S{1,255}$/, 'a label has no spaces'))
    .default([])
    .describe('Labels beside the one that finds the issue again'),
  assignee: name
    .exactOptional()
    .describe('An e-mail address: `{{ person.email }}`. Who is not found there is named in the issue'),
  due: z
    .strictObject({
      days: z.int().min(0).max(366).describe('So many days after it is sent'),
      timezone: zone.default('UTC').describe('Whose days these are'),
    })
    .exactOptional(),
  parent: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]{1,49}-\d+$/, 'the key of an issue, such as OPS-1')
    .exactOptional()
    .describe('The issue that it is a child of'),
  resolve: name
    .exactOptional()
    .describe('The name of the transition for what no longer applies, such as Done'),
  reopen: name.exactOptional().describe('The name of the transition for what applies again after all'),
  fields: z
    .record(
      z.string().regex(/^customfield_\d+$/, 'the id of a custom field, such as customfield_10010'),
      z.json(),
    )
    .default({})
    .describe('Custom fields, as Jira takes their values'),
});
export type JiraDestination = z.infer<typeof jiraDestination>;
