import { RemoteError, type Finding } from '#http';
import type { ChatApi } from './api.js';
import { spaces } from './schema.js';

/** More spaces than these are only counted. */
const shownSpaces = 20;

/** Whether the app's key is good and which spaces it is in. Webhooks cannot be asked without saying something. */
export async function probe(
  api: ChatApi | undefined,
  webhooks: readonly string[],
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  return [
    ...(api ? await probeApp(api, signal) : []),
    ...webhooks.map((name): Finding => ({
      level: 'ok',
      about: `webhook ${name}`,
      message: `The URL of ${name} is well-formed; only a message shows whether the webhook is still there.`,
    })),
  ];
}

async function probeApp(api: ChatApi, signal: AbortSignal): Promise<readonly Finding[]> {
  try {
    const page = await api.call({
      label: 'listing spaces',
      method: 'GET',
      path: 'spaces',
      query: { pageSize: '1000' },
      answer: spaces,
      signal,
    });
    return [
      { level: 'ok', about: 'service account', message: 'Google accepts the key of the service account.' },
      page.spaces.length === 0 ? inNoSpace : inSpaces(page),
    ];
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    return [{ level: 'problem', about: 'service account', message: error.message, remedy: remedyFor(error) }];
  }
}

const inNoSpace: Finding = {
  level: 'warning',
  about: 'spaces',
  message: 'The app is in no space yet.',
  remedy: 'open the space, "Apps & integrations", "Add apps", and add it',
};

function inSpaces({ spaces: found, nextPageToken }: ReturnType<typeof spaces.parse>): Finding {
  const shown = found
    .slice(0, shownSpaces)
    .map(({ name, displayName }) => (displayName === '' ? name : `${displayName} (${name})`));
  const more = found.length > shown.length || nextPageToken ? ', …' : '';
  return {
    level: 'ok',
    about: 'spaces',
    message: `The app is in ${found.length}${nextPageToken ? ' or more' : ''} space${found.length === 1 ? '' : 's'}: ${shown.join(', ')}${more}`,
  };
}

const remedyFor = ({ reason, status }: RemoteError): string =>
  reason !== 'unauthorized'
    ? 'check baseUrl, tokenUrl and the network; https://www.google.com/appsstatus says how Chat is'
    : status === 403
      ? 'turn the Google Chat API on in the project of the service account, and configure the app there'
      : 'make a new key for the service account and put its JSON file into the secret';
