import { locales, type Locale } from '#domain';
import { z } from 'zod';
import { emailField, nameField } from './fields.js';

/** People who are one subject together. */
export interface TeamDocument {
  readonly name: string;
  /** As people call it; the name where it is absent. */
  readonly title?: string;
  /** In which it is spoken to; the workspace's where it is absent. */
  readonly locale?: Locale;
  /** E-mails, those of people whose Person documents name the team included. */
  readonly members: readonly string[];
  readonly lead?: string;
}

export const teamSchema = z
  .strictObject({
    name: nameField,
    title: z.string().trim().min(1).max(80).exactOptional().meta({ description: 'As people call it.' }),
    locale: z.enum(locales).exactOptional(),
    members: z.array(emailField).default([]),
    lead: emailField.exactOptional(),
  })
  .meta({ description: 'People who are one subject together.' }) satisfies z.ZodType<TeamDocument>;
