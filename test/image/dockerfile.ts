import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rename, stat } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** One line of a Dockerfile: `COPY`, and what stands after it. */
export interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** Everything from one `FROM` to the next. */
export interface Stage {
  readonly from: string;
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

/** Does what a `RUN` says, in the directory that stands for the stage's working directory. */
export type Run = (command: string, directory: string) => Promise<void>;

const known = [
  'ARG',
  'CMD',
  'COPY',
  'ENTRYPOINT',
  'ENV',
  'EXPOSE',
  'FROM',
  'LABEL',
  'RUN',
  'USER',
  'WORKDIR',
];

/** Reads a Dockerfile as far as ours goes; throws at an instruction that it does not know, because it would be left out silently. */
export function readDockerfile(text: string): readonly Stage[] {
  const lines = text.replaceAll(/^\s*#.*\n/gm, '').replaceAll(/\\\n/g, ' ');
  const stages: { from: string; name: string | undefined; instructions: Instruction[] }[] = [];
  for (const line of lines.split('\n').filter((one) => one.trim() !== '')) {
    const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (!known.includes(name)) throw new Error(`The Dockerfile has an instruction unknown here: ${line}`);
    if (name === 'FROM') {
      const [, from = '', as] = /^(\S+)(?:\s+AS\s+(\S+))?$/.exec(rest) ?? [];
      stages.push({ from, name: as, instructions: [] });
    } else if (name !== 'ARG' || stages.length > 0) stages.at(-1)?.instructions.push({ name, rest });
  }
  return stages;
}

/**
 * Takes the steps of every stage in directories below `target`, one for each stage, without an engine: `COPY` and `WORKDIR` here, `RUN` by `run`.
 * Returns the directory that stands for the root of the last stage.
 */
export async function buildInDirectory(
  stages: readonly Stage[],
  context: string,
  target: string,
  run: Run,
): Promise<string> {
  const ignored = await ignoredIn(context);
  const roots = new Map<string, string>();
  let root = target;
  for (const [place, stage] of stages.entries()) {
    root = join(target, stage.name ?? String(place));
    roots.set(stage.name ?? String(place), root);
    let workdir = root;
    for (const { name, rest } of stage.instructions) {
      if (name === 'WORKDIR') {
        workdir = join(root, rest);
        await mkdir(workdir, { recursive: true });
      } else if (name === 'RUN') await run(rest, workdir);
      else if (name === 'COPY') {
        const [, from, words = ''] = /^(?:--from=(\S+)\s+)?(.*)$/.exec(rest) ?? [];
        const paths = words.split(/\s+/);
        const to = paths.pop() ?? '';
        const stageRoot = from === undefined ? undefined : roots.get(from);
        const target = to.startsWith('/') ? join(root, to) : join(workdir, to);
        for (const path of paths) {
          // Tens of thousands of files that no later step asks for again.
          if (stageRoot !== undefined) await rename(join(stageRoot, path), target);
          else
            await copy(
              join(context, path),
              target,
              to.endsWith('/'),
              (file) => !ignored(relative(context, file)),
            );
        }
      }
    }
  }
  return root;
}

/** `COPY` as Docker does it: a folder's content goes into the target, a file into it where it ends with a slash; what is ignored is not there. */
async function copy(
  from: string,
  to: string,
  intoFolder: boolean,
  isThere: (file: string) => boolean,
): Promise<void> {
  if ((await stat(from)).isDirectory()) {
    for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isDirectory() || !isThere(path)) continue;
      await cp(path, join(to, relative(from, path)));
    }
    return;
  }
  if (!isThere(from)) throw new Error(`.dockerignore leaves out ${from}, which the Dockerfile copies`);
  const file = intoFolder ? join(to, basename(from)) : to;
  await mkdir(dirname(file), { recursive: true });
  await cp(from, file);
}

/**
 * What `.dockerignore` leaves out: the last line that matches a path, or a folder that it is in, decides.
 * @see https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
async function ignoredIn(context: string): Promise<(path: string) => boolean> {
  const lines = (await readFile(join(context, '.dockerignore'), 'utf8'))
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ leavesOut: !line.startsWith('!'), pattern: globPattern(line.replace(/^!/, '')) }));
  return (path) => {
    const parts = path.split('/');
    const selfAndFolders = parts.map((_, last) => parts.slice(0, last + 1).join('/'));
    return (
      lines.findLast(({ pattern }) => selfAndFolders.some((one) => pattern.test(one)))?.leavesOut ?? false
    );
  };
}

/** `**` for any folders, `*` for anything but a slash. */
const globPattern = (glob: string): RegExp =>
  new RegExp(
    `^${glob
      .split('**/')
      .map((part) => part.replaceAll(/[.+^$()|{}[\]\\]/g, '\\$&').replaceAll('*', '[^/]*'))
      .join('(?:.*/)?')}$`,
  );

/** A shell in the directory. */
export const inShell: Run = async (command, directory) => {
  await execute('sh', ['-c', command], {
    cwd: directory,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
  });
};
