import { channels } from '#channels';
import { checkDocuments, formatProblem, loadDocuments, secretReferences } from '#documents';
import { builtInMessages } from '#domain';
import { sources } from '#sources';
import { staff } from '../services/sandbox/src/company-people.js';

const check = async () => {
  const { documents, problems } = await loadDocuments(['examples/weekly-hours']);
  const checked = checkDocuments(documents, { sources, channels }, builtInMessages);
  return { ...checked, problems: [...problems, ...checked.problems].map(formatProblem) };
};

describe('the example documents', () => {
  it('have nothing wrong with them', async () => {
    const { problems, configuration } = await check();

    expect(problems).toEqual([]);
    expect(configuration?.rules.map(({ name }) => name)).toEqual([
      'days-off',
      'low-hours',
      'missing-holiday',
    ]);
  });

  it('need the secrets that their README names', async () => {
    const { configuration } = await check();

    expect(new Set(configuration && secretReferences(configuration).map(({ name }) => name))).toEqual(
      new Set(['clockify-api-key', 'slack-bot-token']),
    );
  });

  it('name people of the sandbox’s company', async () => {
    const { configuration } = await check();
    const addresses = JSON.stringify(configuration).match(/[\w.]+@acme\.example/g) ?? [];

    expect(addresses.length).toBeGreaterThan(0);
    expect(staff.map(({ email }) => email)).toEqual(expect.arrayContaining(addresses));
  });

  it('have a calendar for everybody in it, for this year and the next', async () => {
    const { configuration } = await check();
    const zones = configuration?.calendars.flatMap((calendar) => calendar.for.zones) ?? [];

    expect(zones).toEqual(expect.arrayContaining(staff.map(({ zone }) => zone)));
    for (const { holidays } of configuration?.calendars ?? [])
      expect(new Set(holidays.map(({ day }) => day.slice(0, 4)))).toEqual(new Set(['2026', '2027']));
  });
});
