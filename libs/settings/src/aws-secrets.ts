import type { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SecretStore } from './secrets.js';

export interface SecretsManagerOptions {
  /** Where AWS' own chain has it (`AWS_REGION`, profile) if absent. */
  readonly region?: string;
  /** What the names in AWS begin with: `carillon/` for `carillon/clockify-api-key`. Empty: names are whole. */
  readonly prefix: string;
  /** Another address of the service, such as a VPC endpoint; `AWS_ENDPOINT_URL_SECRETS_MANAGER` says it, too. */
  readonly endpoint?: string;
  /** Milliseconds that only grow. */
  readonly now?: () => number;
}

/** What stands in the place of a stored value that cannot be used; its name is all that is said of it. */
class StoredOtherwise extends Error {
  constructor(override readonly name: 'BinarySecret' | 'NoJsonObject' | 'NoSuchKey' | 'NoRegion') {
    super(name);
  }
}

/** Each question costs money and counts against a limit, and several settings may be keys of one secret. */
const KEEP_MS = 60_000;
/** While AWS does not answer, what it said before is better than nothing. */
const KEEP_AT_MOST_MS = 60 * 60_000;

/** AWS has answered, and trying again changes nothing: what was known before counts no longer. */
const answers = new Set([
  'AccessDeniedException',
  'DecryptionFailure',
  'InvalidParameterException',
  'InvalidRequestException',
  'ResourceNotFoundException',
  'UnrecognizedClientException',
]);

interface Answer {
  readonly since: number;
  /** How often it had been renewed when it was asked for. */
  readonly renewal: number;
  readonly value: Promise<string | undefined>;
}

/**
 * AWS Secrets Manager, with the credentials that the SDK finds by itself (IAM role, profile, environment). A name is a secret's, or
 * `<secret>#<key>` for one of the key/value pairs that the console proposes. The SDK is loaded at the first question: it costs a start-up a tenth
 * of a second. @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
export function secretsManager(options: SecretsManagerOptions): SecretStore {
  const { region, prefix, now = () => performance.now() } = options;
  let client: ReturnType<typeof connect> | undefined;
  let renewal = 0;
  const newest = new Map<string, Answer>();
  const lastGood = new Map<string, Answer>();

  const ask = async (id: string): Promise<string | undefined> => {
    client ??= connect(options);
    const { client: connected, Command } = await client;
    try {
      const { SecretString, SecretBinary } = await connected.send(new Command({ SecretId: id }));
      if (SecretString === undefined && SecretBinary !== undefined) throw new StoredOtherwise('BinarySecret');
      return SecretString;
    } catch (error) {
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
      if (error instanceof Error && error.message.includes('Region is missing'))
        throw new StoredOtherwise('NoRegion');
      throw error;
    }
  };
  /** At most one question about a secret is under way. */
  const newestOf = (id: string): Answer => {
    const known = newest.get(id);
    if (known?.renewal === renewal && now() - known.since < KEEP_MS) return known;
    const asked = { since: now(), renewal, value: ask(id) };
    newest.set(id, asked);
    return asked;
  };
  const read = async (id: string): Promise<string | undefined> => {
    const answer = newestOf(id);
    try {
      const value = await answer.value;
      lastGood.set(id, answer);
      return value;
    } catch (error) {
      // The next one asks again.
      if (newest.get(id) === answer) newest.delete(id);
      const before = lastGood.get(id);
      if (isAnswer(error)) lastGood.delete(id);
      else if (before && now() - before.since < KEEP_AT_MOST_MS) return before.value;
      throw error;
    }
  };
  return {
    place: (name) => {
      const [id = '', key] = name.split('#');
      return `AWS Secrets Manager ${region === undefined ? '' : `${region} `}${prefix}${id}${key === undefined ? '' : `, key ${key}`}`;
    },
    find: async (name) => {
      const [id = '', key] = name.split('#');
      const text = await read(`${prefix}${id}`);
      return key === undefined || text === undefined ? text : valueOf(text, key);
    },
    renew: () => {
      renewal += 1;
    },
  };
}

const isAnswer = (error: unknown): boolean =>
  error instanceof StoredOtherwise || (error instanceof Error && answers.has(error.name));

async function connect({ region, endpoint }: SecretsManagerOptions): Promise<{
  readonly client: SecretsManagerClient;
  readonly Command: typeof GetSecretValueCommand;
}> {
  const { SecretsManagerClient, GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
  const client = new SecretsManagerClient({
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    requestHandler: { connectionTimeout: 3000, requestTimeout: 5000 },
  });
  return { client, Command: GetSecretValueCommand };
}

/** The parser's own error would quote the text. */
function valueOf(text: string, key: string): string {
  const pairs = parsed(text);
  if (typeof pairs !== 'object' || pairs === null || Array.isArray(pairs))
    throw new StoredOtherwise('NoJsonObject');
  const value: unknown = Object.hasOwn(pairs, key) ? Reflect.get(pairs, key) : undefined;
  if (typeof value !== 'string') throw new StoredOtherwise('NoSuchKey');
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
