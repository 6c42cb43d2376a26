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
        subscriptions: (warmUpsOf(size.people) + 1) * rounds,
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
    // Round by round, since what slows one down slows the others of the same round.
    const costsIn = (round: number, weeks: number, people?: number): readonly number[] =>
      companies
        .filter((one) => one.weeks === weeks && (people === undefined || one.people === people))
        .map(({ costs }) => costs[round] ?? Number.NaN);
    const ofRounds = (ratio: (round: number) => number): number =>
      median(Array.from({ length: rounds }, (_, round) => ratio(round)));
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
        ofRounds((round) => Math.max(...costsIn(round, 1)) / Math.min(...costsIn(round, 1))),
        '×',
        { atMost: 1.5 },
        'the dearest to the cheapest',
      ),
      judged(
        'evaluation, cost of a subject with 10× history',
        ofRounds(
          (round) => (costsIn(round, 10)[0] ?? Number.NaN) / (costsIn(round, 1, 10_000)[0] ?? Number.NaN),
        ),
        '×',
        { atMost: 1.5 },
      ),
    ];
  },
});

/**
 * V8 compiles what has run some thousand times. Whoever has decided about few people would be measured while it does, and whoever has decided about
 * many would not: so all have decided about this many at least.
 */
const WARMING_SUBJECTS = 10_000;
const warmUpsOf = (people: number): number => Math.ceil(WARMING_SUBJECTS / people);

/**
 * One run of the rules as they ship, from the ring to the end of the run, by a process that is warm. Its row is planned before, as rows are up to
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
  const warmUps = warmUpsOf(people);
  const first = round * (warmUps + 1);
  for (let run = 0; run < warmUps; run += 1) await decide(first + run);
  const took = await decide(first + warmUps);
  await rules.stop();
  return (took * 1000) / people;
}
