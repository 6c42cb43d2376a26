import { channels } from '#channels';
import { builtInMessages } from '#domain';
import { checkDocuments, loadPlugins, proposeCalendar, readText } from '#documents';
import { sources } from '#sources';
import { proposedText } from './proposed-text.js';

const proposed = (country: string, region?: string): string =>
  proposedText({
    name: country.toLowerCase(),
    country,
    ...(region === undefined ? {} : { region }),
    years: [2026],
    zones: [],
    days: proposeCalendar({
      country,
      ...(region === undefined ? {} : { region }),
      years: [2026],
      languages: ['en'],
    }),
  });

describe('a proposed Calendar document', () => {
  it.each(['DE-BY', 'UA', 'CN', 'US', 'NO', 'IL'])('of %s passes the check as it is', async (code) => {
    const [country = '', region] = code.split('-');
    const { documents, problems } = readText(proposed(country, region), 'proposed.yaml');

    expect(problems).toEqual([]);
    const plugins = await loadPlugins({ sources, channels }, documents);
    expect(checkDocuments(documents, plugins, builtInMessages).problems).toEqual([]);
    expect(documents[0]?.content['region']).toEqual({
      country,
      ...(region === undefined ? {} : { region }),
    });
  });

  it('says that its owner has to confirm it, and what the library is known to have wrong', () => {
    const text = proposed('CN');

    expect(text).toMatch(/^# A proposal .* its owner has to confirm it\.$/m);
    expect(text).toMatch(/^# To look up: .*State Council/m);
    expect(text).toMatch(/name: Spring Festival } # to look up$/m);
  });

  it('writes the day that half of is free', () => {
    const text = proposedText({
      name: 'x',
      country: 'XX',
      years: [2026],
      zones: ['Europe/Kyiv'],
      days: [{ day: '2026-12-24', name: 'Christmas Eve, half', share: 0.5 }],
    });

    expect(readText(text, 'x.yaml').documents[0]?.content).toMatchObject({
      for: { zones: ['Europe/Kyiv'] },
      holidays: [{ day: '2026-12-24', name: 'Christmas Eve, half', share: 0.5 }],
    });
  });
});
