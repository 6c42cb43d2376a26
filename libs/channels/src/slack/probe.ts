import { RemoteError, type Finding } from '#http';
import type { SlackClient } from './client.js';
import { authTest } from './schema.js';

/** What each scope is needed for. https://docs.slack.dev/reference/scopes */
const scopes: readonly {
  readonly scope: string;
  readonly level: 'problem' | 'warning';
  readonly use: string;
}[] = [
  { scope: 'chat:write', level: 'problem', use: 'to send messages' },
  { scope: 'groups:write', level: 'problem', use: 'to make rooms and keep their members' },
  { scope: 'groups:read', level: 'problem', use: 'to see who is in a room' },
  { scope: 'groups:history', level: 'problem', use: 'to find out whether a message arrived' },
  { scope: 'users:read', level: 'problem', use: 'to know the people of the workspace' },
  { scope: 'users:read.email', level: 'problem', use: 'to match people by e-mail' },
  { scope: 'chat:write.public', level: 'warning', use: 'to send to public channels without joining them' },
  {
    scope: 'channels:history',
    level: 'warning',
    use: 'to find out whether a message arrived in a public channel',
  },
];

/** Whether the token is good and may do what is done here. Slack tells a token's scopes in the header `x-oauth-scopes`. */
export async function probe(client: SlackClient): Promise<readonly Finding[]> {
  let granted: readonly string[] | undefined;
  let workspace: string;
  try {
    const answer = await client.call('auth.test', {}, authTest);
    granted = answer.response_metadata?.scopes?.filter(Boolean);
    workspace = answer.team ? ` in ${answer.team}` : '';
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    const remedy =
      error.reason === 'unauthorized'
        ? 'install the app again and put its new bot token into the secret'
        : 'check the baseUrl and the network; https://slack-status.com says how Slack is';
    return [{ level: 'problem', about: 'token', message: error.message, remedy }];
  }
  const token: Finding = { level: 'ok', about: 'token', message: `Slack accepts the token${workspace}` };
  if (!granted)
    return [
      token,
      { level: 'warning', about: 'scopes', message: 'Slack did not say which scopes the token has' },
    ];
  const missing = scopes
    .filter(({ scope }) => !granted.includes(scope))
    .map(({ scope, level, use }): Finding => ({
      level,
      about: `scope ${scope}`,
      message: `the scope ${scope} is missing: it is needed ${use}`,
      remedy: `add ${scope} under "OAuth & Permissions" of the app and install it again`,
    }));
  return [
    token,
    ...(missing.length > 0
      ? missing
      : [{ level: 'ok' as const, about: 'scopes', message: 'the token has every scope that is needed' }]),
  ];
}
