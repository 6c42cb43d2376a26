import { spawn, type ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const main = join(root, 'dist/services/carillon/src/main.js');

/** How a command ended, and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves with what it said up to then; rejects where it ends before it says so. */
  says(words: string): Promise<string>;
}

/** Starts the command line as users do: a process of its own with nothing of the environment but what is given. */
export function startCarillon(args: readonly string[], environment: Record<string, string>): RunningCommand {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: root,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      NODE_COMPILE_CACHE: join(tmpdir(), 'carillon-compile-cache'),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text;
    });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, ...said }));
  });
  const says = async (words: string): Promise<string> => {
    for (;;) {
      const all = said.stdout + said.stderr;
      if (all.includes(words)) return all;
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`it ended without saying "${words}": ${all}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return { process: child, ended, says };
}

export const carillon = (args: readonly string[], environment: Record<string, string>): Promise<Ended> =>
  startCarillon(args, environment).ended;

/** The one JSON object that a command with `--output json` prints, where it prints nothing else. */
export function onlyJson({ stdout, stderr }: Ended): Record<string, unknown> {
  const lines = stdout.trimEnd().split('\n');
  if (lines.length !== 1 || !lines[0]) throw new Error(`no single line: ${stdout}\n${stderr}`);
  return JSON.parse(lines[0]) as Record<string, unknown>;
}
