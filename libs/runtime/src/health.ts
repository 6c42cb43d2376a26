import { Controller, Get, HttpCode, Inject, Res } from '@nestjs/common';
import { createLogger } from '#telemetry';
import { patience, Stopping } from './stopping.js';

/** Resolves where the part works, rejects where it does not. */
export type HealthCheck = () => Promise<unknown>;

export interface Readiness {
  readonly ready: boolean;
  /** `ok`, `failed` or `stopping` by name; why it failed is in the log, because this endpoint needs no credentials. */
  readonly checks: Readonly<Record<string, 'ok' | 'failed'>>;
  /** What the process tells of itself, such as the hash of the configuration it runs; null where it cannot tell. */
  readonly runs: Readonly<Record<string, string | null>>;
}

const log = createLogger('runtime');
const patienceMs = 3000;

/** What must work before the process is sent any work. Modules name their checks; nothing that only a vendor can mend belongs here. */
export class Health {
  readonly #checks = new Map<string, HealthCheck>();
  readonly #tells = new Map<string, () => Promise<string | undefined>>();

  constructor(private readonly stopping: Stopping) {}

  /** Names must differ. Returns the way to take it back. */
  register(name: string, check: HealthCheck): () => void {
    if (this.#checks.has(name)) throw new Error(`"${name}" is checked already`);
    this.#checks.set(name, check);
    return () => void this.#checks.delete(name);
  }

  /** What is told beside the checks, to everybody: nothing secret, and nothing that readiness depends on. Names must differ. */
  tell(name: string, read: () => Promise<string | undefined>): void {
    if (this.#tells.has(name)) throw new Error(`"${name}" is told already`);
    this.#tells.set(name, read);
  }

  /** Runs every check at once; one that takes longer than 3 s has failed. Not ready as soon as the process is to stop. */
  async readiness(): Promise<Readiness> {
    const [checks, runs] = await Promise.all([
      all(this.#checks, (check, name) => this.#run(name, check)),
      all(this.#tells, told),
    ]);
    return {
      ready: !this.stopping.requested && Object.values(checks).every((state) => state === 'ok'),
      checks,
      runs,
    };
  }

  async #run(name: string, check: HealthCheck): Promise<'ok' | 'failed'> {
    try {
      const late = patience(patienceMs).then(() => Promise.reject(new Error('no answer in time')));
      await Promise.race([check(), late]);
      return 'ok';
    } catch (error) {
      log.warn('not ready', { check: name, error });
      return 'failed';
    }
  }
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

/** The two endpoints that Kubernetes asks. Alive means that the event loop turns; a database that is away is no reason to be killed. */
@Controller('health')
export class HealthController {
  constructor(@Inject(Health) private readonly health: Health) {}

  @Get('live')
  @HttpCode(200)
  live(): { alive: true } {
    return { alive: true };
  }

  @Get('ready')
  async ready(@Res({ passthrough: true }) reply: { status(code: number): unknown }): Promise<Readiness> {
    const readiness = await this.health.readiness();
    reply.status(readiness.ready ? 200 : 503);
    return readiness;
  }
}
