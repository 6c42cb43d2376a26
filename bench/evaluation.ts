import { employ, planRuns, ringForRuns } from './company.ts';
import { DecidedRuns } from './decided-runs.ts';
import { secrets } from './decided.ts';
import { judged, median, told, type Bench } from './measure.ts';
import { startService } from './processes.ts';
import type { Stage, World } from './stage.ts';

interface Company {
  readonly people: number;
  readonly weeks: number;
  readonly world: World;
  readonly decided: DecidedRuns;
  /** µs for each subject, by rounds. */
  readonly costs: number[];
}

/** What one rule costs for each subject, by how many there are and by how much is known of each. */
export const evaluation = (stage: Stage): Bench => ({
  name: 'evaluation',
  async run({ quick, rounds }, progress) {
    const most = quick ? 10_000 : 100_000;
    const sizes = [
      { people: 1_000, weeks: 1 },
      { people: 10_000, weeks: 1 },
      ...(quick ? [] : [{ people: 100_000, weeks: 1 }]),
      { people: 10_000, weeks: 10 },
    ];
    const companies: Company[] = [];
    for (const size of sizes) {
      const world = await stage.world('postgres', { ...secrets, 'clockify-key': 'never asked' });
      if (!world) throw new Error('there is always a Postgres');
      await employ(world, {
        ...size,
        subscriptions: 2 * rounds,
        single: false,
        sinkUrl: 'http://127.0.0.1:9',
      });
      companies.push({ ...size, world, decided: await DecidedRuns.listen(world), costs: [] });
    }
    for (let round = 0; round < rounds; round += 1) {
      for (const company of companies) company.costs.push(await decideOnce(company, round));
      progress(
        `evaluation, round ${round + 1} of ${rounds}: ${companies
          .map(
            ({ people, weeks, costs }) =>
              `${people} × ${weeks} weeks ${Math.round(costs.at(-1) ?? 0)} µs each`,
          )
          .join(', ')}`,
      );
    }
    for (const { world, decided } of companies) {
      await decided.close();
      await world.close();
    }
    const costOf = (people: number, weeks: number): number =>
      median(companies.find((one) => one.people === people && one.weeks === weeks)?.costs ?? []);
    const bySize = companies.filter(({ weeks }) => weeks === 1).map(({ people }) => costOf(people, 1));
    return [
      ...companies.map(({ people, weeks, costs }) =>
        told(
          `evaluation, ${people.toLocaleString('en-US')} subjects, ${weeks}× history`,
          median(costs),
          'µs a subject',
        ),
      ),
      judged(
        `evaluation, cost of a subject over 1,000 to ${most.toLocaleString('en-US')}`,
        Math.max(...bySize) / Math.min(...bySize),
        '×',
        { atMost: 1.5 },
        'the dearest to the cheapest',
      ),
      judged('evaluation, cost of a subject with 10× history', costOf(10_000, 10) / costOf(10_000, 1), '×', {
        atMost: 1.5,
      }),
    ];
  },
});

/**
 * One run of the rules as they ship, from the ring to the end of the run, after one that warmed the process up. Its row is planned before, as rows are up to
 * two days ahead. Returns µs for each subject.
 */
async function decideOnce({ world, decided, people }: Company, round: number): Promise<number> {
  const rules = await startService('rules', world.environment);
  const decide = async (subscription: number): Promise<number> => {
    const now = await world.database.now();
    const runs = await planRuns(world, [{ subscription, dueAt: now }]);
    const over = decided.next(rules, 300_000);
    const began = performance.now();
    await ringForRuns(world, runs, now);
    return (await over) - began;
  };
  await decide(2 * round);
  const took = await decide(2 * round + 1);
  await rules.stop();
  return (took * 1000) / people;
}
