import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder with those above it; one that is there is left as it is. Throws what the system says, also where no folder can be made though
 * the one above is there, as below `/proc`: `recursive` of `node:fs` never comes back from there (seen with Node 24).
 */
export async function makeFolder(path: string): Promise<void> {
  const error = await failureOf(path);
  if (!error) return;
  const above = dirname(path);
  if (error.code !== 'ENOENT' || above === path) throw error;
  await makeFolder(above);
  const again = await failureOf(path);
  if (again) throw again;
}

async function failureOf(path: string): Promise<NodeJS.ErrnoException | undefined> {
  try {
    await mkdir(path);
    return undefined;
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST' && (await stat(path)).isDirectory();
    return isThere ? undefined : (error as NodeJS.ErrnoException);
  }
}
