import { copyFile, link, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';

interface LockedPackage {
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
}

/**
 * What `npm ci` with these words puts into the directory, taken from what it put into this clone by the same lock file: the lock says of each package
 * whether it is there for production, for development or optional. Nothing is asked of a registry, and nothing copied that can be linked.
 * @see https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json#packages
 */
export async function npmCi(words: readonly string[], clone: string, directory: string): Promise<void> {
  const omit = (kind: string): boolean => words.includes(`--omit=${kind}`);
  const unknown = words.filter((word) => word !== '--omit=dev' && word !== '--omit=optional');
  if (unknown.length > 0) throw new Error(`npm ci has words unknown here: ${unknown.join(' ')}`);
  if (words.length === 0) return symlink(join(clone, 'node_modules'), join(directory, 'node_modules'));
  const lock = JSON.parse(await readFile(join(directory, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, LockedPackage>>;
  };
  const wanted = Object.entries(lock.packages)
    .filter(([path, { dev, optional, devOptional }]) => {
      if (path === '') return false;
      if ((dev && omit('dev')) || (optional && omit('optional'))) return false;
      return !(devOptional && omit('dev') && omit('optional'));
    })
    .map(([path]) => path);
  await Promise.all(wanted.map((path) => linkPackage(join(clone, path), join(directory, path))));
}

async function linkPackage(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    // What is in there is a package of its own in the lock file.
    if (entry.name === 'node_modules') continue;
    if (entry.isDirectory()) await linkPackage(source, target);
    else await link(source, target).catch(() => copyFile(source, target));
  }
}
