import { z } from 'zod';

/*
 * What Clockify answers: only the fields that are read. Surplus fields are dropped. Records of a list are checked one by one, so that a
 * bad one is rejected and the others are kept; the people are checked as a whole, since a person left out is worse than a pull that fails.
 */

const id = z.string().min(1);
const text = z.string().nullish();

/** A list whose records are checked later. */
export const listReply = z.array(z.unknown());

const userReply = z.object({
  id,
  email: text,
  name: text,
  /** Of the account; whether the membership is active stands in `memberships`. */
  status: text,
  /** Null for people who never finished signing up. */
  settings: z.object({ timeZone: text, weekStart: text, lang: text }).nullish(),
  memberships: z.array(z.object({ targetId: text, membershipType: text, membershipStatus: text })).nullish(),
  /** Only with `include-roles=true`. */
  roles: z.array(z.object({ role: text, entities: z.array(z.object({ id })).nullish() })).nullish(),
});
export type UserReply = z.infer<typeof userReply>;
export const usersReply = z.array(userReply);

const groupReply = z.object({
  id,
  userIds: z.array(id).nullish(),
  /** Only with `includeTeamManagers=true`. */
  teamManagers: z.array(z.object({ id })).nullish(),
});
export const groupsReply = z.array(groupReply);

export const managersReply = z.array(z.object({ id }));

export const profileReply = z.object({
  /** ISO 8601, for each working day: `PT7H`. */
  workCapacity: text,
  /** An array of names, or text that holds them; the vendor's own description says text. */
  workingDays: z.union([z.array(z.string()), z.string()]).nullish(),
});

export const workspacesReply = z.array(z.object({ id, featureSubscriptionType: text }));
export const ownUserReply = z.object({ id, email: text });

/** An entry as the core host has it; a running one has no end. */
export const entryReply = z.object({
  id,
  userId: id,
  billable: z.boolean().nullish(),
  projectId: text,
  type: z.string(),
  timeInterval: z.object({ start: z.string(), end: text }),
});

/** An entry as the detailed report has it: `_id`, and not always a `type`. */
export const reportEntryReply = z.object({
  _id: id,
  userId: id,
  billable: z.boolean().nullish(),
  projectId: text,
  type: text,
  timeInterval: z.object({ start: z.string(), end: text }),
});

export const reportReply = z.object({
  /** Empty, or one null, where there is nothing. */
  totals: z.array(z.object({ entriesCount: z.number().int().nonnegative() }).nullish()).nullish(),
  timeentries: listReply,
});

/** A person's day in the attendance report; only whether there was any break or time off is read, so the unit does not matter. */
export const attendanceReply = z.object({
  entities: z.array(
    z.object({
      userId: id,
      date: z.string(),
      break: z.union([z.number(), z.string()]).nullable(),
      timeOff: z.union([z.number(), z.string()]).nullable(),
    }),
  ),
});

export const requestsReply = z.object({ count: z.number().int().nonnegative(), requests: listReply });

export const requestReply = z.object({
  id,
  userId: id,
  userTimeZone: z.string(),
  policyId: text,
  timeUnit: z.enum(['DAYS', 'HOURS']),
  status: z.object({ statusType: z.string() }),
  timeOffPeriod: z.object({
    period: z.object({ start: z.string(), end: z.string() }),
    halfDay: z.boolean().nullish(),
    halfDayPeriod: text,
  }),
});
export type RequestReply = z.infer<typeof requestReply>;

const localDay = z.iso.date();

export const holidayReply = z.object({
  id,
  name: z.string(),
  datePeriod: z.object({ startDate: localDay, endDate: localDay }),
  occursAnnually: z.boolean().nullish(),
  everyoneIncludingNew: z.boolean().nullish(),
  userIds: z.array(id).nullish(),
  userGroupIds: z.array(id).nullish(),
  automaticTimeEntryCreation: z.boolean().nullish(),
});
export type HolidayReply = z.infer<typeof holidayReply>;

export const policyReply = z.object({
  id,
  automaticTimeEntryCreation: z.union([z.boolean(), z.object({ enabled: z.boolean().nullish() })]).nullish(),
});
