import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from './measure.ts';

const root = join(import.meta.dirname, '..');
const telemetryBoot = './dist/libs/telemetry/src/boot.js';

export interface StartOptions {
  /** The whole environment but for PATH. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Of Node itself. */
  readonly flags?: readonly string[];
  /** Speaks with us by messages. */
  readonly ipc?: boolean;
  /** What it runs is the product. */
  readonly profiled?: boolean;
}

/** Where `--profile` has Node write what the product's processes did; nowhere by default. */
let profileDirectory: string | undefined;
export const profileInto = (directory: string): void => {
  profileDirectory = directory;
};

const profileFlags = (): readonly string[] =>
  profileDirectory ? ['--cpu-prof', `--cpu-prof-dir=${profileDirectory}`] : [];

const running = new Set<Running>();

/** An operating-system process that the bench started. Whatever happens, `endAll` ends it. */
export class Running {
  readonly pid: number;
  readonly exited: Promise<number | null>;
  readonly child: ChildProcess;
  readonly name: string;
  #said = '';
  #over = false;

  constructor(name: string, child: ChildProcess) {
    this.name = name;
    this.child = child;
    this.pid = child.pid ?? 0;
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        this.#said = (this.#said + chunk).slice(-50_000);
      });
    this.exited = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => {
        this.#over = true;
        running.delete(this);
        resolve(code);
      });
    });
    this.exited.catch(() => undefined);
    running.add(this);
  }

  /** The end of what it wrote. */
  get said(): string {
    return this.#said;
  }

  get over(): boolean {
    return this.#over;
  }

  /** Waits until what it wrote matches. Throws with its words where it ends before. */
  async says(pattern: RegExp, withinMs = 60_000): Promise<RegExpExecArray> {
    const until = performance.now() + withinMs;
    for (;;) {
      const found = pattern.exec(this.#said);
      if (found) return found;
      if (this.#over || performance.now() > until)
        throw new Error(`${this.name} did not come up:\n${this.#said.slice(-4000)}`);
      await pause(5);
    }
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (!this.#over) this.child.kill(signal);
    await this.exited;
  }
}

/** Ends every process that is left, at once. */
export async function endAll(): Promise<void> {
  await Promise.allSettled([...running].map((one) => one.stop('SIGKILL')));
}

/** Any program. */
export function start(
  name: string,
  command: string,
  words: readonly string[],
  options: StartOptions = {},
): Running {
  const child = spawn(command, words, {
    cwd: root,
    stdio: options.ipc ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], ...options.environment },
  });
  return new Running(name, child);
}

/** A file of this folder, as a process of its own. */
export const startChild = (
  file: string,
  words: readonly string[] = [],
  options: StartOptions = {},
): Running =>
  start(
    file,
    process.execPath,
    [
      '--no-warnings',
      ...(options.profiled ? profileFlags() : []),
      ...(options.flags ?? []),
      join('bench/children', file),
      ...words,
    ],
    {
      ipc: true,
      ...options,
    },
  );

/** A program of the product, from `dist` as it ships. */
export function startProduct(file: string, words: readonly string[], options: StartOptions): Running {
  return start(
    file,
    process.execPath,
    [
      '--no-warnings',
      ...profileFlags(),
      ...(options.flags ?? []),
      '--import',
      telemetryBoot,
      join('dist', file),
      ...words,
    ],
    options,
  );
}

/** One of the services, up and healthy. */
export async function startService(
  name: 'collector' | 'rules' | 'notifier',
  environment: Readonly<Record<string, string>>,
): Promise<Running> {
  const service = startProduct(`services/${name}/src/main.js`, [], {
    environment: { PORT: '0', ...environment },
  });
  await service.says(/"msg":"started"/);
  return service;
}

/** Most memory that the process ever held, in bytes; undefined where it is gone, or this is no Linux. */
export function peakMemory(pid: number): number | undefined {
  try {
    const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kib === undefined ? undefined : Number(kib) * 1024;
  } catch {
    // It ended meanwhile: whoever asks keeps what was read before.
    return undefined;
  }
}

/** Jiffies: Linux has counted a hundred a second for as long as anybody can look them up. */
const TICKS_PER_SECOND = 100;

/** Seconds of a core that the processes below (and with) one have used, those that have ended since and were waited for included. */
export function cpuSeconds(pid: number): number {
  const byParent = new Map<number, number[]>();
  const used = new Map<number, number>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const text = readFileSync(`/proc/${entry}/stat`, 'utf8');
      // The name in brackets may hold spaces.
      const fields = text
        .slice(text.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number);
      const parent = fields[1] ?? 0;
      byParent.set(parent, [...(byParent.get(parent) ?? []), Number(entry)]);
      used.set(
        Number(entry),
        [11, 12, 13, 14].reduce((sum, field) => sum + (fields[field] ?? 0), 0),
      );
    } catch {
      // Ended between the listing and the look.
    }
  }
  const sum = (one: number): number =>
    (used.get(one) ?? 0) + (byParent.get(one) ?? []).reduce((all, child) => all + sum(child), 0);
  return sum(pid) / TICKS_PER_SECOND;
}
