import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '#storage';
import { UsageError } from './usage-error.js';

/** What a running `carillon up` lets other commands of this machine know. */
interface Running {
  readonly pid: number;
  /** Its simulated vendors, with the invented secrets that they accept. */
  readonly sandbox?: { readonly url: string; readonly secrets: Readonly<Record<string, string>> };
}

/** The folder of `CARILLON_HOME`, held by one `carillon up` at a time: two would plan, say and save over each other what one sandbox has. */
export class Home {
  private constructor(private readonly directory: string) {}

  /** Takes it. Throws `UsageError` where another process has it, or where it cannot be written. */
  static async take(directory: string): Promise<Home> {
    const home = new Home(directory);
    try {
      await makeFolder(directory);
      for (;;) {
        try {
          await writeFile(fileOf(directory), JSON.stringify({ pid: process.pid } satisfies Running), {
            flag: 'wx',
            mode: 0o600,
          });
          return home;
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        }
        const other = await Home.running(directory);
        if (other)
          throw new UsageError(
            `Carillon is up already in ${directory} (process ${other.pid}${other.sandbox ? `, see ${other.sandbox.url}` : ''}). ` +
              'End that one with Ctrl-C, or give this one a folder of its own: CARILLON_HOME=.carillon-2.',
          );
        await rm(fileOf(directory), { force: true });
      }
    } catch (error) {
      if (error instanceof UsageError) throw error;
      throw new UsageError(
        `Carillon keeps its data in ${directory}, where this user may not write (${(error as NodeJS.ErrnoException).code ?? String(error)}). Let CARILLON_HOME name a folder of this user.`,
      );
    }
  }

  /** Who has it, if anybody does; one that was killed has it no longer. */
  static async running(directory: string): Promise<Running | undefined> {
    try {
      const running = JSON.parse(await readFile(fileOf(directory), 'utf8')) as Running;
      return (await isCarillon(running.pid)) ? running : undefined;
    } catch {
      // Not there, or cut off by a kill: nobody says that it is running.
      return undefined;
    }
  }

  async tell(sandbox: NonNullable<Running['sandbox']>): Promise<void> {
    const draft = `${fileOf(this.directory)}.new`;
    await writeFile(draft, JSON.stringify({ pid: process.pid, sandbox } satisfies Running), { mode: 0o600 });
    await rename(draft, fileOf(this.directory));
  }

  async release(): Promise<void> {
    await rm(fileOf(this.directory), { force: true });
  }
}

const fileOf = (directory: string): string => join(directory, 'up.json');

/** Numbers of processes come again, in containers at once: where the system tells, it must be one of ours, and another one than this. */
async function isCarillon(pid: number): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  return line === undefined || line.includes('carillon');
}
