import type { OwnersPlace, Subscription } from '#domain';
import { z } from 'zod';
import { durationField, emailField, nameField, subscriptionScheduleField } from './fields.js';

const roomField = z.strictObject({
  name: z.string().min(1).meta({ description: 'Liquid over `person` or `team`: `hours-{{ person.slug }}`.' }),
  members: z.array(z.union([z.enum(['person', 'managers']), z.strictObject({ email: emailField })])).min(1),
});

const placeField = z
  .looseObject({ channel: z.string(), room: roomField.exactOptional() })
  .meta({ description: 'The channel, and a room that is kept, or a destination as the channel has it.' });

const ownersField = z
  .literal('owner')
  .transform((): OwnersPlace => ({ owner: true }))
  .meta({ description: 'To the owner of each connection that the rules are about.' });

const forField = z
  .strictObject({ team: z.string().exactOptional(), person: emailField.exactOptional() })
  .refine(({ team, person }) => (team === undefined) !== (person === undefined), {
    error: '`for` names one team or one person',
    params: { remedy: '`{ team: ferrari }`, or leave `for` out to mean everybody' },
  });

export const subscriptionSchema = z
  .strictObject({
    name: nameField,
    rules: z.array(z.string()).default([]),
    digest: z.boolean().default(false),
    for: forField.exactOptional(),
    schedule: subscriptionScheduleField.exactOptional(),
    to: z.union([placeField, ownersField]),
    until: durationField.prefault('12h').meta({ description: 'How long a held decision may still be said.' }),
    whenUnknown: z
      .enum(['repeat', 'leave'])
      .default('leave')
      .meta({ description: 'What is done where nobody can say whether a message arrived.' }),
  })
  .refine(({ rules, schedule }) => rules.length === 0 || schedule !== undefined, {
    error: 'it has rules but no schedule',
    path: ['rules'],
    params: { remedy: 'a schedule such as `{ cron: "0 9 * * MON", timezone: person }`' },
  })
  .refine(({ rules, schedule }) => rules.length > 0 || schedule === undefined, {
    error: 'it has a schedule but no rules',
    path: ['schedule'],
    params: { remedy: 'name rules, or leave the schedule out: it then only hears of troubles' },
  })
  .refine(({ rules }) => new Set(rules).size === rules.length, {
    error: 'a rule is named twice',
    path: ['rules'],
    params: { remedy: 'name each rule once' },
  })
  .transform(({ until, ...rest }) => ({ ...rest, untilMs: until }))
  .meta({ description: 'Who hears which rules, where and when.' }) satisfies z.ZodType<Subscription>;
