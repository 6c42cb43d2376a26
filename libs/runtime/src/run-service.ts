import 'reflect-metadata';
import { Module, type DynamicModule, type INestApplicationContext, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { beginScraping, createLogger, shutdownTelemetry } from '#telemetry';
import { nestLogger } from './nest-logger.js';
import { RuntimeModule } from './runtime.module.js';
import { patience, Stopping } from './stopping.js';

/**
 * How long each step of an end may take at the most, in ms, one after the other: work at hand, the application, what was opened for it, the
 * last telemetry. A pod's grace period has to be longer than all of them together.
 */
export const endingMs = { drain: 20_000, close: 5000, connections: 5000, telemetry: 3000 } as const;

export interface ServiceOptions {
  /** Of the process, in its log: `collector`, `notifier`. */
  readonly name: string;
  /** Where health (and whatever the module serves) listens; 0 takes a free port. Without it the process does not listen at all. */
  readonly port?: number;
  /** All interfaces by default. */
  readonly host?: string;
  /** How long work at hand may take to end, in ms; as `endingMs` says by default. */
  readonly drainMs?: number;
  /** Called after everything has drained and closed: what was opened for the service is closed here, or left where it takes too long. */
  readonly afterStop?: () => Promise<void>;
  /** Called with the application before it listens, for plugins of Fastify. */
  readonly prepare?: (app: NestFastifyApplication) => Promise<void> | void;
}

export interface RunningService {
  readonly app: INestApplicationContext;
  /** Without a trailing slash; undefined where it does not listen. */
  readonly url: string | undefined;
  /** Takes no more work, drains, closes. False where something had to be left. Safe to call twice. */
  stop(): Promise<boolean>;
}

type ServiceModule = Type | DynamicModule;

/** The service and the runtime under one roof. */
@Module({})
class Root {
  static of(service: ServiceModule): DynamicModule {
    return { module: Root, imports: [RuntimeModule, service] };
  }
}

/**
 * Runs a Nest module as a process: starts it, and ends it on SIGTERM or SIGINT, once what is at hand is done. Exits with 0 after a clean end,
 * with 1 where work had to be left or the start failed; a second signal exits at once with 128 and the signal's number. What becomes of errors
 * that nobody handled is for whoever began the process to say (`sayLastWords`).
 */
export async function runService(service: ServiceModule, options: ServiceOptions): Promise<RunningService> {
  const log = createLogger(options.name);
  let running: RunningService | undefined;
  let asked = false;
  const end = (signal: 'SIGTERM' | 'SIGINT'): void => {
    if (asked) process.exit(signal === 'SIGTERM' ? 143 : 130);
    asked = true;
    log.info('stopping', { signal });
    void (running === undefined ? Promise.resolve(true) : running.stop())
      .then(async (stopped) => {
        const closed = await within(endingMs.connections, options.afterStop?.() ?? Promise.resolve());
        if (!closed) log.error('connections not closed in time', { withinMs: endingMs.connections });
        const clean = stopped && closed;
        log.info('stopped', { clean });
        await shutdownTelemetry(endingMs.telemetry);
        process.exit(clean ? 0 : 1);
      })
      .catch((error: unknown) => {
        log.fatal('stop failed', { error });
        process.exit(1);
      });
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  try {
    running = await startService(service, options);
  } catch (error) {
    log.fatal('start failed', { error });
    await shutdownTelemetry();
    process.exit(1);
  }
  log.info('started', { url: running.url });
  return running;
}

/** What `runService` starts, without taking over the process: for specs, and for commands that run a service for a while. Throws where the start fails. */
export async function startService(service: ServiceModule, options: ServiceOptions): Promise<RunningService> {
  const { drainMs = endingMs.drain } = options;
  const { app, url } = await (options.port === undefined
    ? withoutPort(service)
    : listening(service, options, options.port));
  const stopping = app.get(Stopping);
  let stopped: Promise<boolean> | undefined;
  const stop = async (): Promise<boolean> => {
    const drained = await stopping.stop(drainMs);
    const closed = await within(endingMs.close, app.close());
    if (!closed) createLogger(options.name).error('not closed in time', {});
    return drained && closed;
  };
  return { app, url, stop: () => (stopped ??= stop()) };
}

/** False where it takes longer. Its error passes through. */
const within = (ms: number, work: Promise<unknown>): Promise<boolean> =>
  Promise.race([work.then(() => true), patience(ms).then(() => false)]);

interface Started {
  readonly app: INestApplicationContext;
  readonly url: string | undefined;
}

async function withoutPort(service: ServiceModule): Promise<Started> {
  const app = await NestFactory.createApplicationContext(Root.of(service), {
    logger: nestLogger,
    abortOnError: false,
  });
  return { app, url: undefined };
}

async function listening(service: ServiceModule, options: ServiceOptions, port: number): Promise<Started> {
  const [{ FastifyAdapter }] = await Promise.all([import('@nestjs/platform-fastify'), beginScraping()]);
  // Idle keep-alive connections of probes and browsers would hold up the end.
  const adapter = new FastifyAdapter({ forceCloseConnections: true });
  const app = await NestFactory.create<NestFastifyApplication>(Root.of(service), adapter, {
    logger: nestLogger,
    abortOnError: false,
  });
  try {
    await options.prepare?.(app);
    await app.listen(port, options.host ?? '0.0.0.0');
  } catch (error) {
    await app.close();
    throw error;
  }
  return { app, url: `http://127.0.0.1:${portOf(app.getHttpServer().address(), port)}` };
}

const portOf = (address: unknown, asked: number): number =>
  typeof address === 'object' && address !== null && 'port' in address && typeof address.port === 'number'
    ? address.port
    : asked;
