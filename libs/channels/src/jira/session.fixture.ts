import { instant, type Message } from '#domain';
import { createHttpClient } from '#http';
import { impatient, patienceMs, SimulatedServer, type SimulatedRequest } from '#http/simulation';
import type { Attempt, Channel } from '../contract.js';
import { jira } from './index.js';
import {
  JiraSimulator,
  type JiraPerson,
  type JiraProjectSpec,
  type JiraSimulatorOptions,
} from './simulator.js';

/** A site with the project OPS, Carillon's account and Olena in it, and the channel that is connected to it. */
export interface Session {
  readonly site: JiraSimulator;
  readonly server: SimulatedServer;
  readonly channel: Channel;
  readonly bot: JiraPerson;
  readonly olena: JiraPerson;
  readonly token: string;
  readonly destination: (more?: Readonly<Record<string, unknown>>) => Promise<{ readonly id: string }>;
}

const servers: SimulatedServer[] = [];

export async function open(
  options: JiraSimulatorOptions & {
    readonly project?: Partial<JiraProjectSpec>;
    readonly searchLagSeconds?: number;
    /** Before the project is made, which may name what is added. */
    readonly prepare?: (site: JiraSimulator) => Partial<JiraProjectSpec>;
  } = {},
): Promise<Session> {
  const { project, searchLagSeconds = 0, prepare, ...simulated } = options;
  const site = new JiraSimulator({ limits: 'none', indexLagMs: 0, ...simulated });
  const bot = site.addPerson({ displayName: 'Carillon', emailAddress: 'carillon@acme.example' });
  const olena = site.addPerson({ displayName: 'Olena', emailAddress: 'olena@acme.example' });
  site.addProject({ key: 'OPS', ...project, ...prepare?.(site) });
  const token = site.issueToken(bot.accountId);
  const server = await SimulatedServer.listen(site);
  servers.push(server);
  const settings = jira.settings.parse({
    baseUrl: server.url,
    email: bot.emailAddress,
    apiToken: token,
    searchLagSeconds,
  });
  const http = impatient(createHttpClient({ system: 'jira', timeoutMs: patienceMs }), patienceMs);
  const channel = jira.connect(settings, http);
  return {
    site,
    server,
    channel,
    bot,
    olena,
    token,
    async destination(more = {}) {
      const address = await channel.address?.({ project: 'OPS', ...more }, AbortSignal.timeout(patienceMs));
      if (!address) throw new Error('the channel has no plain destinations');
      return address;
    },
  };
}

export const closeAll = async (): Promise<void> => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
};

export const attemptOf = (more: Partial<Attempt> = {}): Attempt => ({
  deliveryId: '0b9f7d0e-1c2d-5e5f-8a9b-0c1d2e3f4a5b',
  revision: 1,
  number: 1,
  beganAt: instant('2026-11-23T22:30:00Z'),
  signal: AbortSignal.timeout(patienceMs),
  ...more,
});

export const messageOf = (title: string, more: Partial<Message> = {}): Message => ({
  locale: 'en',
  title,
  blocks: [{ type: 'text', text: [`About: ${title}`] }],
  ...more,
});

export const creates = ({ method, path }: SimulatedRequest): boolean =>
  method === 'POST' && path.endsWith('/issue');
export const edits = ({ method }: SimulatedRequest): boolean => method === 'PUT';
export const comments = ({ method, path }: SimulatedRequest): boolean =>
  method === 'POST' && path.endsWith('/comment');
