import { z } from 'zod';

/* What Clockify answers: only the fields that are read, or written back. */

const id = z.string().min(1);
const text = z.string().nullish();
const localDay = z.iso.date();

export const holidayReply = z.object({
  id,
  name: z.string(),
  datePeriod: z.object({ startDate: localDay, endDate: localDay }),
  occursAnnually: z.boolean().nullish(),
  everyoneIncludingNew: z.boolean().nullish(),
  userIds: z.array(id).nullish(),
  userGroupIds: z.array(id).nullish(),
  projectId: text,
  taskId: text,
  automaticTimeEntryCreation: z.boolean().nullish(),
});
export type Holiday = z.infer<typeof holidayReply>;
export const holidaysReply = z.array(holidayReply);

export const groupsReply = z.array(z.object({ id, userIds: z.array(id).nullish() }));
export const policyReply = z.object({
  id,
  timeUnit: z.enum(['DAYS', 'HOURS']),
  archived: z.boolean().nullish(),
});

const time = z.iso.datetime({ offset: true });
const zone = z.string().refine((name) => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
});

export const requestReply = z.object({
  id,
  userId: id,
  userTimeZone: zone,
  policyId: text,
  status: z.object({ statusType: z.string() }),
  timeOffPeriod: z.object({
    period: z.object({ start: time, end: time }),
    halfDay: z.boolean().nullish(),
  }),
});
export type TimeOffRequest = z.infer<typeof requestReply>;
export const requestsReply = z.object({ requests: z.array(requestReply) });

export const usersReply = z.array(
  z.object({
    id,
    email: text,
    name: text,
    status: text,
    settings: z.object({ timeZone: text, myStartOfDay: text }).nullish(),
    roles: z.array(z.object({ role: text })).nullish(),
  }),
);
export const ownUserReply = z.object({ id, email: text });
export const profileReply = z.object({ workCapacity: text });
