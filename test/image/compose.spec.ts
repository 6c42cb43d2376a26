import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readProcessSettings } from '#settings';
import { wrongWith } from './command-lines.js';

interface Service {
  readonly image: string;
  readonly build?: { readonly dockerfile: string };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly volumes?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly healthcheck?: object;
}

const text = await readFile(join(import.meta.dirname, '../../deploy/compose.yaml'), 'utf8');
const { services } = parse(text, { merge: true }) as { services: Readonly<Record<string, Service>> };
const ours = Object.entries(services).filter(([, { build }]) => build);

describe('the compose file', () => {
  it('runs every role, after the schema, and applies the documents', () => {
    expect(ours.map(([, { command }]) => command?.[0])).toEqual([
      'migrate',
      'apply',
      'collector',
      'rules',
      'notifier',
      'gateway',
    ]);
    for (const [name, { depends_on }] of ours.filter(([name]) => name !== 'migrate'))
      expect({ name, migrated: depends_on?.['migrate']?.condition }).toEqual({
        name,
        migrated: 'service_completed_successfully',
      });
  });

  it.each(ours)(
    'gives %s a command that exists, and settings that are read',
    async (_, { command, environment }) => {
      expect(await wrongWith(command ?? [])).toBeUndefined();
      expect(() => readProcessSettings(environment ?? {})).not.toThrow();
    },
  );

  it.each(ours)(
    'lets %s write nowhere, and do nothing that it need not',
    (_, { read_only, cap_drop, volumes }) => {
      expect({ read_only, cap_drop }).toEqual({ read_only: true, cap_drop: ['ALL'] });
      expect(volumes?.filter((volume) => !volume.endsWith(':ro'))).toEqual([]);
    },
  );

  it('depends on nothing that does not say when it is healthy', () => {
    const waited = Object.values(services).flatMap(({ depends_on = {} }) =>
      Object.entries(depends_on).flatMap(([name, { condition }]) =>
        condition === 'service_healthy' ? name : [],
      ),
    );

    expect([...new Set(waited)].filter((name) => !services[name]?.healthcheck)).toEqual([]);
    expect(
      Object.values(services).filter(({ image }) => !/:[^:]+$/.test(image) || image.endsWith(':latest')),
    ).toEqual([]);
  });

  it('has a Redis that evicts nothing', () => {
    expect(services['redis']?.command?.join(' ')).toContain('--maxmemory-policy noeviction');
  });
});
