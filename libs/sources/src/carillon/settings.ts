import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';

const isZone = (text: string): boolean => {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
};

/** What a Source document of type `carillon` says. There is nothing to log in to. */
export const carillonSettings = z.strictObject({
  timezone: z
    .string()
    .refine(isZone, 'is an IANA time zone, such as Europe/Kyiv')
    .default('UTC')
    .describe('In which a day begins and ends; best that of the schedules by which owners hear'),
});

export type CarillonSettings = z.infer<typeof carillonSettings>;
