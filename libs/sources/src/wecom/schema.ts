import { z } from 'zod';

/** Every answer's status is 200; what came of it stands in here. */
export const envelope = z.looseObject({ errcode: z.int() });

export const tokenReply = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

export const departmentsReply = z.object({ department_id: z.array(z.object({ id: z.int() })) });

const userid = z.string().min(1);

/** `email` of apps from before June 2022 alone. */
export const usersReply = z.object({
  userlist: z.array(
    z.object({
      userid,
      name: z.string().nullish(),
      status: z.int().nullish(),
      direct_leader: z.array(z.string()).nullish(),
      email: z.string().nullish(),
    }),
  ),
});

/** One row for each member and department; an empty cursor is the end. */
export const userIdsReply = z.object({
  next_cursor: z.string().nullish(),
  dept_user: z.array(z.object({ userid })),
});

/** Records are read one by one, so that one that makes no sense is rejected alone. */
export const monthReply = z.object({ datas: z.array(z.unknown()) });

/** What is left out is zero, or empty. */
const whole = z
  .int()
  .nonnegative()
  .nullish()
  .transform((number) => number ?? 0);
const text = z
  .string()
  .nullish()
  .transform((words) => words ?? '');
const list = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item)
    .nullish()
    .transform((items): z.output<Item>[] => items ?? []);

/** As much of a record as says whose it is. */
export const accountOf = z.object({ base_info: z.object({ acctid: userid }) });

/**
 * A record of the month report, every field of it, in this order and no other: https://developer.work.weixin.qq.com/document/path/94207.
 * Times are in seconds.
 */
export const monthRecord = z.object({
  base_info: z.object({
    record_type: whole,
    name: text,
    name_ex: text,
    departs_name: text,
    rule_info: z
      .object({ groupid: whole, groupname: text })
      .nullish()
      .transform((rule) => rule ?? { groupid: 0, groupname: '' }),
    acctid: userid,
  }),
  summary_info: z.object({
    work_days: whole,
    regular_days: whole,
    except_days: whole,
    rest_days: whole,
    regular_work_sec: whole,
    standard_work_sec: whole,
  }),
  exception_infos: list(z.object({ exception: z.int(), count: whole, duration: whole })),
  sp_items: list(
    z.object({
      type: z.int(),
      vacation_id: whole,
      count: whole,
      duration: whole,
      time_type: whole,
      name: text,
    }),
  ),
  overwork_info: z.preprocess(
    (info) => info ?? {},
    z.object({
      workday_over_sec: whole,
      holidays_over_sec: whole,
      restdays_over_sec: whole,
      workdays_over_as_vacation: whole,
      workdays_over_as_money: whole,
      restdays_over_as_vacation: whole,
      restdays_over_as_money: whole,
      holidays_over_as_vacation: whole,
      holidays_over_as_money: whole,
    }),
  ),
});
export type MonthRecord = z.infer<typeof monthRecord>;
