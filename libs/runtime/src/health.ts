import { Controller, Get, HttpCode, Inject, Res } from '@nestjs/common';
import { createLogger } from '#telemetry';
import { patience, Stopping } from './stopping.js';

/** Resolves where the part works, rejects where it does not. */
export type HealthCheck = () => Promise<unknown>;

export interface Readiness {
  readonly ready: boolean;
  /** By name. What exactly was thrown is in the log, because this endpoint needs no credentials. */
  readonly checks: Readonly<Record<string, 'ok' | 'failed'>>;
  /** Why it is not ready, in words that tell what to look at; empty where it is. Fixed texts and codes of errors, so never a secret. */
  readonly reasons: readonly string[];
  /** What the process tells of itself, such as the hash of the configuration it runs; null where it cannot tell. */
  readonly runs: Readonly<Record<string, string | null>>;
}

const log = createLogger('runtime');
const patienceMs = 3000;

interface NamedCheck {
  readonly check: HealthCheck;
  /** What to say where it fails: what does not work, and where to look. */
  readonly reason: string;
}

class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

/** What must work before the process is sent any work. Modules name their checks; nothing that only a vendor can mend belongs here. */
export class Health {
  readonly #checks = new Map<string, NamedCheck>();
  readonly #tells = new Map<string, () => Promise<string | undefined>>();

  constructor(private readonly stopping: Stopping) {}

  /** `reason` is what everybody may read where the check fails. Names must differ. Returns the way to take it back. */
  register(name: string, check: HealthCheck, reason: string): () => void {
    if (this.#checks.has(name)) throw new Error(`"${name}" is checked already`);
    this.#checks.set(name, { check, reason });
    return () => void this.#checks.delete(name);
  }

  /** What is told beside the checks, to everybody: nothing secret, and nothing that readiness depends on. Names must differ. */
  tell(name: string, read: () => Promise<string | undefined>): void {
    if (this.#tells.has(name)) throw new Error(`"${name}" is told already`);
    this.#tells.set(name, read);
  }

  /** Runs every check at once; one that takes longer than 3 s has failed. Not ready as soon as the process is to stop. */
  async readiness(): Promise<Readiness> {
    const [failures, runs] = await Promise.all([
      all(this.#checks, (check, name) => this.#failure(name, check)),
      all(this.#tells, told),
    ]);
    const reasons = [
      ...(this.stopping.requested ? ['stopping: it was asked to end, and takes no more work'] : []),
      ...Object.values(failures).filter((failure) => failure !== undefined),
    ];
    const checks = Object.fromEntries(
      Object.entries(failures).map(([name, failure]) => [name, failure === undefined ? 'ok' : 'failed']),
    ) as Readiness['checks'];
    return { ready: reasons.length === 0, checks, reasons, runs };
  }

  /** Undefined where the check passes. */
  async #failure(name: string, { check, reason }: NamedCheck): Promise<string | undefined> {
    try {
      const late = patience(patienceMs).then(() => Promise.reject(new NoAnswerError('no answer in time')));
      await Promise.race([check(), late]);
      return undefined;
    } catch (error) {
      log.warn('not ready', { check: name, error });
      return `${name}: ${reason}${hintOf(error)}`;
    }
  }
}

/** What may be said of an error to everybody: that nothing came, or its code (`ECONNREFUSED`, `28P01`). Its words may hold an address with a password. */
function hintOf(error: unknown): string {
  if (error instanceof NoAnswerError) return ` (no answer within ${patienceMs / 1000} s)`;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{3,24}$/.test(code) ? ` (${code})` : '';
}

async function told(read: () => Promise<string | undefined>): Promise<string | null> {
  const late = patience(patienceMs).then(() => undefined);
  const text = await Promise.race([read(), late]).catch(() => undefined);
  return text ?? null;
}

async function all<From, To>(
  of: ReadonlyMap<string, From>,
  run: (one: From, name: string) => Promise<To>,
): Promise<Readonly<Record<string, To>>> {
  const ran = await Promise.all([...of].map(async ([name, one]) => [name, await run(one, name)] as const));
  return Object.fromEntries(ran);
}

/** What Kubernetes asks. Alive means that the event loop turns; a database that is away is no reason to be killed, and a vendor that is away none to be unready. */
@Controller()
export class HealthController {
  constructor(@Inject(Health) private readonly health: Health) {}

  @Get('healthz')
  @HttpCode(200)
  healthz(): { alive: true } {
    return { alive: true };
  }

  @Get('readyz')
  async readyz(@Res({ passthrough: true }) reply: { status(code: number): unknown }): Promise<Readiness> {
    const readiness = await this.health.readiness();
    reply.status(readiness.ready ? 200 : 503);
    return readiness;
  }
}
