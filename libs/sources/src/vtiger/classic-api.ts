import { createHash } from 'node:crypto';
import { RemoteError } from '#http';
import { z } from 'zod';
import {
  resultOf,
  sessionEnded,
  shaped,
  type Call,
  type Operation,
  type VtigerApi,
  type Way,
} from './api.js';

const challenge = z.object({ token: z.string().min(1) });
const session = z.object({ sessionName: z.string().min(1) });

/** A challenge makes the same user's earlier one void, so that a login of somebody else at this moment makes ours fail: it is tried again. */
const LOGIN_TRIES = 3;
const overtaken: ReadonlySet<string | undefined> = new Set([
  'INVALID_AUTH_TOKEN',
  'INVALID_USER_CREDENTIALS',
]);

/** The classic web service (`webservice.php`): challenge, login, and a session that ends after half an hour's rest or a day. */
export class ClassicApi implements VtigerApi {
  #session: Promise<string> | undefined;

  constructor(private readonly way: Way) {}

  async ask(
    operation: Operation,
    parameters: Readonly<Record<string, string>>,
    call: Call,
  ): Promise<unknown> {
    const sessionName = await this.#open(call);
    try {
      return await this.#get({ operation, sessionName, ...parameters }, call);
    } catch (error) {
      if (!(error instanceof RemoteError) || !sessionEnded.has(error.code ?? '')) throw error;
    }
    this.#session = undefined;
    return this.#get({ operation, sessionName: await this.#open(call), ...parameters }, call);
  }

  /** One login at a time, and one session for all who ask. */
  #open(call: Call): Promise<string> {
    const known = this.#session;
    if (known) return known;
    const opening = this.#login(call);
    this.#session = opening;
    opening.catch(() => {
      if (this.#session === opening) this.#session = undefined;
    });
    return opening;
  }

  async #login({ signal }: Call): Promise<string> {
    const { username, accessKey } = this.way.settings;
    for (let attempt = 1; ; attempt += 1) {
      const asked = { label: 'challenge', signal };
      const { token } = shaped(
        challenge,
        await this.#get({ operation: 'getchallenge', username }, asked),
        asked.label,
      );
      const form = {
        operation: 'login',
        username,
        accessKey: createHash('md5')
          .update(token + accessKey)
          .digest('hex'),
      };
      try {
        const response = await this.way.http.request({
          method: 'POST',
          url: this.#url,
          label: 'login',
          form,
          signal,
          reads: true,
        });
        return shaped(session, resultOf(response, 'login'), 'login').sessionName;
      } catch (error) {
        if (!(error instanceof RemoteError) || !overtaken.has(error.code) || attempt >= LOGIN_TRIES)
          throw error;
      }
    }
  }

  async #get(parameters: Readonly<Record<string, string>>, { label, signal }: Call): Promise<unknown> {
    const search = new URLSearchParams(parameters).toString().replaceAll('+', '%20');
    const response = await this.way.http.request({
      method: 'GET',
      url: `${this.#url}?${search}`,
      label,
      signal,
    });
    return resultOf(response, label);
  }

  get #url(): string {
    return `${this.way.settings.baseUrl}/webservice.php`;
  }
}
