/** One figure of the table. */
export interface Measure {
  readonly name: string;
  readonly value: number | null;
  readonly unit: string;
  /** What it should be, as `≥ 1.2`; null for figures that only explain others. */
  readonly goal: string | null;
  /** Null where there is no goal, or no figure. */
  readonly met: boolean | null;
  /** What has to be known to read it: which peer is missing, how many it was measured over. */
  readonly note?: string;
}

/** How much is done: less of it, and less often, while something is being developed. */
interface Effort {
  readonly quick: boolean;
  /** Medians are taken over so many rounds. */
  readonly rounds: number;
}

/** A group of measures that are taken together, interleaved. `--only` names it. */
export interface Bench {
  readonly name: string;
  readonly run: (effort: Effort, progress: (text: string) => void) => Promise<readonly Measure[]>;
}

type Goal = { readonly atLeast: number } | { readonly atMost: number } | { readonly under: number };

/** A figure with its goal. A value that could not be taken has met nothing. */
export function judged(name: string, value: number | null, unit: string, goal: Goal, note?: string): Measure {
  const [sign, bound, met] =
    'atLeast' in goal
      ? (['≥', goal.atLeast, (value ?? 0) >= goal.atLeast] as const)
      : 'atMost' in goal
        ? (['≤', goal.atMost, (value ?? Infinity) <= goal.atMost] as const)
        : (['<', goal.under, (value ?? Infinity) < goal.under] as const);
  return {
    name,
    value,
    unit,
    goal: `${sign} ${bound}`,
    met: value === null ? null : met,
    ...(note === undefined ? {} : { note }),
  };
}

/** A figure that explains others. */
export const told = (name: string, value: number | null, unit: string, note?: string): Measure => ({
  name,
  value,
  unit,
  goal: null,
  met: null,
  ...(note === undefined ? {} : { note }),
});

/** The middle one; of an even number the mean of the two in the middle. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = low] =
    sorted.length % 2 === 1 ? [sorted[middle]] : [sorted[middle - 1], sorted[middle]];
  return (low + high) / 2;
}

/** The value that `share` of all do not exceed; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
