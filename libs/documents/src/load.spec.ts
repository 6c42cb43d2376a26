import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadDocuments } from './load.js';
import { formatProblem } from './problem.js';
import { readText } from './read-text.js';

const told = (text: string): string[] => readText(text, 'f.yaml').problems.map(formatProblem);

describe('a text of documents', () => {
  it('may hold several, and empty ones between them', () => {
    const { documents, problems } = readText(
      '---\n# nothing yet\n---\nkind: Team\nname: a\n---\n---\nkind: Person\nemail: O@B.example\nname: O\n',
      'f.yaml',
    );

    expect(problems).toEqual([]);
    expect(documents.map(({ kind, name, content }) => ({ kind, name, content }))).toEqual([
      { kind: 'Team', name: 'a', content: { name: 'a' } },
      { kind: 'Person', name: 'o@b.example', content: { email: 'O@B.example', name: 'O' } },
    ]);
  });

  it.each([
    ['a byte order mark', '\uFEFFkind: Team\nname: a\n'],
    ['JSON with tabs', '{\n\t"kind": "Team",\n\t"name": "a"\n}\n'],
    ['anchors and merged keys', 'name: &n a\nkind: Team\n'],
    ['Windows line ends', 'kind: Team\r\nname: a\r\n'],
    ['an explicit version', '%YAML 1.2\n---\nkind: Team\nname: a\n'],
  ])('may have %s', (_, text) => {
    const { documents, problems } = readText(text, 'f.yaml');

    expect(problems).toEqual([]);
    expect(documents).toMatchObject([{ kind: 'Team', name: 'a', content: { name: 'a' } }]);
  });

  it('keeps days and words as they are written', () => {
    const { documents } = readText('kind: Team\nname: no\nmembers: [2026-01-01, yes]', 'f.yaml');

    expect(documents[0]?.content).toEqual({ name: 'no', members: ['2026-01-01', 'yes'] });
  });

  it.each([
    [
      'a tab that indents',
      'kind: Team\nname: a\nx:\n\ty: 1',
      'f.yaml:4:1: a tab indents this line — indent with spaces',
    ],
    ['a key twice', 'kind: Team\nname: a\nname: b', 'f.yaml:3:1: this key is there twice — keep one of them'],
    [
      'a tag',
      'kind: Team\nname: !x a',
      'f.yaml:2:7: tags such as `!this` are not known here — write the value without a tag',
    ],
    [
      'bytes',
      'kind: Team\nname: a\nx: !!binary aGk=',
      'f.yaml:3:13: this is neither text, number, list nor map — write it without a tag',
    ],
    [
      'no number',
      'kind: Team\nname: a\nx: [1, .inf]',
      'f.yaml:3:8: this is no finite number — write a number such as `25.0`',
    ],
    [
      'an old version',
      '%YAML 1.1\n---\nkind: Team\nname: a',
      'f.yaml:1:1: only YAML 1.2 is read — remove the `%YAML` line',
    ],
    [
      'an alias without anchor',
      'kind: Team\nname: *a',
      'f.yaml:2:7: this alias names no anchor — define the anchor before it: `&name`',
    ],
    ['a list', '- kind: Team', 'f.yaml:1:1: a document is a map of fields — begin it with `kind: …`'],
    [
      'wrong indentation',
      'kind: Team\n name: a',
      'f.yaml:1:7: a `: ` stands where a text should — put a text that has a colon and a space into quotes',
    ],
    [
      'no kind',
      '\nname: a',
      'f.yaml:2:1: `kind` is missing — one of Source, Channel, Calendar, Person, Team, Rule, Subscription, Forward, Exception, Retention',
    ],
    [
      'an unknown kind',
      'kind: Subscribtion\nname: a',
      'f.yaml:1:7: there is no kind `Subscribtion` — did you mean `Subscription`?',
    ],
    [
      'no name',
      'kind: Team\nmembers: []',
      'f.yaml:1:1 Team: `name` is missing — `name: low-hours`, unique within its kind',
    ],
    [
      'a number for a name',
      'kind: Team\nname: 5',
      'f.yaml:2:7 Team: `name` must be a text — `name: low-hours`, unique within its kind',
    ],
    [
      'no address',
      'kind: Person\nname: Olena',
      'f.yaml:1:1 Person: `email` is missing — `email: olena@acme.example`',
    ],
    [
      'an alias to itself',
      'kind: Team\nname: a\nmembers: &m [*m]',
      'f.yaml:1:1: it is nested too deeply — at most 40 levels, and no alias to itself',
    ],
  ])('is refused with %s', (_, text, problem) => {
    expect(told(text)[0]).toBe(problem);
  });

  it('refuses aliases that unfold to millions of values, and quickly', () => {
    const levels = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg'].map((pair) => [...pair]))
      levels.push(`${to}: &${to} [${Array.from({ length: 10 }, () => `*${from}`).join(', ')}]`);
    const began = performance.now();

    expect(told(`kind: Team\nname: t\n${levels.join('\n')}`)).toEqual([
      'f.yaml:1:1: its aliases unfold to too much — write the values out, or use fewer aliases',
    ]);
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('goes on after a document that cannot be read', () => {
    const { documents, problems } = readText(
      'kind: Tem\nname: a\n---\nkind: Team\nname: b\n---\nkind: Team\n',
      'f.yaml',
    );

    expect(documents.map(({ name }) => name)).toEqual(['b']);
    expect(problems.map(({ at }) => at?.line)).toEqual([1, 7]);
  });
});

describe('where a value stands', () => {
  const text = `kind: Rule
name: r
base: &base { each: person, over: lastWeek }
<<: *base
params: { threshold: 25.0 }
let:
  a: "hours < 1.0"
  b: |
    hours <
      2.0
  c: >
    hours <
    3.0
  d: hours
    < 4.0
`;
  const origin = readText(text, 'f.yaml').documents[0]?.origin;

  it.each([
    ['a value', ['params', 'threshold'], 'valueAt', '5:22'],
    ['a key', ['params', 'threshold'], 'keyAt', '5:11'],
    ['what is missing: what it is missing in', ['params', 'limit'], 'valueAt', '5:9'],
    ['a merged value: where it is written', ['over'], 'valueAt', '3:35'],
    ['the document: its first line', [], 'valueAt', '1:1'],
  ] as const)('%s', (_, path, method, place) => {
    const at = origin?.[method](path);

    expect(`${at?.line}:${at?.column}`).toBe(place);
  });

  it.each([
    ['a quoted text: the letter', 'a', 1, 9, '7:15'],
    ['a literal text: the letter', 'b', 2, 3, '10:7'],
    ['a folded text: its beginning', 'c', 1, 9, '11:6'],
    ['a plain text over two lines: its beginning', 'd', 1, 7, '14:6'],
  ])('inside %s', (_, name, line, column, place) => {
    const at = origin?.insideText(['let', name], line, column);

    expect(`${at?.line}:${at?.column}`).toBe(place);
  });
});

describe('files and folders', () => {
  let folder = '';
  const write = async (name: string, content: string | Uint8Array): Promise<string> => {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    return file;
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'documents-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are read by their endings, in alphabetical order, hidden ones left out', async () => {
    await write('b.yml', 'kind: Team\nname: b');
    await write('a/z.yaml', 'kind: Team\nname: a');
    await write('c.json', '{ "kind": "Team", "name": "c" }');
    await write('README.md', 'kind: Nothing');
    await write('.hidden.yaml', 'kind: Nothing');

    const { documents, problems } = await loadDocuments([folder]);

    expect(problems).toEqual([]);
    expect(documents.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  it('are read once where a mounted ConfigMap links to them', async () => {
    await write('..2026_01_01/teams.yaml', 'kind: Team\nname: a');
    await symlink('..2026_01_01', join(folder, '..data'));
    await symlink('..data/teams.yaml', join(folder, 'teams.yaml'));

    const { documents, problems } = await loadDocuments([folder, folder]);

    expect(problems).toEqual([]);
    expect(documents).toHaveLength(1);
  });

  it('name both places of a document that is there twice', async () => {
    const one = await write('1.yaml', 'kind: Team\nname: a\n---\nkind: Rule\nname: a');
    const two = await write('2.yaml', '\nkind: Team\nname: a');

    const { documents, problems } = await loadDocuments([folder]);

    expect(documents.map(({ kind }) => kind)).toEqual(['Team', 'Rule']);
    expect(problems.map(formatProblem)).toEqual([
      `${two}:2:1 Team a: there are two: the other one is at ${one}:1 — remove one, or give it another name`,
    ]);
  });

  it('are all looked at, whatever is wrong with one', async () => {
    const absent = join(folder, 'absent');
    const latin = await write('1.yaml', Buffer.from([0x6b, 0xe9]));
    const broken = await write('2.yaml', 'kind: "Team');
    await write('3.yaml', 'kind: Team\nname: a');

    const { documents, problems } = await loadDocuments([absent, folder]);

    expect(documents).toHaveLength(1);
    expect(problems.map(formatProblem)).toEqual([
      `${latin}:1:1: the file is not UTF-8 — save it as UTF-8`,
      expect.stringMatching(`^${broken}:1:12: this is no YAML: `),
      `${absent}:1:1: there is no such file or folder — name one that exists`,
    ]);
  });

  it('are refused where they are too large to be configuration', async () => {
    const file = await write('1.yaml', Buffer.alloc(17 * 1024 * 1024, '#'));

    const { problems } = await loadDocuments([file]);

    expect(problems.map(formatProblem)).toEqual([
      `${file}:1:1: the file has 17825792 bytes — at most 16777216; split it`,
    ]);
  });

  it('follow no links in circles', async () => {
    await write('a.yaml', 'kind: Team\nname: a');
    await symlink('.', join(folder, 'self'));

    const { documents } = await loadDocuments([folder]);

    expect(documents).toHaveLength(1);
  });
});
