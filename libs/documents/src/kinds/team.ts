import { z } from 'zod';
import { emailField, nameField } from './fields.js';

/** People who are one subject together. */
export interface TeamDocument {
  readonly name: string;
  /** E-mails, those of people whose Person documents name the team included. */
  readonly members: readonly string[];
  readonly lead?: string;
}

export const teamSchema = z
  .strictObject({
    name: nameField,
    members: z.array(emailField).default([]),
    lead: emailField.exactOptional(),
  })
  .meta({ description: 'People who are one subject together.' }) satisfies z.ZodType<TeamDocument>;
