import { createHash, timingSafeEqual } from 'node:crypto';
import {
  Injectable,
  ServiceUnavailableException,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { SecretError, Secrets } from '#settings';
import { createLogger } from '#telemetry';

/** The name of the secret. */
const TOKEN = 'gateway-token';
/** What a bearer token may be made of: https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
const wellFormed = /^[\w.~+/-]{32,}=*$/;
const LOG_EVERY_MS = 10_000;

const log = createLogger('gateway');

interface IncomingRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Lets in whoever has the token. Where there is none nobody is let in. */
@Injectable()
export class TokenGuard implements CanActivate {
  #refused = 0;
  #loggedAt = -Infinity;

  constructor(private readonly secrets: Secrets) {}

  /** Throws what becomes a 401, or a 503 where there is no token to compare with. */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const expected = await this.#token();
    const { authorization } = context.switchToHttp().getRequest<IncomingRequest>().headers;
    const [, given] = (typeof authorization === 'string' && /^Bearer +(\S+)$/i.exec(authorization)) || [];
    if (given !== undefined && isSame(given, expected)) return true;
    this.#countRefusal();
    throw new UnauthorizedException();
  }

  /** Read anew for each request, so that a rotated one is taken up by itself. */
  async #token(): Promise<string> {
    try {
      const token = (await this.secrets.resolve(TOKEN)).reveal();
      if (wellFormed.test(token)) return token;
    } catch (error) {
      if (!(error instanceof SecretError)) throw error;
    }
    throw new ServiceUnavailableException(
      `Nobody is let in before there is a token: set the secret ${TOKEN} (CARILLON_SECRET_GATEWAY_TOKEN, or the file ${TOKEN} in CARILLON_SECRETS_DIR) to at least 32 random letters and digits.`,
    );
  }

  /** A line at most every ten seconds, however many try; what was given is in none. */
  #countRefusal(): void {
    this.#refused += 1;
    const now = performance.now();
    if (now - this.#loggedAt < LOG_EVERY_MS) return;
    this.#loggedAt = now;
    log.warn('requests refused: no token, or a wrong one', { refusedSinceStart: this.#refused });
  }
}

/** In a time that tells nothing of either. */
const isSame = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other));

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
