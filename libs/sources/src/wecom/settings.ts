import { z } from 'zod';

const url = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, ''));

const isZone = (text: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return /^[A-Z]/.test(text);
  } catch {
    return false;
  }
};

/** What a Source document of type `wecom` says. */
export const wecomSettings = z
  .strictObject({
    baseUrl: url
      .default('https://qyapi.weixin.qq.com')
      .describe('Another one only behind a gateway of your own'),
    corpId: z
      .string()
      .regex(/^[\w-]+$/, 'is the id of the company, such as ww0123456789abcdef')
      .describe('Of the company (企业ID): My Company, at the bottom of the admin console'),
    secret: z
      .string()
      .min(1)
      .meta({ secret: true })
      .describe('Of the self-built app that is listed under Check-in (打卡) → apps that may call its API'),
    contactsSecret: z
      .string()
      .min(1)
      .meta({ secret: true })
      .exactOptional()
      .describe('Of contact sync (通讯录同步): members are then listed by cursor, not by department'),
    departments: z
      .array(z.int().positive())
      .min(1)
      .exactOptional()
      .describe('Ids of departments, which are read with all below them; all that the app sees by default'),
    timezone: z
      .string()
      .refine(isZone, 'is an IANA name, such as Asia/Shanghai')
      .default('Asia/Shanghai')
      .describe('Of the company: its months and days begin at midnight there'),
  })
  .refine(({ contactsSecret, departments }) => contactsSecret === undefined || departments === undefined, {
    path: ['departments'],
    message: 'by cursor everybody is listed: leave out either departments or contactsSecret',
  });

export type WecomSettings = z.infer<typeof wecomSettings>;
