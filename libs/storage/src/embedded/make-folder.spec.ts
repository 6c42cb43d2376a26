import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from './make-folder.js';

describe('a folder', () => {
  let within: string;
  beforeEach(async () => {
    within = await mkdtemp(join(tmpdir(), 'carillon-folder-'));
  });
  afterEach(() => rm(within, { recursive: true, force: true }));

  it('is made with those above it, by several at once, and left as it is where it is there', async () => {
    const path = join(within, 'a/b/c');

    await Promise.all([makeFolder(path), makeFolder(path), makeFolder(join(within, 'a/b'))]);
    await makeFolder(path);

    expect((await stat(path)).isDirectory()).toBe(true);
  });

  it('is refused where a file is in its place, or above it', async () => {
    await writeFile(join(within, 'file'), '');

    await expect(makeFolder(join(within, 'file'))).rejects.toThrow('EEXIST');
    await expect(makeFolder(join(within, 'file/below'))).rejects.toThrow(/ENOTDIR/);
  });

  (existsSync('/proc/self') ? it : it.skip)('is refused at once where none can be made', async () => {
    await expect(makeFolder('/proc/carillon/home')).rejects.toThrow('ENOENT');
  });
});
