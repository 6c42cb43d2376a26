import { spawn, type ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const telemetryBoot = './dist/libs/telemetry/src/boot.js';
const faultBoot = './test/faults/boot.ts';

export type ServiceName = 'collector' | 'rules' | 'notifier';

/** How a process ended: by its own code, or by a signal. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One line of a process' log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string };

export interface StartOptions {
  /** The whole environment but for PATH: nothing of the test's own reaches the process. */
  readonly environment: Readonly<Record<string, string>>;
  /** `<point>` or `<point>:<nth>`: kills itself there, as `test/faults/boot.ts` says. */
  readonly fault?: string;
}

/** An operating-system process of the product, from `dist` as it ships. */
export class ProductProcess {
  readonly exited: Promise<Exit>;
  #exit: Exit | undefined;
  #stdout = '';
  #stderr = '';

  constructor(
    readonly name: string,
    readonly environment: Readonly<Record<string, string>>,
    private readonly child: ChildProcess,
  ) {
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (this.#stdout += chunk));
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (this.#stderr += chunk));
    // Not `exit`: what was written last may still be in the pipe.
    this.exited = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        this.#exit = { code, signal };
        resolve(this.#exit);
      });
    });
    this.exited.catch(() => undefined);
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error(`${this.name} did not start`);
    return this.child.pid;
  }

  get stdout(): string {
    return this.#stdout;
  }

  /** Everything on stderr: the log, and what a crash leaves. */
  get stderr(): string {
    return this.#stderr;
  }

  /** The lines of stderr that are JSON. */
  log(): readonly LogLine[] {
    return this.#stderr.split('\n').flatMap((line) => {
      if (!line.startsWith('{')) return [];
      try {
        return [JSON.parse(line) as LogLine];
      } catch {
        // The last one is not complete yet.
        return [];
      }
    });
  }

  /** Where its health is answered, once it is ready. Throws with its log where it ends before. */
  async ready(withinMs = 90_000): Promise<string> {
    const until = Date.now() + withinMs;
    for (;;) {
      const url = this.log().find(({ msg }) => msg === 'started')?.['url'];
      if (typeof url === 'string' && (await fetch(`${url}/readyz`)).status === 200) return url;
      if (this.#exit || Date.now() > until)
        throw new Error(`${this.name} is not ready (${JSON.stringify(this.#exit)}):\n${this.#stderr}`);
      await pause(25);
    }
  }

  /** Asks it to end as Kubernetes does, and waits for it. */
  stop(): Promise<Exit> {
    this.child.kill('SIGTERM');
    return this.exited;
  }

  /** Ends it at once, without a chance to clean up. */
  kill(): Promise<Exit> {
    this.child.kill('SIGKILL');
    return this.exited;
  }
}

/** Processes of one test. `endAll` belongs into its clean-up: whatever happened, none of them outlives it. */
export class Processes {
  readonly #all: ProductProcess[] = [];

  /** One of the three services. */
  service(name: ServiceName, options: StartOptions): ProductProcess {
    return this.#start(name, [`dist/services/${name}/src/main.js`], {
      ...options,
      environment: { PORT: '0', ...options.environment },
    });
  }

  /** The command line: collector, rules and notifier in one process. */
  carillon(words: readonly string[], options: StartOptions): ProductProcess {
    return this.#start(
      `carillon ${words[0] ?? ''}`,
      ['dist/services/carillon/src/main.js', ...words],
      options,
    );
  }

  /** Everything that the processes of one environment said, one after the other; Nest's own lines are left out. */
  logOf(environment: Readonly<Record<string, string>>): string {
    return this.#all
      .filter((one) => one.environment['DATABASE_URL'] === environment['DATABASE_URL'])
      .map((one) => `— ${one.name}\n${one.stderr.replaceAll(/^.*"logger":"nest".*\n/gm, '')}`)
      .join('\n');
  }

  async endAll(): Promise<void> {
    await Promise.allSettled(this.#all.map((one) => one.kill()));
  }

  #start(name: string, words: readonly string[], { environment, fault }: StartOptions): ProductProcess {
    const imports = [telemetryBoot, ...(fault === undefined ? [] : [faultBoot])].flatMap((file) => [
      '--import',
      file,
    ]);
    const child = spawn(process.execPath, ['--no-warnings', ...imports, ...words], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        // Some forty processes load the same modules.
        NODE_COMPILE_CACHE: join(tmpdir(), 'carillon-compile-cache'),
        ...environment,
        ...(fault === undefined ? {} : { CARILLON_TEST_FAULT: fault }),
      },
    });
    const started = new ProductProcess(name, environment, child);
    this.#all.push(started);
    return started;
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks again and again until it holds; throws with `what` where it does not in time. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  withinMs = 90_000,
): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
    await pause(50);
  }
}
