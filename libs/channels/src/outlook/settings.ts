import { z } from 'zod';

const mailAddress = z
  .email('an e-mail address, such as olena@acme.example')
  .max(320)
  .transform((text) => text.toLowerCase());

/** Tokens of an app are asked for of one tenant; these names stand for many, and with client credentials for none. */
const manyTenants = new Set(['common', 'organizations', 'consumers']);

/** What a mailbox in Exchange Online is reached with: an app of Microsoft Entra, by its client credentials. */
export const outlookSettings = z.strictObject({
  tenant: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9.-]{1,250}$/, 'the id of the tenant, or one of its domains')
    .refine((text) => !manyTenants.has(text.toLowerCase()), {
      error: 'an app signs in to one tenant',
      params: { remedy: 'the "Directory (tenant) ID" of the app registration' },
    })
    .describe('The "Directory (tenant) ID" of the app registration, or a domain of the tenant.'),
  clientId: z
    .guid('the "Application (client) ID" of the app registration')
    .describe('The "Application (client) ID" of the app registration.'),
  clientSecret: z
    .string()
    .min(1)
    .meta({ secret: true })
    .describe('The value (not the id) of a client secret of the app registration.'),
  mailbox: mailAddress.describe('The mailbox that everything is sent from; also a shared one.'),
  replyTo: z
    .array(mailAddress)
    .min(1)
    .max(10)
    .describe('Where answers go; to the mailbox itself without it.')
    .optional(),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .default('https://graph.microsoft.com/v1.0/')
    .describe('Where Microsoft Graph is: another one in national clouds, and for tests'),
  authority: z
    .url({ protocol: /^https?$/ })
    .default('https://login.microsoftonline.com/')
    .describe('Where access tokens are asked for: another one in national clouds, and for tests'),
});
export type OutlookSettings = z.infer<typeof outlookSettings>;

/** Exchange takes 500 to 1,000 recipients in a message. */
const mostRecipients = 500;

/** A template such as `{{ person.email }}` is an address only later. */
const isTemplate = (text: string): boolean => text.includes('{{');

/** Whom mail is for: the person that a template names, or a list of addresses, all of whom see each other. */
export const outlookDestination = z.strictObject({
  mail: z
    .union([
      z
        .string()
        .max(320)
        .refine((text) => isTemplate(text) || mailAddress.safeParse(text).success, {
          error: 'an e-mail address, or a template that becomes one',
          params: { remedy: '`mail: "{{ person.email }}"`, or a list of addresses' },
        }),
      z.array(mailAddress).min(1).max(mostRecipients),
    ])
    .describe('`{{ person.email }}`, one address, or a list of them.'),
  thread: z
    .string()
    .min(1)
    .max(200)
    .describe(
      'The subject line that mails share, and by which they are one conversation: `Hours of {{ person.name }}`.',
    )
    .optional(),
});
