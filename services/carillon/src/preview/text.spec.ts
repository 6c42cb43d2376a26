import type { PreviewedOccasion } from './previewer.js';
import { previewText } from './text.js';

const occasion = (over: Partial<PreviewedOccasion>): PreviewedOccasion => ({
  subscription: 'weekly-hours',
  each: 'person',
  zone: 'Europe/Kyiv',
  nominal: '2026-10-05T06:00:00Z',
  period: { from: '2026-09-28', to: '2026-10-05' },
  known: 'then',
  lived: true,
  counts: { fired: 0, quiet: 1, suppressed: 0, held: 0 },
  sayings: [],
  unsaid: [],
  ...over,
});
const saying: PreviewedOccasion['sayings'][number] = {
  delivery: 'd',
  people: ['Olena Kovalenko'],
  destination: '#hours-olena-kovalenko',
  hear: ['Olena Kovalenko'],
  deaf: ['Max Muster'],
  message: { locale: 'en', title: 'Olena Kovalenko: 20 of 40 h logged', blocks: [] },
};
const request = { over: 'lastMonth', known: 'then' } as const;

describe('previewText', () => {
  it('tells the runs of all zones about the same days as one, with who would hear', () => {
    const text = previewText('low-hours', request, [
      occasion({ zone: 'Asia/Seoul', nominal: '2026-10-05T00:00:00Z' }),
      occasion({ sayings: [saying], counts: { fired: 1, quiet: 2, suppressed: 0, held: 0 } }),
    ]);

    expect(text.split('\n')).toEqual([
      'Rule low-hours over lastMonth: 2 runs, 1 message about 1 person. Nothing was sent by this preview.',
      '',
      'weekly-hours, about Mon 2026-09-28 – Sun 2026-10-04',
      '  runs: Mon 2026-10-05 09:00 Asia/Seoul, Europe/Kyiv',
      '  of 4 people: 1 to be told of, 3 with nothing to say, 0 left out, 0 held',
      '    #hours-olena-kovalenko → Olena Kovalenko (not known in the channel: Max Muster)',
      '        Olena Kovalenko: 20 of 40 h logged',
    ]);
  });

  it('says why a run of a team has no trend after one that never was', () => {
    const told = (each: 'person' | 'team', lived: boolean): string =>
      previewText('issue-index', request, [occasion({ each, lived })]);

    expect(told('team', false)).toContain('shows no trend since then');
    expect(told('team', true)).not.toContain('trend');
    expect(told('person', false)).not.toContain('trend');
  });

  it('marks runs that never were, and names only some of many who are held', () => {
    const unsaid = Array.from({ length: 14 }, (_, index) => ({
      person: `P${index}`,
      outcome: 'held' as const,
      why: 'not all facts are there',
      lacksFacts: true,
    }));

    const text = previewText('low-hours', request, [
      occasion({
        lived: false,
        known: 'now',
        unsaid,
        counts: { fired: 0, quiet: 0, suppressed: 0, held: 14 },
      }),
    ]);

    expect(text).toContain('weekly-hours *, about');
    expect(text).toContain('Runs marked * never were.');
    expect(text.split('\n').slice(-2)).toEqual([
      'Held means that the facts of those days were not all read after they were over, so nothing is said about them. To read them now:',
      '  carillon collect --from 2026-09-28 --to 2026-10-04',
    ]);
    expect(text).toContain('P0, P1, P2, P3, P4, P5, P6, P7, P8, P9, P10, P11 and 2 more');
  });

  it('says how to look at runs again that were held then, and nothing of reading where that is not the reason', () => {
    const unsaid = [{ person: 'P', outcome: 'held' as const, why: 'because', lacksFacts: true }];
    const counts = { fired: 0, quiet: 0, suppressed: 0, held: 1 };

    const then = previewText('low-hours', request, [occasion({ counts, unsaid })]);
    const failed = previewText('low-hours', request, [
      occasion({ counts, unsaid: unsaid.map((one) => ({ ...one, lacksFacts: false })) }),
    ]);

    expect(then).toContain('look at them afterwards with `--known now`');
    expect(failed).not.toContain('collect');
  });

  it('says where there is nothing to look at', () => {
    expect(previewText('low-hours', { ...request, over: { from: '2026-10-01', to: '2026-10-02' } }, [])).toBe(
      'Rule low-hours: no run of its subscriptions falls into Thu 2026-10-01 up to, not with, Fri 2026-10-02. Nothing was sent.',
    );
  });
});
