import { z } from 'zod';
import { issueModules, type IssueModule } from './issue-modules.js';

const url = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, ''));
/** Names go into a query, where every other character would have to be trusted to the vendor's parser. */
const apiName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'is the name that the API has for it');

const fields = z.strictObject({
  status: apiName.exactOptional(),
  priority: apiName.exactOptional(),
  title: apiName.exactOptional(),
  due: apiName.exactOptional(),
  owner: apiName.exactOptional(),
  group: apiName.exactOptional(),
});

const owners = z
  .strictObject({
    groups: z.array(z.string().min(1)).default([]).describe('By name, or by id such as 20x3'),
    users: z.array(z.string().min(1)).default([]).describe('By user name, e-mail address or id such as 19x7'),
  })
  .refine(({ groups, users }) => groups.length + users.length > 0, 'a team without an owner has no issues');

/** What a Source document of type `vtiger` says. */
export const vtigerSettings = z
  .strictObject({
    baseUrl: url.describe(
      'The host as the browser shows it: https://acme.odx.vtiger.com, or your own server',
    ),
    username: z.string().min(1).describe('Of a user of its own that may only read'),
    accessKey: z
      .string()
      .min(1)
      .meta({ secret: true })
      .describe("The user's access key, from My Preferences; it is made anew there"),
    api: z
      .enum(['auto', 'rest', 'classic'])
      .default('auto')
      .describe('auto: the REST API, and the classic web service where a server has none'),
    module: apiName
      .default('Tasks')
      .describe(`Where issues are kept: ${Object.keys(issueModules).join(', ')}, or another with its fields`),
    fields: fields.default({}).describe("Where an installation's fields are other than a fresh one's"),
    closed: z
      .array(z.string().min(1))
      .min(1)
      .exactOptional()
      .describe('Values of the status with which an issue is open no more'),
    recordUrl: z
      .string()
      .regex(/^https?:\/\/.*\{(?:id|number)\}/, 'is an address with {id} or {number} in it')
      .exactOptional()
      .describe('Where an issue is shown; {id} is 9x771 and {number} 771. Without it titles are no links'),
    teams: z
      .record(z.string().min(1), owners)
      .refine((teams) => Object.keys(teams).length > 0, 'at least one team is needed')
      .describe('Whose issues are which team’s, by the name of its Team document'),
  })
  .superRefine((settings, context) => {
    const module = moduleOf(settings);
    for (const field of ['status', 'priority', 'title', 'owner'] as const)
      if (!module.fields[field])
        context.addIssue({
          code: 'custom',
          path: ['fields', field],
          message: `the module ${settings.module} is none of ${Object.keys(issueModules).join(', ')}: name its field for the ${field}`,
        });
    if (module.closed.length === 0)
      context.addIssue({
        code: 'custom',
        path: ['closed'],
        message: `the module ${settings.module} is none of ${Object.keys(issueModules).join(', ')}: say which values of its status are closed`,
      });
    for (const [owner, teams] of teamsByOwner(settings.teams))
      if (teams.length > 1)
        context.addIssue({
          code: 'custom',
          path: ['teams', teams[1] ?? ''],
          message: `${owner} belongs to ${teams.join(' and ')}: an issue is counted for one team`,
        });
  });

export type VtigerSettings = z.infer<typeof vtigerSettings>;

interface PartialModule extends Omit<IssueModule, 'fields'> {
  readonly fields: Partial<IssueModule['fields']>;
}

function moduleOf(settings: Pick<VtigerSettings, 'module' | 'fields' | 'closed'>): PartialModule {
  const known = Object.hasOwn(issueModules, settings.module) ? issueModules[settings.module] : undefined;
  return {
    elementType: known?.elementType ?? settings.module,
    fields: { ...known?.fields, ...settings.fields },
    closed: settings.closed ?? known?.closed ?? [],
  };
}

/** The module that issues are kept in, as the document has it over what is known of it. */
export function issueModuleOf(settings: VtigerSettings): IssueModule {
  const { fields: named, ...module } = moduleOf(settings);
  const { status, priority, title, owner, ...others } = named;
  if (!status || !priority || !title || !owner)
    throw new RangeError('the settings were not parsed by their schema');
  return { ...module, fields: { ...others, status, priority, title, owner } };
}

function teamsByOwner(teams: VtigerSettings['teams']): ReadonlyMap<string, readonly string[]> {
  const byOwner = new Map<string, string[]>();
  for (const [team, { groups, users }] of Object.entries(teams))
    for (const owner of [...groups.map((name) => `group ${name}`), ...users.map((name) => `user ${name}`)])
      byOwner.set(owner, [...(byOwner.get(owner) ?? []), team]);
  return byOwner;
}
