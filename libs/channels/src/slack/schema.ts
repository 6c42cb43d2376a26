import { z } from 'zod';

/** What is read of Slack's answers, and nothing else. https://docs.slack.dev/reference/objects */

const page = { response_metadata: z.object({ next_cursor: z.string().optional() }).optional() };

export const authTest = z.object({
  user_id: z.string().min(1),
  team: z.string().optional(),
  response_metadata: z.object({ scopes: z.array(z.string()).optional() }).optional(),
});

export const posted = z.object({ channel: z.string().min(1), ts: z.string().min(1) });

const channel = z.object({
  id: z.string().min(1),
  name: z.string().default(''),
  is_private: z.boolean().default(false),
  is_archived: z.boolean().default(false),
  /** False where the bot was thrown out. Absent in `conversations.create`: the creator is a member. */
  is_member: z.boolean().optional(),
  creator: z.string().optional(),
  purpose: z.object({ value: z.string() }).optional(),
  topic: z.object({ value: z.string() }).optional(),
});
export type SlackChannel = z.infer<typeof channel>;

export const oneChannel = z.object({ channel });
export const channels = z.object({ channels: z.array(channel), ...page });
export const members = z.object({ members: z.array(z.string()), ...page });
/** `errors` of an invitation with `force`, where some came in and some did not. */
export const invited = z.object({
  errors: z
    .array(z.object({ user: z.string().optional(), ok: z.boolean(), error: z.string().optional() }))
    .optional(),
});

const message = z.object({
  ts: z.string().min(1),
  subtype: z.string().optional(),
  metadata: z.object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) }).optional(),
});
export const history = z.object({ messages: z.array(message), ...page });

const user = z.object({
  id: z.string().min(1),
  name: z.string().optional(),
  deleted: z.boolean().default(false),
  is_bot: z.boolean().default(false),
  /** Invited, but never signed up. */
  is_invited_user: z.boolean().default(false),
  real_name: z.string().optional(),
  locale: z.string().optional(),
  profile: z.object({ email: z.string().optional(), real_name: z.string().optional() }).optional(),
});
export type SlackUser = z.infer<typeof user>;
export const users = z.object({ members: z.array(user), ...page });

export const nothing = z.object({});
