import { audiences, factKinds, otherKey, windowNames, type Need, type Rule } from '#domain';
import { z } from 'zod';
import { must, nameField, parseDuration } from './fields.js';

/** What an expression already calls something, or CEL keeps for itself. */
const reserved = new Set(
  [
    'person',
    'team',
    'connection',
    'previous',
    'has',
    'min',
    'max',
    'double',
    'string',
    'true',
    'false',
    'null',
    'in',
    'as',
  ].concat(
    [
      'break',
      'const',
      'continue',
      'else',
      'for',
      'function',
      'if',
      'import',
      'let',
      'loop',
      'package',
      'namespace',
    ],
    [
      'return',
      'var',
      'void',
      'while',
      'int',
      'uint',
      'bool',
      'bytes',
      'list',
      'map',
      'type',
      'dyn',
      'quotient',
    ],
  ),
);

/** A name that expressions can say. */
const valueName = z.string().superRefine(
  must({
    holds: (name) => /^[a-z][A-Za-z0-9_]*$/.test(name) && !reserved.has(name),
    message: (name) =>
      reserved.has(name)
        ? `\`${name}\` already means something in expressions`
        : `expressions cannot say \`${name}\``,
    remedy: 'a lower-case letter, then letters, digits and underscores, such as `expectedHours`',
  }),
);

export const needField = z.string().transform((text, context): Need => {
  if (text === 'closed') return { closed: true };
  const maxAgeMs = parseDuration(text);
  if (maxAgeMs) return { maxAgeMs };
  context.addIssue({
    code: 'custom',
    message: `\`${text}\` says not how complete the source must be`,
    params: { remedy: '`closed`, or the greatest age of its last pull, such as `30m`' },
    input: text,
  });
  return z.NEVER;
});

const calendarMeasures = [
  'expectedHours',
  'contractHours',
  'leaveDays',
  'holidayDays',
  'missingHolidays',
] as const;

const measureField = z.union([
  z.strictObject({
    sum: z.enum(factKinds),
    of: z.string().meta({ description: 'Which of its numbers, where the kind holds many.' }).exactOptional(),
  }),
  z.strictObject({ count: z.enum(factKinds) }),
  z.strictObject({
    last: z.enum(factKinds),
    of: z.string().meta({ description: 'Which of its numbers, where the kind holds many.' }).exactOptional(),
  }),
  z
    .strictObject({
      latest: z.enum(factKinds),
      by: z.string().exactOptional(),
      keys: z.array(z.string()).min(1).exactOptional(),
    })
    .refine(({ by, keys }) => (by === undefined) === (keys === undefined), {
      error: '`by` and `keys` belong together',
      params: { remedy: 'name the attribute and its values: `by: priority, keys: [High, Low]`' },
    })
    .refine(({ keys = [] }) => new Set(keys).size === keys.length, {
      error: 'a key is named twice',
      path: ['keys'],
      params: { remedy: 'name each key once' },
    })
    .refine(({ keys = [] }) => !keys.includes(otherKey), {
      error: `\`${otherKey}\` stands for everything that is not among the keys`,
      path: ['keys'],
      params: { remedy: 'leave it out: it is there by itself' },
    }),
  z.strictObject({ oldest: z.enum(factKinds) }),
  z.strictObject({ overdue: z.enum(factKinds) }),
  z.strictObject({ calendar: z.enum(calendarMeasures) }),
]);

const expression = z.string().meta({ description: 'CEL; every number is a double, such as `25.0`.' });

export const ruleSchema = z
  .strictObject({
    name: nameField,
    each: z.enum(['person', 'team', 'connection']),
    over: z.enum(windowNames),
    audience: z.enum(audiences).meta({ description: 'Who at the widest may hear of it.' }),
    needs: z
      .record(z.string(), needField)
      .default({})
      .meta({ description: 'How complete each source must be: `closed`, or a greatest age.' }),
    where: expression.exactOptional(),
    measure: z.record(valueName, measureField).default({}),
    let: z.record(valueName, expression).default({}),
    params: z.record(valueName, z.union([z.number(), z.string()])).default({}),
    when: expression,
    say: z.string().meta({ description: 'Which message is said.' }),
  })
  .meta({
    description: 'Over which facts, for each of whom, when it holds, and what is said.',
  }) satisfies z.ZodType<Rule>;
