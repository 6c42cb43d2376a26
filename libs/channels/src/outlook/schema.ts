import { z } from 'zod';

/** What is read of Microsoft's answers, and nothing else. https://learn.microsoft.com/graph/api/resources/message */

export const tokenAnswer = z.object({
  access_token: z.string().min(1),
  /** Seconds. */
  expires_in: z.number().default(3600),
});

/** A mail in the mailbox. Once it is sent it is no draft any more. */
export const mail = z.object({
  id: z.string().min(1),
  isDraft: z.boolean(),
  createdDateTime: z.string().default(''),
});
export type Mail = z.infer<typeof mail>;

export const mails = z.object({
  value: z.array(mail),
  '@odata.nextLink': z.string().optional(),
});

/** A page of a folder, of which nothing is read but that it is one. */
export const anyMails = z.object({ value: z.array(z.unknown()) });
