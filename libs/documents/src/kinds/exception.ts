import type { RuleException } from '#domain';
import { z } from 'zod';
import { dayField, isEmail, must } from './fields.js';

const personField = z
  .string()
  .superRefine(
    must({
      holds: (text) => isEmail(text) || /^[a-z0-9]+(-[a-z0-9]+)*$/.test(text),
      message: (text) => `\`${text}\` names nobody`,
      remedy: 'an e-mail address such as `olena@acme.example`, or a slug such as `olena-kovalenko`',
    }),
  )
  .transform((text) => text.toLowerCase());

/** Exceptions are told apart by what they are about, so nobody has to think of a name. */
export const exceptionName = (content: {
  readonly rule?: unknown;
  readonly person?: unknown;
  readonly team?: unknown;
  readonly connection?: unknown;
}): string => `${String(content.rule)}/${aboutOf(content)}`;

const aboutOf = ({ person, team, connection }: Omit<Parameters<typeof exceptionName>[0], 'rule'>): string => {
  if (team !== undefined) return `team:${String(team)}`;
  return connection === undefined ? String(person).toLowerCase() : `connection:${String(connection)}`;
};

export const exceptionSchema = z
  .strictObject({
    rule: z.string(),
    person: personField.exactOptional(),
    team: z.string().exactOptional(),
    connection: z.string().meta({ description: 'The name of a Source or Channel.' }).exactOptional(),
    params: z.record(z.string(), z.union([z.number(), z.string()])).exactOptional(),
    exempt: z.literal(true).exactOptional(),
    reason: z.string().exactOptional(),
    until: dayField.exactOptional().meta({ description: 'The last day on which it holds, inclusive.' }),
  })
  .refine(
    ({ person, team, connection }) =>
      [person, team, connection].filter((one) => one !== undefined).length === 1,
    {
      error: 'an exception is about one person, one team or one connection',
      params: { remedy: '`person: olena@acme.example`, `team: ferrari` or `connection: clockify`' },
    },
  )
  .refine(({ params, exempt }) => (params === undefined) !== (exempt === undefined), {
    error: 'an exception says either other `params` or `exempt`',
    params: { remedy: 'either `params: { threshold: 30.0 }` or `exempt: true`' },
  })
  .transform((content): RuleException => ({ name: exceptionName(content), ...content }))
  .meta({ description: 'Other parameters of a rule for one person, team or connection, or silence.' });
