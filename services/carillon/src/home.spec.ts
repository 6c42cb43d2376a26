import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Home } from './home.js';

describe('the folder that one `carillon up` has at a time', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'carillon-home-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is taken, made where it is not there, and given back', async () => {
    const inside = join(folder, 'new');

    const home = await Home.take(inside);
    await home.release();

    await expect(Home.take(inside)).resolves.toBeInstanceOf(Home);
  });

  it.each([
    ['was killed', JSON.stringify({ pid: 2 ** 22 + 1 })],
    ['had the number that this process has now', JSON.stringify({ pid: process.pid })],
    ['was killed while it wrote', '{"pid'],
  ])('is free again where whoever had it %s', async (_how, left) => {
    await writeFile(join(folder, 'up.json'), left);

    await expect(Home.take(folder)).resolves.toBeInstanceOf(Home);
  });

  it('says whose it is where it is a file or cannot be written', async () => {
    await writeFile(join(folder, 'file'), '');

    await expect(Home.take(join(folder, 'file'))).rejects.toThrow(
      /this user may not write \((EEXIST|ENOTDIR)\)/,
    );
  });
});
