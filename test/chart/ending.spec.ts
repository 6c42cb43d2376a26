import { endingMs } from '#runtime';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');
const read = <Shape>(path: string): Shape => parse(readFileSync(join(root, path), 'utf8')) as Shape;

type Grace = { readonly terminationGracePeriodSeconds: number };
const seconds = Object.values(endingMs).reduce((sum, ms) => sum + ms, 0) / 1000;

describe('the grace that a process is given to end', () => {
  it.each(['collector', 'rules', 'notifier', 'gateway'] as const)(
    'is longer for the %s than all that it may wait for, one after the other',
    (role) => {
      const values = read<Record<typeof role, Grace>>('helm/carillon/values.yaml');

      expect(values[role].terminationGracePeriodSeconds).toBeGreaterThan(seconds);
    },
  );

  it('cannot be set to less, and the words beside it tell how long it is', () => {
    const schema = readFileSync(join(root, 'helm/carillon/values.schema.json'), 'utf8');
    const fields = [
      ...schema.matchAll(
        /"terminationGracePeriodSeconds": \{\s*"description": "([^"]*)"[^}]*"minimum": (\d+)/g,
      ),
    ];

    expect(fields).toHaveLength(4);
    for (const [, description, minimum] of fields) {
      expect(description).toContain(`${seconds} seconds`);
      expect(Number(minimum)).toBeGreaterThan(seconds);
    }
    expect(readFileSync(join(root, 'docs/kubernetes.md'), 'utf8')).toContain(`in up to ${seconds} seconds`);
  });

  it('is kept by compose, too', () => {
    const compose = readFileSync(join(root, 'deploy/compose.yaml'), 'utf8');
    const graces = [...compose.matchAll(/stop_grace_period: (\d+)s/g)].map(([, grace]) => Number(grace));

    expect(graces.length).toBeGreaterThan(0);
    expect(Math.min(...graces)).toBeGreaterThan(seconds);
  });
});
