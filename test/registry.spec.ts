import { channels } from '#channels';
import { sources } from '#sources';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** What every plugin's folder holds. */
const needed = ['index.ts', 'settings.ts', 'README.md', 'conformance.spec.ts'];

const folders = (lib: string): readonly string[] =>
  readdirSync(join(root, 'libs', lib, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

describe.each([
  ['sources', sources],
  ['channels', channels],
] as const)('the registry of %s', (lib, registry) => {
  it('has every folder, and each plugin the id of its folder', async () => {
    expect([...registry.keys()].sort()).toEqual([...folders(lib)].sort());
    for (const [id, load] of registry) expect((await load()).id).toBe(id);
  });

  it.each(folders(lib))('%s has all that a plugin has', (plugin) => {
    const missing = needed.filter((file) => !existsSync(join(root, 'libs', lib, 'src', plugin, file)));

    expect(missing).toEqual([]);
  });

  // A vendor that is both read and written is simulated once.
  it.each(folders(lib))('%s has a simulator', (plugin) => {
    const places = ['sources', 'channels'].map((place) =>
      join(root, 'libs', place, 'src', plugin, 'simulator.ts'),
    );

    expect(places.some((place) => existsSync(place))).toBe(true);
  });
});
