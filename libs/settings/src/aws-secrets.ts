import type { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SecretStore } from './secrets.js';

export interface SecretsManagerOptions {
  readonly region: string;
  /** What the names in AWS begin with: `carillon/` for `carillon/clockify-api-key`. */
  readonly prefix: string;
  /** Another address of the service, such as a VPC endpoint. */
  readonly endpoint?: string;
}

/** A stored value that is bytes, not text. */
class BinarySecretError extends Error {
  override readonly name = 'BinarySecretError';
}

/**
 * AWS Secrets Manager, with the credentials that the SDK finds by itself (IAM role, profile, environment). A secret is one plain text, not
 * the key/value pairs that the console proposes. The SDK is loaded at the first question: it costs a start-up a tenth of a second.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
export function secretsManager({ region, prefix, endpoint }: SecretsManagerOptions): SecretStore {
  let client: Promise<{ client: SecretsManagerClient; Command: typeof GetSecretValueCommand }> | undefined;
  const connect = async () => {
    const { SecretsManagerClient, GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
    const options = {
      region,
      ...(endpoint !== undefined && { endpoint }),
      requestHandler: { connectionTimeout: 3000, requestTimeout: 5000 },
    };
    return { client: new SecretsManagerClient(options), Command: GetSecretValueCommand };
  };
  return {
    place: (name) => `AWS Secrets Manager ${region} ${prefix}${name}`,
    find: async (name) => {
      client ??= connect();
      const { client: connected, Command } = await client;
      try {
        const { SecretString, SecretBinary } = await connected.send(
          new Command({ SecretId: `${prefix}${name}` }),
        );
        if (SecretString === undefined && SecretBinary !== undefined)
          throw new BinarySecretError(`${prefix}${name} is binary`);
        return SecretString;
      } catch (error) {
        if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
        throw error;
      }
    },
  };
}
