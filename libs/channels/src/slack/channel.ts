import { z } from 'zod';
import { RemoteError, type HttpClient } from '#http';
import type { Channel } from '../contract.js';
import { slackClient } from './client.js';
import { find, send, update } from './deliveries.js';
import { people } from './people.js';
import { probe } from './probe.js';
import { render } from './render.js';
import { room } from './rooms.js';
import { authTest } from './schema.js';
import { slackDestination, type SlackSettings } from './settings.js';

/** One Slack workspace. */
export function connectSlack(settings: SlackSettings, http: HttpClient): Channel {
  const client = (signal: AbortSignal) => slackClient(settings, http, signal);

  /** The bot's own user id: it never changes for a token, so it is asked for once. */
  let botId: string | undefined;
  const bot = async (signal: AbortSignal): Promise<string> =>
    (botId ??= (await client(signal).call('auth.test', {}, authTest)).user_id);

  return {
    render,
    send: (message, to, attempt) => send(client(attempt.signal), message, to, attempt),
    update: (previous, message, attempt) => update(client(attempt.signal), previous, message, attempt),
    find: (attempt, to, since) => find(client(attempt.signal), attempt, to, since),
    room: async (spec, signal) => room(client(signal), spec, await bot(signal)),
    async address(destination) {
      const { data } = z.object(slackDestination.shape).safeParse(destination);
      if (data) return { id: data.channelId };
      throw new RemoteError('slack', 'rejected', 'refused', 'the destination names no channelId of Slack');
    },
    people: (signal) => people(client(signal)),
    probe: (signal) => probe(client(signal)),
  };
}
