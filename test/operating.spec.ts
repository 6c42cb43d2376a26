import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('the page for whoever keeps it running', () => {
  const text = read('docs/operating.md');
  const rows = [
    ...text.matchAll(
      /^\| (?<part>[^|]+?) +\|[^|]+\|[^|]+\| `(?<file>test\/[^`]+|services\/[^`]+|libs\/[^`]+)`: (?<title>[^|]+?) +\|$/gm,
    ),
  ].map(({ groups = {} }) => [groups['part'] ?? '', groups['file'] ?? '', groups['title'] ?? ''] as const);

  it('says of each part what works without it', () => {
    expect(rows.length).toBeGreaterThanOrEqual(12);
    for (const part of [
      /Postgres/,
      /Redis/,
      /collector/,
      /rules/,
      /notifier/,
      /replica/,
      /source/,
      /channel/,
      /secrets/,
      /OTLP/,
      /clock/,
    ])
      expect(rows.map(([name]) => name)).toContainEqual(expect.stringMatching(part));
  });

  it.each(rows)('names a test that is there: %s', (_, file, title) => {
    const titles = [...read(file).matchAll(/\bit(?:\.\w+)?\(\s*(['`])([^]*?)\1,/g)].map(([, , name]) => name);

    expect(titles).toContain(title);
  });

  it('names files that are there', () => {
    const files = [
      ...text.matchAll(/`((?:test|services|libs|deploy|docs)\/[^`]+?\.(?:ts|md|yaml))`/g),
    ].flatMap(([, file]) => file ?? []);

    expect(files.length).toBeGreaterThan(3);
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  it('leads to sections that are there', () => {
    const anchors = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
      title?.toLowerCase().replaceAll(' ', '-'),
    );
    const links = ['docs/kubernetes.md', 'libs/documents/README.md'].flatMap((page) =>
      [...read(page).matchAll(/operating\.md#([\w-]+)/g)].map(([, anchor]) => anchor),
    );

    expect(links.length).toBeGreaterThan(1);
    expect(links.filter((link) => !anchors.includes(link))).toEqual([]);
  });
});
