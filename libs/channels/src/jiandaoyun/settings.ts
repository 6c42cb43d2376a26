import { z } from 'zod';

/** What a Channel document of type `jiandaoyun` says. */
export const jiandaoyunSettings = z.strictObject({
  apiKey: z
    .string()
    .min(1)
    .meta({ secret: true })
    .describe('An API key that may read and write the app’s forms'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .transform((text) => text.replace(/\/+$/, ''))
    .default('https://api.jiandaoyun.com')
    .describe('Host without /api; a private deployment has its own'),
});
export type JiandaoyunSettings = z.infer<typeof jiandaoyunSettings>;

const idOf = (what: string): z.ZodString =>
  z.string().regex(/^[0-9a-f]{24}$/i, `is the 24 hexadecimal digits of the ${what}, as in its address`);

/** Which form the rows go to, and what writing them sets off there. */
export const jiandaoyunDestination = z.strictObject({
  app: idOf('app').describe('The app (app_id)'),
  form: idOf('form').describe('The form (entry_id)'),
  trigger: z
    .boolean()
    .default(false)
    .describe('Start its automations (智能助手): rows are then written one at a time'),
  workflow: z.boolean().default(false).describe('Start its workflow, of a workflow form only'),
  creator: z.string().min(1).exactOptional().describe('Username shown as the submitter'),
});
export type JiandaoyunDestination = z.infer<typeof jiandaoyunDestination>;

/** The destination as one text, for `Address.id`, and back. */
export const writeAddress = ({ app, form, trigger, workflow, creator }: JiandaoyunDestination): string => {
  const how = new URLSearchParams({
    ...(trigger ? { trigger: 'yes' } : {}),
    ...(workflow ? { workflow: 'yes' } : {}),
    ...(creator === undefined ? {} : { creator }),
  }).toString();
  return `${app}/${form}${how === '' ? '' : `?${how}`}`;
};

/** Throws `ZodError` where the text is none of ours. */
export function readAddress(id: string): JiandaoyunDestination {
  const [place = '', how = ''] = id.split('?');
  const [app, form] = place.split('/');
  const said = new URLSearchParams(how);
  const creator = said.get('creator');
  return jiandaoyunDestination.parse({
    app,
    form,
    trigger: said.has('trigger'),
    workflow: said.has('workflow'),
    ...(creator === null ? {} : { creator }),
  });
}
