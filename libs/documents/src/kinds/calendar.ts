import type { Calendar } from '#domain';
import { z } from 'zod';
import { dayField, nameField, zoneField } from './fields.js';

/** A calendar with the people to whom it applies. */
export interface CalendarDocument extends Calendar {
  /** From which region's public calendar it was proposed; says nothing about whom it applies to. */
  readonly region?: { readonly country: string; readonly region?: string };
  /** People who name no calendar themselves get the one that lists their zone, else the default one, else none. */
  readonly for: { readonly zones: readonly string[]; readonly default: boolean };
}

const dayOff = z.strictObject({
  day: dayField,
  name: z.string().min(1),
  share: z.number().gt(0).lte(1).default(1).meta({ description: 'The free part of the day; 0.5 is a half.' }),
});

const workingDay = z.strictObject({ day: dayField, name: z.string().min(1) });

const once = {
  error: 'a day is named twice in one list',
  params: { remedy: 'name each day once' },
};

const eachDayOnce = (days: readonly { readonly day: string }[]): boolean =>
  new Set(days.map(({ day }) => day)).size === days.length;

export const calendarSchema = z
  .strictObject({
    name: nameField,
    region: z
      .strictObject({
        country: z
          .string()
          .regex(/^[A-Z]{2}$/, { error: 'it has two capital letters' })
          .meta({ examples: ['DE', 'UA'] }),
        region: z.string().exactOptional(),
      })
      .exactOptional()
      .meta({ description: 'From which public calendar it was proposed.' }),
    for: z
      .strictObject({ zones: z.array(zoneField).default([]), default: z.boolean().default(false) })
      .prefault({})
      .meta({ description: 'Who gets it without naming it: people in these zones, or everybody else.' }),
    holidays: z.array(dayOff).refine(eachDayOnce, once).default([]),
    companyDays: z.array(dayOff).refine(eachDayOnce, once).default([]),
    workingDays: z
      .array(workingDay)
      .refine(eachDayOnce, once)
      .default([])
      .meta({ description: 'Days of work although the week or a holiday says otherwise.' }),
  })
  .meta({
    description: 'The public holidays and company days of a region.',
  }) satisfies z.ZodType<CalendarDocument>;
