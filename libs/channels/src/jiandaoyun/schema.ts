import { z } from 'zod';

/** Only the fields that are read; the vendor adds others at any time. */
export const errorReply = z.object({ code: z.number() });

export const appsReply = z.object({ apps: z.array(z.object({ app_id: z.string() })) });

const widget = z.object({
  /** What people see. */
  label: z.string(),
  /** What the API calls it: the alias, where the form has one for it. */
  name: z.string(),
  /** What it is called for ever. */
  widgetName: z.string(),
  type: z.string(),
});
export const widgetsReply = z.object({ widgets: z.array(widget) });
export type Widget = z.infer<typeof widget>;

const storedRow = z.looseObject({ _id: z.string().min(1) });
export type StoredRow = z.infer<typeof storedRow>;
export const rowsReply = z.object({ data: z.array(storedRow) });
export const rowReply = z.object({ data: storedRow });

export const batchReply = z.object({
  status: z.string(),
  success_count: z.number(),
  success_ids: z.array(z.string()),
});
