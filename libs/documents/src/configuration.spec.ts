import { calendarFor, ConfigurationError, configurationOf } from './configuration.js';
import { readText } from './read-text.js';
import { secretReferences } from './secrets.js';

const documents = (text: string) => readText(text, 'f.yaml').documents;

describe('the configuration from rows of the database', () => {
  it('is what the documents say', () => {
    const configuration = configurationOf([
      { kind: 'Team', name: 'ferrari', content: { name: 'ferrari', members: ['olena@acme.example'] } },
      {
        kind: 'Person',
        name: 'petro@acme.example',
        content: { email: 'petro@acme.example', teams: ['ferrari'] },
      },
      { kind: 'Person', name: 'olena@acme.example', content: { email: 'Olena@acme.example' } },
    ]);

    expect(configuration.people.map(({ email, teams }) => [email, teams])).toEqual([
      ['olena@acme.example', ['ferrari']],
      ['petro@acme.example', ['ferrari']],
    ]);
    expect(configuration.teams[0]?.members).toEqual(['olena@acme.example', 'petro@acme.example']);
  });

  it('has the same hash in whatever order and form the documents come', () => {
    const one = documents('kind: Team\nname: a\nlead: a@b.example\n---\nkind: Team\nname: b');
    const other = documents('{ kind: Team, name: b }\n---\nlead: a@b.example\nname: a # same\nkind: Team');

    expect(configurationOf(one).hash).toBe(configurationOf(other).hash);
    expect(configurationOf(one).hash).not.toBe(configurationOf(one.slice(1)).hash);
    expect(configurationOf(one).hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('throws every problem where rows are not right', () => {
    const rows = [
      { kind: 'Team', name: 'a', content: { name: 'a', members: ['x'] } },
      { kind: 'Rule', name: 'r', content: { name: 'r' } },
    ];

    expect(() => configurationOf(rows)).toThrow(ConfigurationError);
    expect(() => configurationOf(rows)).toThrow(
      /members\[0\] Team a: `x` is no e-mail address[^]*Rule r: `each` is missing/,
    );
  });

  it('names every secret and who needs it', () => {
    const configuration = configurationOf(
      documents(
        'kind: Channel\nname: slack\ntype: slack\nsettings: { bots: [{ token: { secret: bot } }, { token: { aws: acme/slack, key: botToken } }, { token: { aws: acme/slack, kye: x } }] }\n---\nkind: Source\nname: c\ntype: c\nsettings: { apiKey: { secret: key }, other: { secret: Not A Name } }',
      ),
    );

    expect(secretReferences(configuration)).toEqual([
      { name: 'key', document: 'Source c', path: ['settings', 'apiKey'] },
      { name: 'bot', document: 'Channel slack', path: ['settings', 'bots', 0, 'token'] },
      { name: 'aws:acme/slack#botToken', document: 'Channel slack', path: ['settings', 'bots', 1, 'token'] },
    ]);
  });
});

describe('whose calendar it is', () => {
  const { calendars } = configurationOf(
    documents(
      'kind: Calendar\nname: ua\nfor: { zones: [Europe/Kyiv] }\n---\nkind: Calendar\nname: us\nfor: { default: true }\n---\nkind: Calendar\nname: de',
    ),
  );

  it.each([
    ['the one that the person names', { calendar: 'de', zone: 'Europe/Kyiv' }, 'de'],
    ['the one that lists the zone', { zone: 'Europe/Kyiv' }, 'ua'],
    ['the default one', { zone: 'Europe/Berlin' }, 'us'],
    ['none where the named one is not there', { calendar: 'kr', zone: 'Europe/Kyiv' }, undefined],
  ])('%s', (_, person, name) => {
    expect(calendarFor(calendars, person)?.name).toBe(name);
  });

  it('none where none lists the zone and none is the default', () => {
    expect(calendarFor([], { zone: 'Europe/Kyiv' })).toBeUndefined();
  });
});
