import {
  GoogleChatSimulator,
  JiandaoyunSimulator,
  JiraSimulator,
  OutlookSimulator,
  SlackSimulator,
} from '#channels/simulators';
import type { LocalDate } from '#domain';
import { SimulatedServer } from '#http/simulation';
import { ClockifySimulator, VtigerSimulator, WecomSimulator } from '#sources/simulators';
import { Temporal } from 'temporal-polyfill';
import { attendanceForm, fillJiandaoyun } from './company-jiandaoyun.js';
import { fillOutlook } from './company-mail.js';
import { fillJira, jiraLogin } from './company-jira.js';
import { fillSlack } from './company-slack.js';
import { fillGoogleChat } from './company-spaces.js';
import { fillVtiger, vtigerLogin } from './company-vtiger.js';
import { fillWecom, wecomApp } from './company-wecom.js';
import { company, extendClockify, fillClockify } from './company.js';
import { Keeper } from './keeper.js';
import { listenNear, portOf } from './listening.js';
import { Observed } from './observed.js';
import { PageServer } from './page/server.js';
import { memorySchema, type Memory } from './sandbox-memory.js';
import { StateFiles } from './state-files.js';

export interface SandboxOptions {
  /** Where the state is kept. */
  readonly directory: string;
  /** Of the page, and then exactly this one; that of the last time by default, else a free one. */
  readonly port?: number;
  /** The day up to which the company's life is told, exclusive; today in UTC by default. */
  readonly today?: LocalDate;
  /** Whether the vendors' rate limits apply; they do by default. */
  readonly limits?: 'vendor' | 'none';
}

/** How much of the company's past Clockify knows at the beginning. */
const weeksBefore = 6;

interface Simulators {
  readonly slack: SlackSimulator;
  readonly googleChat: GoogleChatSimulator;
  readonly jira: JiraSimulator;
  readonly outlook: OutlookSimulator;
  readonly clockify: ClockifySimulator;
  readonly vtiger: VtigerSimulator;
  readonly wecom: WecomSimulator;
  readonly jiandaoyun: JiandaoyunSimulator;
}
type Vendor = keyof Simulators;

/** The simulators behind their ports; the `plan` of one gives that vendor a bad moment. */
type Servers = Readonly<Record<Vendor, SimulatedServer>>;

/** What the vendors gave out, which documents and secrets name. */
interface Accounts {
  readonly clockify: Memory['clockify'];
  readonly googleChat: NonNullable<Memory['googleChat']>;
}

/** Vendors in memory, with an invented company in them, and a page that shows what arrived. On the loopback interface only. */
export class Sandbox {
  private constructor(
    private readonly servers: Servers,
    /** The simulators themselves, for whoever changes them behind their API's back, and then calls `changed`. */
    readonly simulators: Simulators,
    private readonly page: PageServer,
    private readonly keeper: Keeper,
    private readonly accounts: Accounts,
  ) {}

  /** Starts everything: as it was left, where it was left, and told on to today. */
  static async start(options: SandboxOptions): Promise<Sandbox> {
    const files = new StateFiles(options.directory);
    const limits = options.limits ?? 'vendor';
    const simulators: Simulators = {
      slack: new SlackSimulator({ limits }),
      googleChat: new GoogleChatSimulator({ limits }),
      jira: new JiraSimulator({ limits }),
      // What is accepted is there at once: nobody would tell the page of it later.
      outlook: new OutlookSimulator({ limits, lagMs: 0 }),
      clockify: new ClockifySimulator(),
      vtiger: new VtigerSimulator(),
      wecom: new WecomSimulator({ corpId: wecomApp.corpId, limited: limits === 'vendor' }),
      jiandaoyun: new JiandaoyunSimulator({ limits }),
    };
    const before = await recall(files, simulators);
    const filledTo = later(options.today ?? Temporal.Now.plainDateISO('UTC').toString(), before?.filledTo);
    const accounts = tell(simulators, before, filledTo);

    const keeper = new Keeper(files, Object.values(simulators));
    const opened: { close(): Promise<void> }[] = [];
    const keep = <Server extends { close(): Promise<void> }>(server: Server): Server => {
      opened.push(server);
      return server;
    };
    try {
      const open = async (vendor: Vendor): Promise<SimulatedServer> =>
        keep(await serve(vendor, simulators, before?.ports[vendor], keeper));
      const servers: Servers = {
        slack: await open('slack'),
        googleChat: await open('googleChat'),
        jira: await open('jira'),
        outlook: await open('outlook'),
        clockify: await open('clockify'),
        vtiger: await open('vtiger'),
        wecom: await open('wecom'),
        jiandaoyun: await open('jiandaoyun'),
      };
      const openPage = (port: number) =>
        PageServer.listen({ ...simulators, today: filledTo }, (listener) => keeper.onChange(listener), port);
      const page = keep(
        options.port === undefined
          ? await listenNear(before?.ports.page, openPage)
          : await openPage(options.port),
      );
      simulators.slack.site = `${page.url}/`;
      await keeper.save();
      const ports = {
        page: portOf(page.url),
        slack: portOf(servers.slack.url),
        googleChat: portOf(servers.googleChat.url),
        jira: portOf(servers.jira.url),
        outlook: portOf(servers.outlook.url),
        clockify: portOf(servers.clockify.url),
        vtiger: portOf(servers.vtiger.url),
        wecom: portOf(servers.wecom.url),
        jiandaoyun: portOf(servers.jiandaoyun.url),
      };
      await files.write('sandbox', { ports, filledTo, ...accounts } satisfies Memory);
      return new Sandbox(servers, simulators, page, keeper, accounts);
    } catch (error) {
      await Promise.all(opened.map((server) => server.close()));
      throw error;
    }
  }

  /** Of the page, without a trailing slash. */
  get url(): string {
    return this.page.url;
  }

  /** Slack's server. */
  get slack(): SimulatedServer {
    return this.servers.slack;
  }

  /** That of Google Chat, which gives out its tokens too. */
  get googleChat(): SimulatedServer {
    return this.servers.googleChat;
  }

  /** That of Outlook's mail, which gives out its tokens too. */
  get outlook(): SimulatedServer {
    return this.servers.outlook;
  }

  get jira(): SimulatedServer {
    return this.servers.jira;
  }

  get clockify(): SimulatedServer {
    return this.servers.clockify;
  }

  get vtiger(): SimulatedServer {
    return this.servers.vtiger;
  }

  get wecom(): SimulatedServer {
    return this.servers.wecom;
  }

  get jiandaoyun(): SimulatedServer {
    return this.servers.jiandaoyun;
  }

  /** The base URLs that settings take. */
  get endpoints(): Readonly<
    Record<
      | 'slack'
      | 'googleChat'
      | 'googleChatToken'
      | 'jira'
      | 'outlook'
      | 'outlookSignIn'
      | 'clockify'
      | 'clockifyReports'
      | 'vtiger'
      | 'wecom'
      | 'jiandaoyun',
      string
    >
  > {
    return {
      slack: `${this.slack.url}/api/`,
      googleChat: `${this.googleChat.url}/`,
      googleChatToken: `${this.googleChat.url}/token`,
      jira: this.jira.url,
      outlook: `${this.outlook.url}/v1.0/`,
      outlookSignIn: `${this.outlook.url}/`,
      clockify: `${this.clockify.url}/api`,
      clockifyReports: `${this.clockify.url}/report`,
      vtiger: this.vtiger.url,
      wecom: this.wecom.url,
      jiandaoyun: this.jiandaoyun.url,
    };
  }

  /** By the names under which documents refer to them. */
  get secrets(): Readonly<
    Record<
      | 'slack-bot-token'
      | 'google-chat-service-account'
      | 'jira-api-token'
      | 'outlook-client-secret'
      | 'clockify-api-key'
      | 'vtiger-access-key'
      | 'wecom-app-secret'
      | 'jiandaoyun-api-key',
      string
    >
  > {
    return {
      'slack-bot-token': this.simulators.slack.token,
      'google-chat-service-account': this.accounts.googleChat.serviceAccount,
      'jira-api-token': jiraLogin.token,
      'outlook-client-secret': this.simulators.outlook.entra.clientSecret,
      'clockify-api-key': this.accounts.clockify.apiKey,
      'vtiger-access-key': vtigerLogin.accessKey,
      'wecom-app-secret': wecomApp.secret,
      'jiandaoyun-api-key': this.simulators.jiandaoyun.apiKey,
    };
  }

  /** The one workspace that Clockify has. */
  get clockifyWorkspaceId(): string {
    return this.accounts.clockify.workspaceId;
  }

  /** The company's tenant of Microsoft, and the app in it. */
  get outlookApp(): { readonly tenant: string; readonly clientId: string } {
    const { tenantId: tenant, clientId } = this.simulators.outlook.entra;
    return { tenant, clientId };
  }

  /** The company's id in WeCom. */
  get wecomCorpId(): string {
    return this.simulators.wecom.corpId;
  }

  /** The one form that Jiandaoyun has, as a Forward's destination names it. */
  get jiandaoyunForm(): { readonly app: string; readonly form: string } {
    const { appId, entryId } = attendanceForm(this.simulators.jiandaoyun);
    return { app: appId, form: entryId };
  }

  /** Where the page shows a task of Vtiger, as a source's settings take it. */
  get vtigerRecordUrl(): string {
    return `${this.url}/vtiger#t{number}`;
  }

  /** To be called after a simulator was changed directly: it is saved, and the page looks again. */
  changed(): void {
    this.keeper.touch();
  }

  async stop(): Promise<void> {
    await Promise.all([this.page, ...Object.values(this.servers)].map((server) => server.close()));
    await this.keeper.save();
  }
}

/** Gives the simulators the state of the last time, as far as there is one. */
async function recall(files: StateFiles, simulators: Simulators): Promise<Memory | undefined> {
  const memory = await files.read('sandbox');
  if (memory === undefined) return undefined;
  for (const simulator of Object.values(simulators)) {
    const saved = await files.read(simulator.id);
    if (saved !== undefined) simulator.load(saved);
  }
  return memorySchema.parse(memory);
}

/** Tells the company's life: from its beginning the first time, afterwards the days since the last. */
function tell(
  { slack, googleChat, jira, outlook, clockify, vtiger, wecom, jiandaoyun }: Simulators,
  before: Memory | undefined,
  today: LocalDate,
): Accounts {
  const people = company(today);
  fillSlack(slack, people, today);
  fillGoogleChat(googleChat);
  fillJira(jira);
  fillOutlook(outlook);
  fillVtiger(vtiger, today);
  fillWecom(wecom, today);
  fillJiandaoyun(jiandaoyun);
  if (before && before.filledTo < today) extendClockify(clockify, people, before.filledTo, today);
  return {
    clockify: before?.clockify ?? fillClockify(clockify, people, today, weeksBefore),
    googleChat: before?.googleChat ?? {
      serviceAccount: JSON.stringify(googleChat.credentials.issueKey()),
    },
  };
}

/** A clock that was set back tells nothing anew. */
const later = (day: LocalDate, other: LocalDate | undefined): LocalDate =>
  other !== undefined && other > day ? other : day;

/** What may have changed something. Whatever only reads is not worth saving for. */
const mayChange: Readonly<Record<Vendor, ConstructorParameters<typeof Observed>[1]>> = {
  slack: () => true,
  googleChat: ({ method }) => method !== 'GET',
  // Search reads by POST.
  jira: ({ method, path }) => method !== 'GET' && !path.endsWith('/search/jql'),
  outlook: ({ method }) => method !== 'GET',
  // The reports' API reads by POST.
  clockify: ({ method, path }) => method !== 'GET' && !path.startsWith('/report/'),
  vtiger: ({ method }) => method !== 'GET',
  // What is asked of it is read, by POST too.
  wecom: () => false,
  // Here too questions are asked by POST.
  jiandaoyun: ({ path }) => /\/data\/(batch_)?(create|update|delete)$/.test(path),
};

const serve = (
  vendor: Vendor,
  simulators: Simulators,
  port: number | undefined,
  keeper: Keeper,
): Promise<SimulatedServer> =>
  listenNear(port, (free) =>
    SimulatedServer.listen(
      new Observed(simulators[vendor], mayChange[vendor], () => {
        keeper.touch();
      }),
      free,
    ),
  );
