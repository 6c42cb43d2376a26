import { locales, weekdays, type PersonProfile } from '#domain';
import { z } from 'zod';
import { dayField, emailField, nameField, workingDaysField, zoneField } from './fields.js';

/** What is configured about one person; it wins over what sources say. */
export interface PersonDocument extends PersonProfile {
  /** Names of Team documents, those that list this person among them included. */
  readonly teams: readonly string[];
  readonly identities: Readonly<Record<string, string>>;
}

export const personSchema = z
  .strictObject({
    email: emailField,
    name: z.string().min(1).exactOptional(),
    zone: zoneField.exactOptional(),
    locale: z.enum(locales).exactOptional(),
    calendar: z.string().exactOptional(),
    weekStart: z.enum(weekdays).exactOptional(),
    managers: z.array(emailField).exactOptional(),
    teams: z.array(nameField).default([]),
    contract: z
      .strictObject({
        dailyHours: z.number().gt(0).lte(24).exactOptional(),
        workingDays: workingDaysField.exactOptional(),
      })
      .exactOptional(),
    joined: dayField.exactOptional(),
    left: dayField.exactOptional(),
    identities: z.record(z.string(), z.string().min(1)).default({}),
  })
  .refine(({ joined, left }) => !joined || !left || joined <= left, {
    error: '`left` is before `joined`',
    path: ['left'],
    params: { remedy: 'the last day of work, on or after `joined`' },
  })
  .refine(({ email, managers }) => !managers?.includes(email), {
    error: 'nobody is their own manager',
    path: ['managers'],
    params: { remedy: 'other people’s e-mail addresses' },
  })
  .meta({
    description: 'What is configured about one person; it wins over what sources say.',
  }) satisfies z.ZodType<PersonDocument>;
