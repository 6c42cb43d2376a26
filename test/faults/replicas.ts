import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { variables, type Order, type Reply } from './orders.js';

const root = join(import.meta.dirname, '../..');

/** `all` is the three of them in one process, as `carillon up` has them. */
export type ServiceName = 'collector' | 'rules' | 'notifier' | 'all';
/** Beside services: the command line, which does what its words say and ends. */
type EntryName = ServiceName | 'carillon';

const entries: Readonly<Record<EntryName, string>> = {
  collector: 'dist/services/collector/src/main.js',
  rules: 'dist/services/rules/src/main.js',
  notifier: 'dist/services/notifier/src/main.js',
  all: 'test/faults/all-in-one.ts',
  carillon: 'dist/services/carillon/src/main.js',
};

/** How a process ended: by its own code, or by a signal. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ReplicaOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly aheadMs: number;
  /** The zone that the process takes for the machine's. */
  readonly zone: string;
  readonly plant?: string | undefined;
  readonly words?: readonly string[];
}

/** So much of what a process said last is kept. */
const LOG_CHARACTERS = 200_000;
let marks = 0;

/** One operating-system process of the product, in the harness' hands. */
export class Replica {
  /** What every lease that it takes begins with. */
  readonly mark: string;
  readonly service: EntryName;
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  #exit: Exit | undefined;
  #log = '';
  #startedUrl: string | undefined;

  private constructor(service: EntryName, mark: string, child: ChildProcess) {
    this.service = service;
    this.mark = mark;
    this.#child = child;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#log = (this.#log + text).slice(-LOG_CHARACTERS);
      this.#startedUrl ??= /"url":"(http[^"]+)","msg":"started"|"msg":"started".*?"url":"(http[^"]+)"/
        .exec(this.#log)
        ?.slice(1)
        .find((url) => url !== undefined);
    });
    // Not `exit`: what was written last may still be in the pipe.
    this.exited = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        this.#exit = { code, signal };
        resolve(this.#exit);
      });
    });
    child.on('error', () => undefined);
  }

  static start(
    service: EntryName,
    { environment, aheadMs, zone, plant, words = [] }: ReplicaOptions,
  ): Replica {
    marks += 1;
    const mark = ((process.pid % 0x10000) * 0x10000 + (marks % 0x10000)).toString(16).padStart(8, '0');
    const imports = [
      './dist/libs/telemetry/src/boot.js',
      './test/faults/typescript.ts',
      './test/faults/inside.ts',
    ];
    const child = fork(entries[service], words, {
      cwd: root,
      execArgv: ['--no-warnings', ...imports.flatMap((file) => ['--import', file])],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: {
        PATH: process.env['PATH'],
        NODE_COMPILE_CACHE: join(tmpdir(), 'carillon-compile-cache'),
        PORT: '0',
        LOG_LEVEL: 'info',
        TZ: zone,
        ...environment,
        [variables.mark]: mark,
        [variables.aheadMs]: String(aheadMs),
        ...(plant === undefined ? {} : { [variables.plant]: plant }),
      },
    });
    return new Replica(service, mark, child);
  }

  /** Resolves once it answers that it is ready; throws with its log where it ends before, or takes too long. */
  async ready(withinMs = 60_000): Promise<void> {
    const until = Date.now() + withinMs;
    while (!(await this.#isReady())) {
      if (this.hasEnded || Date.now() > until)
        throw new Error(`a ${this.service} is not ready (${JSON.stringify(this.#exit)}):\n${this.#log}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  async #isReady(): Promise<boolean> {
    if (this.#startedUrl === undefined) return false;
    return fetch(`${this.#startedUrl}/readyz`).then(
      ({ status }) => status === 200,
      () => false,
    );
  }

  /** Whether it has begun to listen, and so hears what it is asked. */
  get isUp(): boolean {
    return this.#startedUrl !== undefined && !this.hasEnded;
  }

  get hasEnded(): boolean {
    return this.#exit !== undefined;
  }

  order(order: Order): void {
    if (this.#child.connected) this.#child.send(order, () => undefined);
  }

  /** Files that it has otherwise than the build. */
  async rewritten(): Promise<readonly string[]> {
    const answer = new Promise<readonly string[]>((resolve) => {
      this.#child.on('message', (reply: Reply) => {
        if (reply.said === 'rewritten') resolve(reply.files);
      });
    });
    this.order({ do: 'tell what is rewritten' });
    return Promise.race([answer, once(this.#child, 'close').then(() => [])]);
  }

  /** Asks it to end as Kubernetes does, and waits for it. */
  stop(): Promise<Exit> {
    this.#child.kill('SIGTERM');
    return this.exited;
  }

  /** Ends it at once, without a chance to clean up. */
  kill(): Promise<Exit> {
    this.#child.kill('SIGKILL');
    return this.exited;
  }

  /** The fault point at which it killed itself. */
  get diedAt(): string | undefined {
    return /^fault: killed at ([\w.]+)$/m.exec(this.#log)?.[1];
  }

  /** What it said last. */
  get log(): string {
    return this.#log;
  }
}
