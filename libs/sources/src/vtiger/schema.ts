import { z } from 'zod';

const picklistValue = z.object({ value: z.string(), label: z.string().optional() });

/** `describe`, as far as it is read. */
export const describeReply = z.object({
  idPrefix: z.string(),
  fields: z.array(
    z.object({
      name: z.string(),
      type: z.object({ name: z.string(), picklistValues: z.array(picklistValue).optional() }),
    }),
  ),
});
export type Described = z.infer<typeof describeReply>;

/** Ids are `<type>x<number>`, and the type differs from server to server. */
const id = z.string().regex(/^\d+x\d+$/);

/** Rows of a query. What an issue's fields hold is read row by row, so that one that makes no sense is rejected alone. */
export const rowsReply = z.array(z.looseObject({ id }));
export type Row = z.infer<typeof rowsReply>[number];

/** `count(*)` is a text. */
export const countReply = z.tuple([z.object({ count: z.coerce.number().int().nonnegative() })]);

export const groupsReply = z.array(z.object({ id, groupname: z.string() }));
export const usersReply = z.array(z.object({ id, user_name: z.string(), email1: z.string().nullish() }));
