import { CompanyReader, teamsOf, type Company } from '#company';
import { hashOf, readText } from '#documents';
import { always, instant, type Fact, type Instant, type Message } from '#domain';
import type { Queues } from '#queues';
import {
  Decisions,
  Deliveries,
  Documents,
  ExpectedDays,
  Forwards,
  Occurrences,
  PullClaims,
  Pulls,
  Troubles,
  type Database,
  type Occurrence,
  type StoredDecision,
  incomingPage,
} from '#storage';
import { testDatabase } from '#storage/testing';
import { Evaluate } from './evaluate.js';
import { Evaluator, occurrenceOf } from './evaluator.js';
import { LookForward } from './forward/look-forward.js';
import { KeepConclusions } from './keep-conclusions.js';
import { Readiness } from './readiness.js';
import { Say } from './say.js';

/** When each story begins, whatever day it is today. */
const BEGIN = '2026-11-18T12:00:00Z';

/** Two teams with three numbers each, which hear of them in places of their own every day at ten in Kyiv. */
const documents = `
kind: Source
name: vtiger
type: vtiger
owner: ops-room
settings: { recordUrl: 'https://acme.odx.vtiger.com/index.php?record={number}' }
---
kind: Channel
name: google-chat
type: google-chat
audience: team
---
kind: Team
name: ferrari
title: Ferrari
---
kind: Team
name: tesla
locale: uk
---
kind: Rule
name: issue-index
each: team
over: latest
audience: team
needs: { vtiger: 30m }
measure: { open: { latest: kpi.openIssues, by: priority, keys: [Critical, High] } }
let: { score: open.Critical * 10.0 + open.High * 5.0 + open.other }
params: { target: 20.0 }
when: '!(has(previous.score) && previous.score == score)'
say: kpi-index
---
kind: Rule
name: oldest-issue
each: team
over: latest
audience: team
needs: { vtiger: 30m }
measure: { score: { oldest: kpi.openIssues } }
params: { target: 30.0 }
when: score > target
say: kpi-age
---
kind: Rule
name: overdue-share
each: team
over: latest
audience: team
needs: { vtiger: 30m }
measure: { late: { overdue: kpi.openIssues }, all: { latest: kpi.openIssues } }
let: { score: 'all > 0.0 ? late / all : 0.0' }
params: { target: 0.1 }
when: score > target
say: kpi-share
---
kind: Exception
rule: issue-index
team: ferrari
params: { target: 10.0 }
---
kind: Subscription
name: kpis
rules: [issue-index, oldest-issue, overdue-share]
digest: true
schedule: { cron: '0 10 * * *', timezone: Europe/Kyiv }
to: { channel: google-chat, space: 'spaces/{{ team.name }}' }
`;

export const issue = (
  key: string,
  over: Partial<Fact['attributes']> & { from?: string; subject?: string } = {},
) => {
  const { from = '2026-11-10T08:00:00Z', subject = 'ferrari', ...attributes } = over;
  return {
    kind: 'kpi.openIssues' as const,
    key,
    subject,
    from: instant(from),
    to: instant(from),
    amount: 1,
    attributes: { priority: 'High', title: `Issue ${key}`, due: null, status: 'Open', ...attributes },
  };
};
export const team = (name: string): Fact => ({
  kind: 'team',
  key: name,
  subject: name,
  from: always,
  to: always,
  amount: 1,
  attributes: {},
});

/** A database with these documents, in which systems are read and runs decided by hand. */
export class TeamWorld {
  readonly occurrences: Occurrences;
  readonly decisions: Decisions;
  readonly deliveries: Deliveries;
  readonly troubles: Troubles;
  readonly evaluator: Evaluator;
  readonly say: Say;
  readonly #pulls: Pulls;
  readonly #claims: PullClaims;
  readonly #evaluate: Evaluate;
  #asked = 0;

  private constructor(
    readonly database: Database,
    readonly drop: () => Promise<void>,
  ) {
    const expectedDays = new ExpectedDays(database);
    this.#pulls = new Pulls(database);
    this.#claims = new PullClaims(database);
    this.occurrences = new Occurrences(database);
    this.decisions = new Decisions(database);
    this.deliveries = new Deliveries(database);
    this.troubles = new Troubles(database);
    this.evaluator = new Evaluator(database, expectedDays, this.#pulls);
    this.say = new Say(database, expectedDays);
    const readiness = new Readiness(this.#pulls);
    this.#evaluate = new Evaluate(
      database,
      new CompanyReader(database),
      this.evaluator,
      this.say,
      new KeepConclusions(database, this.occurrences, this.decisions, this.deliveries, this.troubles),
      this.occurrences,
      this.decisions,
      expectedDays,
      this.#pulls,
      this.troubles,
      silent,
      readiness,
      new LookForward(
        database,
        new CompanyReader(database),
        new Forwards(database),
        this.occurrences,
        this.#pulls,
        this.troubles,
        readiness,
      ),
    );
  }

  static async create(): Promise<TeamWorld> {
    const test = await testDatabase({ aheadMs: Date.parse(BEGIN) - Date.now() });
    await new Documents(test.database).apply(
      readText(documents, 'spec.yaml').documents.map((one) => ({
        kind: one.kind,
        name: one.name,
        content: one.content,
        hash: hashOf(one),
      })),
      'spec',
    );
    return new TeamWorld(test.database, () => test.drop());
  }

  /** A complete pull of all that is there. */
  async read(
    facts: readonly Fact[],
    rejected: readonly { kind: Fact['kind']; key: string; subject: string; why: string }[] = [],
  ): Promise<void> {
    this.#asked += 1;
    const id = `00000000-0000-4000-8000-${String(this.#asked).padStart(12, '0')}`;
    const now = await this.database.now();
    await this.#pulls.want([
      {
        id,
        system: 'vtiger',
        what: 'facts',
        window: { from: now.subtract({ hours: 500 }), to: now.add({ hours: 24 }) },
        askedBy: `test ${this.#asked}`,
        dueAt: now,
      },
    ]);
    const pull = await this.#claims.claim(id, id);
    if (!pull) throw new Error('not claimed');
    await this.#claims.keepPage(pull, await incomingPage({ facts, rejected, cursor: '1' }));
    await this.#claims.complete(pull, ['kpi.openIssues', 'team'], 1);
  }

  /** Looks at the run that was planned so many days ago, asked for by hand just now. */
  async look(daysAgo = 0): Promise<Occurrence> {
    const now = await this.database.now();
    const today = now.toZonedDateTimeISO('Europe/Kyiv').startOfDay();
    const nominal = today.subtract({ days: daysAgo }).add({ hours: 10 }).toInstant();
    const group = { subscription: 'kpis', zone: 'Europe/Kyiv', calendar: '' };
    const id = occurrenceOf({ ...group, nominal_at: nominal });
    await this.occurrences.plan([
      {
        id,
        ...group,
        nominalAt: nominal,
        dueAt: earlier(nominal, now.subtract({ minutes: 2 })),
        untilAt: now.add({ hours: 12 }),
        manual: true,
      },
    ]);
    await this.database.query(
      `update occurrence set wake_at = clock_timestamp(), created_at = created_at - interval '2 minutes' where id = $1`,
      [id],
    );
    await this.#evaluate.run(id);
    const found = await this.occurrences.get(id);
    if (!found) throw new Error('the occurrence is gone');
    return found;
  }

  async company(): Promise<Company> {
    return new CompanyReader(this.database).asOf(await this.database.asOf());
  }

  /** What a run last concluded about a team. */
  async concluded(run: Occurrence, rule: string, name = 'ferrari'): Promise<StoredDecision | undefined> {
    const id = await this.#idOf(name);
    return (await this.decisions.latest(run.id, rule)).find(({ subject }) => subject === id);
  }

  /** What a run says to a team. */
  async said(run: Occurrence, name = 'ferrari'): Promise<Message | undefined> {
    const id = await this.#idOf(name);
    const deliveries = await this.deliveries.ofOccurrence(run.id);
    return deliveries.find(({ subject }) => subject === id)?.message as Message | undefined;
  }

  async #idOf(name: string): Promise<string | undefined> {
    return teamsOf(await this.company()).find((one) => one.name === name)?.id;
  }
}

const earlier = (one: Instant, other: Instant): Instant =>
  one.epochMilliseconds < other.epochMilliseconds ? one : other;

/** Rings nobody: specs look by themselves. */
const silent = { ring: () => Promise.resolve() } as unknown as Queues;
