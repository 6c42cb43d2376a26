import {
  conversions,
  factKinds,
  timeUnits,
  windowNames,
  type Forward,
  type ForwardField,
  type TimeUnit,
} from '#domain';
import { z } from 'zod';
import {
  durationField,
  nameField,
  ownerField,
  sourceScheduleField,
  subscriptionScheduleField,
} from './fields.js';
import { needField } from './rule.js';

const unitNames = Object.keys(timeUnits) as [TimeUnit, ...TimeUnit[]];

const wholeField = z.strictObject({
  from: z.string().meta({ description: 'A text with references into the record: `{{base_info.name}}`.' }),
  as: z.enum(conversions).default('text').meta({ description: 'What it becomes.' }),
  of: z
    .enum(unitNames)
    .exactOptional()
    .meta({ description: 'In what a length of time is counted in the record; seconds without it.' }),
  digits: z.int().min(0).max(9).exactOptional().meta({ description: 'Decimal places that are kept.' }),
  values: z
    .record(z.string(), z.coerce.string())
    .exactOptional()
    .meta({ description: 'What stands for each value; any other is refused.' }),
  default: z
    .union([z.string(), z.number()])
    .exactOptional()
    .meta({ description: 'Where the record has the object around the value, but not the value.' }),
}) satisfies z.ZodType<ForwardField>;

/** A text by itself is the short form of `{ from: text }`. */
const forwardField = z.union([
  z.string().transform((from): ForwardField => ({ from, as: 'text' })),
  wholeField,
]);

const fieldNames = z.array(z.string()).refine((names) => new Set(names).size === names.length, {
  error: 'a field is named twice',
  params: { remedy: 'name each field once' },
});

const windows = windowNames.filter((name) => name !== 'latest');

/** In one fixed zone: a table is nobody's, and its month is one. */
const scheduleField = z.strictObject({
  ...sourceScheduleField.shape,
  shift: subscriptionScheduleField.shape.shift,
});

export const forwardSchema = z
  .strictObject({
    name: nameField,
    owner: ownerField.exactOptional(),
    source: z.string().meta({ description: 'The Source document whose facts become rows.' }),
    facts: z.enum(factKinds).meta({ description: 'Which of its facts: each is a row.' }),
    over: z.enum(windows).meta({ description: 'The period, seen from the planned run.' }),
    needs: needField.prefault('closed').meta({
      description: '`closed`: a complete read that began after the period had ended; or its greatest age.',
    }),
    schedule: scheduleField,
    to: z
      .looseObject({ channel: z.string() })
      .meta({ description: 'The channel, and the table as the channel names it.' }),
    key: fieldNames.min(1).meta({ description: 'The fields that tell rows apart.' }),
    required: fieldNames.default([]).meta({ description: 'Without these a record is refused.' }),
    unique: z
      .array(fieldNames.min(1))
      .default([])
      .meta({ description: 'Fields of which no two rows may have the same values.' }),
    fields: z
      .record(z.string().min(1), forwardField)
      .refine((fields) => Object.keys(fields).length > 0, {
        error: 'it maps no fields',
        params: { remedy: 'one for each field of the table: `name: "{{base_info.name}}"`' },
      })
      .meta({ description: 'By the field of the table: how it is made from a record.' }),
    example: z
      .record(z.string(), z.unknown())
      .exactOptional()
      .meta({ description: 'A record, on which the mapping is tried; the source’s own one without it.' }),
    until: durationField.prefault('12h').meta({ description: 'How long a run may wait for its facts.' }),
  })
  .transform(({ until, ...rest }) => ({ ...rest, untilMs: until }))
  .meta({ description: 'Maps facts to rows of a table.' }) satisfies z.ZodType<Forward>;
