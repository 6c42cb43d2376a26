import type { Lived } from './live.js';
import type { QueueKind } from './world.js';

/** The figures of a whole run; in JSON as they are. */
export interface Figures {
  readonly seed: number;
  readonly queue: QueueKind;
  readonly replicas: number;
  /** Weeks that were lived through. */
  readonly rounds: number;
  /** Planned occurrences. */
  readonly occurrences: number;
  /** Messages that were due, and those of them that arrived. */
  readonly due: number;
  readonly sent: number;
  /** Due, and never said; or not corrected. */
  readonly lost: number;
  /** Said twice, though the provider could be asked or the subscription would rather leave it. */
  readonly duplicates: number;
  /** Said about a person from incomplete data, or though nothing was due. */
  readonly unfair: number;
  /** Books that do not agree with what was there. */
  readonly unbalanced: number;
  /** How many deliveries a killed notifier left in the middle of a send: on average, and at most. */
  readonly unknownPerKill: number;
  readonly unknownPerKillMost: number;
  /** From the last fault of a week until all was settled, leases that were not waited for included: median and longest. */
  readonly recoverySeconds: number;
  readonly recoverySecondsMost: number;
  /** Of these, leases that were let run out before their time: of the longest. */
  readonly leaseSecondsSpared: number;
  /** From when a week came due until all was said, where nothing went wrong: median. */
  readonly calmSeconds: number;
  /** Where nobody can be asked, by what the subscription says is to be done. */
  readonly unaskable: readonly [
    { readonly policy: 'repeat'; readonly due: number; readonly repeated: number; readonly rate: number },
    { readonly policy: 'leave'; readonly due: number; readonly unsaid: number; readonly rate: number },
  ];
  readonly faults: Readonly<Record<string, number>>;
  /** Kills that nobody came by. */
  readonly missed: readonly string[];
  readonly crashes: number;
  readonly breaches: readonly { readonly round: number; readonly promise: string; readonly what: string }[];
}

export function figuresOf(
  lived: readonly Lived[],
  run: {
    readonly seed: number;
    readonly queue: QueueKind;
    readonly replicas: number;
    readonly occurrences: number;
  },
): Figures {
  const breaches = lived.flatMap((one, round) => one.breaches.map((breach) => ({ round, ...breach })));
  const count = (promise: string): number => breaches.filter((one) => one.promise === promise).length;
  const sum = (of: (one: Lived) => number): number => lived.reduce((total, one) => total + of(one), 0);
  const kills = lived.flatMap(({ unknownPerKill }) => unknownPerKill);
  const broken = lived.filter(({ faults }) => faults.length > 0);
  const seconds = broken.map(({ recovery }) => recovery.seconds + recovery.spared);
  const calm = lived.filter(({ faults }) => faults.length === 0).map(({ recovery }) => recovery.seconds);
  const due = sum((one) => one.due);
  const [repeated, unsaid] = [sum((one) => one.repeated), sum((one) => one.leftUnsaid)];
  const faults: Record<string, number> = {};
  for (const kind of lived.flatMap((one) => one.faults)) faults[kind] = (faults[kind] ?? 0) + 1;
  return {
    ...run,
    rounds: lived.length,
    due,
    sent: sum((one) => one.sent),
    lost: count('lost'),
    duplicates: count('duplicates'),
    unfair: count('unfair'),
    unbalanced: count('unbalanced'),
    unknownPerKill: rounded(kills.length === 0 ? 0 : kills.reduce((a, b) => a + b, 0) / kills.length),
    unknownPerKillMost: Math.max(0, ...kills),
    recoverySeconds: rounded(median(seconds)),
    recoverySecondsMost: rounded(Math.max(0, ...seconds)),
    leaseSecondsSpared: rounded(Math.max(0, ...broken.map(({ recovery }) => recovery.spared))),
    calmSeconds: rounded(median(calm)),
    unaskable: [
      { policy: 'repeat', due: due / 3, repeated, rate: rate(repeated, due / 3) },
      { policy: 'leave', due: due / 3, unsaid, rate: rate(unsaid, due / 3) },
    ],
    faults: Object.fromEntries(Object.entries(faults).toSorted(([one], [other]) => (one < other ? -1 : 1))),
    missed: lived.flatMap((one) => one.missed),
    crashes: sum((one) => one.crashes.length),
    breaches,
  };
}

/** For people: what was broken, what was promised, what was measured. */
export function table(figures: Figures): string {
  const [repeat, leave] = figures.unaskable;
  const rows: readonly (readonly [string, string | number])[] = [
    ['rounds (weeks)', figures.rounds],
    ['planned occurrences', figures.occurrences],
    ['messages due', figures.due],
    ['sent', figures.sent],
    ['lost', `${figures.lost} (0 promised)`],
    ['sent twice, where the provider can be asked', `${figures.duplicates} (0 promised)`],
    ['web hooks, policy repeat: arrived once more, under the same id', percent(repeat.repeated, repeat.rate)],
    ['web hooks, policy leave: left unsaid, the owner told', percent(leave.unsaid, leave.rate)],
    ['from incomplete data, or not due', `${figures.unfair} (0 promised)`],
    ['books out of balance', `${figures.unbalanced} (0 promised)`],
    [
      'unknown after the kill of a notifier',
      `${figures.unknownPerKill} (at most ${figures.unknownPerKillMost})`,
    ],
    [
      'time to recover, leases included',
      `${figures.recoverySeconds} s (at most ${figures.recoverySecondsMost} s, of which a lease ${figures.leaseSecondsSpared} s)`,
    ],
    ['time to say a week where nothing goes wrong', `${figures.calmSeconds} s`],
    ['processes that ended by themselves', figures.crashes],
  ];
  return [
    columns(Object.entries(figures.faults)),
    '',
    columns(rows),
    ...figures.missed.map((what) => `  ${what}`),
    ...figures.breaches.map(({ round, promise, what }) => `  BROKEN in round ${round}: ${promise}: ${what}`),
  ].join('\n');
}

const columns = (rows: readonly (readonly [string, string | number])[]): string => {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n');
};

const rounded = (value: number): number => Math.round(value * 100) / 100;
const rate = (part: number, whole: number): number =>
  whole === 0 ? 0 : Math.round((part / whole) * 10_000) / 10_000;
const percent = (count: number, share: number): string => `${count} (${rounded(share * 100)} %)`;
const median = (values: readonly number[]): number => {
  const sorted = [...values].toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
};
