import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { channels } from '#channels';
import { builtInMessages } from '#domain';
import { checkDocuments, loadPlugins, formatProblem, kindNames, readText } from '#documents';
import { sources } from '#sources';

const read = (path: string): string => readFileSync(join(import.meta.dirname, '..', path), 'utf8');

describe('the README of the documents', () => {
  const blocks = [...read('libs/documents/README.md').matchAll(/```yaml\n([^]*?)```/g)].map(
    ([, text]) => text,
  );
  const { documents, problems } = readText(blocks.join('\n---\n'), 'README.md');

  it('shows nothing that `check` would refuse', async () => {
    const plugins = await loadPlugins({ sources, channels }, documents);
    const checked = checkDocuments(documents, plugins, builtInMessages);

    expect([...problems, ...checked.problems].map(formatProblem)).toEqual([]);
  });

  it('shows every kind', () => {
    expect(new Set(documents.map(({ kind }) => kind))).toEqual(new Set(kindNames));
  });
});

describe('the README of the command line', () => {
  const text = read('services/carillon/README.md');

  it('has every variable that is read', () => {
    const variables = [...read('libs/settings/src/process-settings.ts').matchAll(/env: '(\w+)'/g)].map(
      ([, name]) => name,
    );

    expect(variables.filter((name) => !text.includes(`| \`${name}\` `))).toEqual([]);
  });

  it('has every command', () => {
    const commands = [...read('services/carillon/src/program.ts').matchAll(/^ {2}\['([\w-]+)', async/gm)].map(
      ([, name]) => name,
    );

    expect(commands.length).toBeGreaterThan(8);
    expect(commands.filter((name) => !new RegExp(`^\\| \`${name}[ \`]`, 'm').test(text))).toEqual([]);
  });
});
