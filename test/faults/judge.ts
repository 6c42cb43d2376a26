import { Temporal } from 'temporal-polyfill';
import { isDue, type Week, type WorkedWeek } from './company.js';
import { subscriptions } from './documents.js';
import type { World } from './world.js';

/** A promise that was not kept, in words for whoever looks for the cause. */
export interface Breach {
  readonly promise: 'lost' | 'duplicates' | 'unfair' | 'unbalanced';
  readonly what: string;
}

/** What became of the messages of one week. */
export interface Verdict {
  readonly due: number;
  readonly sent: number;
  readonly breaches: readonly Breach[];
  /** Of the policy that repeats: requests that arrived once more, each under the id of the first. */
  readonly repeated: number;
  /** Of the policy that rather leaves it: messages that nobody knows to have arrived, and that did not. The owner was told. */
  readonly leftUnsaid: number;
}

/** One message as it arrived: everything that it ever said, oldest first. */
interface Arrived {
  readonly texts: readonly string[];
}

/** Compares what the vendors show of a week with what was due, worked out from the entries alone. */
export async function judge(world: World, week: Week): Promise<Verdict> {
  const breaches: Breach[] = [];
  let sent = 0;
  let repeated = 0;
  let leftUnsaid = 0;
  const dueOnes = week.workers.filter(isDue);
  for (const worked of week.workers) {
    for (const subscription of Object.values(subscriptions)) {
      const arrived = arrivedOf(world, week, worked, subscription);
      const who = `${worked.worker.name}, week of ${week.monday}, ${subscription}`;
      const say = (promise: Breach['promise'], what: string): void =>
        void breaches.push({ promise, what: `${who}: ${what}` });
      repeated += arrived.repeated;
      for (const { texts } of arrived.messages)
        for (const text of texts)
          if (!isTrue(text, worked))
            say('unfair', `said "${text}", logged were ${worked.hours.join(', then ')} h`);
      if (!isDue(worked)) {
        if (arrived.messages.length > 0) say('unfair', 'something was said, and nothing was due');
        continue;
      }
      if (arrived.messages.length === 0) {
        if (subscription === subscriptions.left && (await isKnownToBeUnknown(world, week, worked)))
          leftUnsaid += 1;
        else say('lost', 'nothing was said');
        continue;
      }
      sent += 1;
      if (arrived.messages.length > 1) say('duplicates', `said ${arrived.messages.length} times`);
      if (subscription === subscriptions.left && arrived.repeated > 0)
        say('duplicates', 'repeated, though it was to be left');
      const last = arrived.messages.at(-1)?.texts.at(-1) ?? '';
      if (!last.startsWith(headline(worked, worked.hours.at(-1) ?? 0)) && isAskedFor(subscription))
        say('lost', `says "${last}" and was not corrected to ${String(worked.hours.at(-1))} h`);
    }
  }
  breaches.push(...(await unbalanced(world, week)));
  return {
    due: dueOnes.length * Object.keys(subscriptions).length,
    sent,
    breaches,
    repeated,
    leftUnsaid,
  };
}

/** A correction that may have arrived is left as it is where the subscription says so. */
const isAskedFor = (subscription: string): boolean => subscription !== subscriptions.left;

const headline = ({ worker }: WorkedWeek, hours: number): string => `${worker.name}: ${hours} of 40 h logged`;

/** Whether it says what stood there at some moment as a whole, or that it is no longer so. */
const isTrue = (text: string, worked: WorkedWeek): boolean =>
  worked.hours.some((hours) => text.startsWith(headline(worked, hours)));

/** What arrived about a person and week; of receivers of web hooks each id once, and how many requests repeated one. */
function arrivedOf(
  world: World,
  week: Week,
  { worker }: WorkedWeek,
  subscription: string,
): { readonly messages: readonly Arrived[]; readonly repeated: number } {
  const period = periodOf(week);
  if (subscription === subscriptions.asked) {
    const { slack } = world.company;
    const rooms = slack.channels().filter(({ name }) => name === `hours-${worker.slug}`);
    const messages = rooms
      .flatMap(({ id }) => slack.messages(id))
      .map(({ text, versions }) => ({ texts: [...versions.map((version) => version.text), text] }))
      .filter(({ texts }) => texts.some((text) => text.includes(period)));
    return { messages, repeated: 0 };
  }
  const taken = world.vendors.taken
    .filter(({ path }) => path === `/${subscription}/${worker.slug}`)
    .map(({ id, body }) => {
      const { data } = JSON.parse(body) as { data: { revision: number; message: { title: string } } };
      return { id, revision: data.revision, title: data.message.title };
    })
    .filter(({ title }) => title.includes(period));
  const ids = new Set(taken.map(({ id }) => id));
  // A later revision corrects the message that it follows; two first ones are two messages.
  const firsts = new Set(taken.filter(({ revision }) => revision === 1).map(({ id }) => id));
  const texts = taken.map(({ title }) => title);
  return {
    messages:
      ids.size === 0 ? [] : [{ texts }, ...[...firsts].slice(1).map(() => ({ texts: [] as string[] }))],
    repeated: taken.length - ids.size,
  };
}

/** As messages name the week: `October 19 – October 25`. */
function periodOf({ monday }: Week): string {
  const first = Temporal.PlainDate.from(monday);
  const name = (day: Temporal.PlainDate): string =>
    day.toLocaleString('en', { month: 'long', day: 'numeric', calendar: 'iso8601' });
  return `(${name(first)} – ${name(first.add({ days: 6 }))})`;
}

/** Whether it is on the books as one of which nobody knows whether it arrived. */
async function isKnownToBeUnknown(world: World, week: Week, { worker }: WorkedWeek): Promise<boolean> {
  const rows = await world.query(
    `select 1 from delivery where subscription = $1 and target->>'url' like '%/' || $2 and message->>'title' like '%' || $3 || '%' and state = 'unknown'`,
    [subscriptions.left, worker.slug, periodOf(week)],
  );
  return rows.length > 0;
}

/** The books of the week against the vendors and against themselves. That their sums agree is a constraint of the tables; here it is asked whether they are true. */
async function unbalanced(world: World, week: Week): Promise<readonly Breach[]> {
  const breaches: Breach[] = [];
  const say = (what: string): void =>
    void breaches.push({ promise: 'unbalanced', what: `week of ${week.monday}: ${what}` });
  for (const { worker, entries, hours } of week.workers) {
    const [kept] = await world.query<{ count: number; hours_kept: number }>(
      `select count(*)::int as count, coalesce(sum(amount), 0)::float8 / 3_600_000 as hours_kept from fact
       where kind = 'work.hours' and subject = $1 and known_until = 'infinity' and key = any($2)`,
      [worker.id, entries.map(({ id }) => id)],
    );
    if (kept?.count !== entries.length || kept.hours_kept !== (hours.at(-1) ?? 0))
      say(
        `${worker.name} has ${entries.length} entries of ${String(hours.at(-1))} h, and ${String(kept?.count)} of ${String(kept?.hours_kept)} h are kept`,
      );
  }
  const isUntouched = week.workers.every(({ hours }) => hours.length === 1);
  const pulls = isUntouched ? await pullsOf(world, week) : [];
  for (const { id, fetched, from, to } of pulls) {
    const there = world.company.entriesIn(from, to);
    if (fetched !== there) say(`the pull ${id} counts ${fetched} entries, ${there} were there`);
  }
  const evaluations = await world.query<{
    subscription: string;
    zone: string;
    subjects: number;
    decisions: number;
  }>(
    `select occurrence.subscription, occurrence.zone, evaluation.subjects,
       (select count(*) from decision where decision.evaluation_id = evaluation.id)::int as decisions
     from occurrence join lateral (select * from evaluation where evaluation.occurrence_id = occurrence.id order by as_of limit 1) evaluation on true
     where occurrence.nominal_at >= $1::date + 7 and occurrence.nominal_at < $1::date + 8`,
    [week.monday],
  );
  for (const { subscription, zone, subjects, decisions } of evaluations) {
    const people = week.workers.filter(({ worker }) => worker.zone === zone).length;
    // The owner of the key is of Kyiv too; nothing is ever due from them.
    const expected = people + (zone === 'Europe/Kyiv' ? 1 : 0);
    if (subjects !== expected || decisions !== expected)
      say(
        `${subscription} in ${zone} counts ${subjects} subjects and ${decisions} decisions of ${expected} people`,
      );
  }
  return breaches;
}

interface CompletePull {
  readonly id: string;
  readonly fetched: number;
  readonly from: Temporal.Instant;
  readonly to: Temporal.Instant;
}

/** Complete pulls that the week was decided on. */
async function pullsOf(world: World, { monday }: Week): Promise<readonly CompletePull[]> {
  const rows = await world.query<{ id: string; fetched: number; from: Date; to: Date }>(
    `select id, fetched, window_from as from, window_to as to from pull where what = 'facts' and state = 'complete'
       and window_from <= $1::date + 1 and window_to >= $1::date + 6 and window_to < $1::date + 9`,
    [monday],
  );
  const instant = (date: Date): Temporal.Instant => Temporal.Instant.fromEpochMilliseconds(date.getTime());
  return rows.map(({ id, fetched, from, to }) => ({ id, fetched, from: instant(from), to: instant(to) }));
}
