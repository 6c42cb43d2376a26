import { GoogleChatSimulator } from '#channels/simulators';
import type { SimulatedServer } from '#http/simulation';
import { VtigerSimulator } from '#sources/simulators';
import { Explainer } from '../../services/carillon/src/explain/explainer.js';
import { explanationText } from '../../services/carillon/src/explain/text.js';
import { World, type WorldOptions } from './world.js';

const accessKey = 'kN4pQ7rS2tV9wX1y';

/** Four teams: three that Vtiger knows, and Volvo, of which it has never heard. */
export const teams = `
kind: Team
name: ferrari
title: Ferrari
lead: lead@acme.example
members: [olena@acme.example]
---
kind: Team
name: porsche
title: Porsche
locale: uk
---
kind: Team
name: tesla
title: Tesla
locale: ko
---
kind: Team
name: volvo
title: Volvo
locale: zh
`;

const about = (name: string, say: string, rest: string): string => `
kind: Rule
name: ${name}
each: team
over: latest
audience: team
needs: { vtiger: 30m }
say: ${say}
${rest}`;

/** Four numbers about the same facts. */
export const rules = [
  about(
    'issue-index',
    'kpi-index',
    `
measure: { open: { latest: kpi.openIssues, by: priority, keys: [Critical, High, Medium] } }
let: { score: open.Critical * 10.0 + open.High * 5.0 + open.Medium * 2.0 + open.other }
params: { target: 20.0 }
when: 'true'
`,
  ),
  about(
    'open-issues',
    'kpi-count',
    `
measure: { score: { latest: kpi.openIssues } }
params: { target: 3.0 }
when: score > target
`,
  ),
  about(
    'oldest-issue',
    'kpi-age',
    `
measure: { score: { oldest: kpi.openIssues } }
params: { target: 30.0 }
when: score > target
`,
  ),
  about(
    'overdue-share',
    'kpi-share',
    `
measure: { late: { overdue: kpi.openIssues }, all: { latest: kpi.openIssues } }
let: { score: 'all > 0.0 ? late / all : 0.0' }
params: { target: 0.1 }
when: score > target
`,
  ),
].join('---');

/** A team's numbers, as one card. */
export const subscription = (
  team: string,
  rhythm: { readonly cron: string; readonly zone: string },
  to: string,
  name = team,
): string => `
kind: Subscription
name: ${name}
rules: [issue-index, open-issues, oldest-issue, overdue-share]
digest: true
for: { team: ${team} }
schedule: { cron: '${rhythm.cron}', timezone: ${rhythm.zone} }
to: ${to}
`;

export interface Task {
  readonly title: string;
  readonly priority: string;
  readonly createdAt: string;
  readonly due: string;
  readonly hidden: boolean;
  /** Fields that are left out where it is shown. */
  readonly missing: readonly string[];
}

/** A world whose issues are in Vtiger and whose teams have spaces in Google Chat. Chat's clock is the real one, as tokens are asked for by it. */
export class TeamKpis {
  readonly groups: { readonly ferrari: string; readonly porsche: string; readonly tesla: string };
  readonly #reader: string;

  private constructor(
    readonly world: World,
    readonly vtiger: VtigerSimulator,
    readonly vtigerServer: SimulatedServer,
    readonly chat: GoogleChatSimulator,
    readonly chatServer: SimulatedServer,
  ) {
    this.#reader = vtiger.addUser({ name: 'carillon', email: 'carillon@acme.example', accessKey });
    this.groups = {
      ferrari: vtiger.addGroup({ name: 'Ferrari' }),
      porsche: vtiger.addGroup({ name: 'Porsche' }),
      tesla: vtiger.addGroup({ name: 'Tesla' }),
    };
    vtiger.setPicklist('Calendar', 'taskpriority', ['Critical', 'High', 'Medium', 'Low']);
    for (const team of ['ferrari', 'porsche', 'tesla', 'volvo'])
      chat.addSpace({ id: `AAAA${team}`, displayName: team });
    for (const name of ['ops', 'carillon-key']) world.slack.addUser({ email: `${name}@acme.example`, name });
  }

  static async start(options: WorldOptions & { readonly at: string }): Promise<TeamKpis> {
    const chat = new GoogleChatSimulator({ limits: options.limits ?? 'none' });
    const world = await World.start({
      ...options,
      secrets: {
        'vtiger-access-key': accessKey,
        'google-chat-service-account': JSON.stringify(chat.credentials.issueKey()),
      },
    });
    const vtiger = new VtigerSimulator({ now: world.now });
    return new TeamKpis(world, vtiger, await world.bring(vtiger), chat, await world.bring(chat));
  }

  /** Everything but who hears what, and when. */
  documents(...more: readonly string[]): string {
    return this.world.documents(this.source(), this.channel(), teams, rules, ...more);
  }

  source(more = ''): string {
    return `
kind: Source
name: vtiger
type: vtiger
owner: ops-room
settings:
  baseUrl: ${this.vtigerServer.url}
  username: carillon
  accessKey: { secret: vtiger-access-key }
  recordUrl: https://acme.odx.vtiger.com/index.php?module=Calendar&view=Detail&record={number}
  teams: { ferrari: { groups: [Ferrari] }, porsche: { groups: [Porsche] }, tesla: { groups: [Tesla] } }
  ${more}
`;
  }

  /** @param audience who at most reads in the spaces, by whoever vouches for it */
  channel(audience: 'audience: team' | '' = 'audience: team', webhooks = '{}'): string {
    return `
kind: Channel
name: google-chat
type: google-chat
owner: ops-room
${audience}
settings:
  serviceAccount: { secret: google-chat-service-account }
  webhooks: ${webhooks}
  baseUrl: ${this.chatServer.url}/
  tokenUrl: ${this.chatServer.url}/token
`;
  }

  task(team: keyof TeamKpis['groups'], task: Partial<Task> = {}): string {
    return this.vtiger.addRecord({
      module: 'Calendar',
      owner: this.groups[team],
      createdAt: task.createdAt ?? this.world.now().toISOString(),
      hidden: task.hidden ?? false,
      missing: task.missing ?? [],
      values: {
        subject: task.title ?? 'Call back',
        taskstatus: 'In Progress',
        taskpriority: task.priority ?? 'High',
        date_start: '2026-02-20',
        due_date: task.due ?? '2028-12-31',
      },
    });
  }

  close(task: string): void {
    this.vtiger.editRecord(task, { values: { taskstatus: 'Completed' } });
  }

  /** The user's access key is made anew, or is again what it was. */
  setAccessKey(to: 'another' | 'the one we have'): void {
    this.vtiger.editUser(this.#reader, { accessKey: to === 'another' ? 'a'.repeat(16) : accessKey });
  }

  /** Lets time pass until a moment, and what has come due be said. */
  async live(at: string): Promise<void> {
    await this.world.goTo(at);
    await this.world.settle();
  }

  /** Reads Vtiger once more, and lets everything follow from it. */
  async readAgain(): Promise<void> {
    const now = this.world.now();
    const before = new Date(now.getTime() - 3_600_000);
    await this.world.pull(before.toISOString(), now.toISOString(), [], 'vtiger');
  }

  /** What there is to read in a team's space: the lines of each card, without their tags, oldest first. */
  cards(team: string): readonly (readonly string[])[] {
    return this.chat.messages(`spaces/AAAA${team}`).map(({ content }) => linesOf(content.cardsV2 ?? []));
  }

  /** The first lines of the cards in a team's space. */
  titles(team: string): readonly string[] {
    return this.cards(team).map(([title = '']) => title);
  }

  /** What Chat silently did with any message; nothing, ever. */
  remarks(): readonly string[] {
    return this.chat
      .spaces()
      .flatMap(({ name }) => this.chat.timeline(name))
      .flatMap(({ remarks }) => remarks);
  }

  /** What owners are told now: the titles, and behind them everything else. */
  told(): readonly string[] {
    const room = this.world.slack.channels().find(({ name }) => name === 'carillon-ops');
    return room
      ? this.world.slack.messages(room.id).map(({ text, blocks }) => `${text} ${JSON.stringify(blocks)}`)
      : [];
  }

  /** Why a message of Chat is there, found by the id that the app gave it. */
  async explained(team: string): Promise<string> {
    const id = this.chat.messages(`spaces/AAAA${team}`)[0]?.clientId ?? '';
    return explanationText(await new Explainer(this.world.test.database).delivery(id.replace('client-', '')));
  }
}

/** A card as it is read, line by line; what it says with entities is what they stand for. */
function linesOf(cards: unknown): readonly string[] {
  if (Array.isArray(cards)) return cards.flatMap(linesOf);
  if (typeof cards !== 'object' || cards === null) return [];
  const { topLabel, title, text, ...rest } = cards as Readonly<Record<string, unknown>>;
  const own = typeof text === 'string' ? plain(text).split('\n') : [];
  return [
    ...(typeof title === 'string' ? [title] : []),
    ...(typeof topLabel === 'string' ? [`${topLabel}: ${own.join(' ')}`] : own),
    ...Object.values(rest).flatMap(linesOf),
  ];
}

const entities: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };
const plain = (html: string): string =>
  html
    .replaceAll('<br>', '\n')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&(?:lt|gt|amp);/g, (entity) => entities[entity] ?? '');
