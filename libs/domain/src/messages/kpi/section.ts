import { kpiValue, type KpiPart } from '../../kpi-parts.js';
import { otherKey } from '../../rule.js';
import type { Locale, MessageBlock } from '../../message.js';
import { formatDay, formatList, formatMoment, formatNumber } from '../format.js';
import { amountsOf, type Amounts } from './amounts.js';
import { issueList } from './issue-list.js';
import type { KpiMessage, KpiPhrases } from './phrases.js';
import type { SaidKpi, SaidToTeam } from './said-kpi.js';

/** What one number has to say. */
interface KpiSection {
  /** What stands in the title. */
  readonly topic: string;
  /** Value, target and distance as fields. */
  readonly figures: readonly MessageBlock[];
  /** The distance alone, to stand below a heading that says the others. */
  readonly distance: readonly string[];
  /** Everything else. */
  readonly blocks: readonly MessageBlock[];
  /** How it came about, for the small print; the same sentence is printed once. */
  readonly smallPrint: readonly string[];
}

interface Context {
  readonly kpi: SaidKpi;
  readonly locale: Locale;
  readonly phrases: KpiPhrases;
  readonly amounts: Amounts;
  readonly value: number | undefined;
  readonly target: number | undefined;
}

/** How many of the last values are drawn, the present one among them. */
export const drawnValues = 8;

/** Value, target, distance, trend, parts and issues of one number, as far as there are any. */
export function kpiSection(
  say: KpiMessage,
  kpi: SaidKpi,
  { zone, sources }: SaidToTeam,
  locale: Locale,
  phrases: KpiPhrases,
): KpiSection {
  const { inputs } = kpi.decision;
  const context: Context = {
    kpi,
    locale,
    phrases,
    amounts: amountsOf(say, locale, phrases),
    value: finite(inputs[kpiValue]),
    target: finite(inputs['target']),
  };
  const own = inputs['label'];
  const label = typeof own === 'string' && own.trim() !== '' ? own.trim() : undefined;
  const { amounts, value, target } = context;
  const isWeighed = kpi.parts?.parts.some(({ weighed }) => weighed !== undefined) ?? false;
  const other = kpi.parts?.parts.find(({ key }) => key === otherKey);
  const { how } = phrases;
  return {
    topic: phrases.topic(
      label ?? phrases.labels[say],
      value === undefined ? '–' : signed(value, amounts.short),
      target === undefined ? undefined : signed(target, amounts.short),
    ),
    figures: fields(context),
    distance: [distanceText(context)].flatMap((words) => words ?? []),
    blocks: [
      ...trend(context),
      ...parts(context, say === 'kpi-index' && isWeighed),
      ...(kpi.issues ? issueList(kpi.issues, locale, phrases) : []),
    ],
    smallPrint: [
      how.read(formatList(locale, sources), formatMoment(locale, kpi.at, zone)),
      ...((say === 'kpi-index' ? isWeighed : label === undefined) ? [how.counted[say]] : []),
      ...(other ? [how.other(phrases.issues(other.count))] : []),
      how.better[better(context)],
    ],
  };
}

const better = ({ kpi }: Context): 'lower' | 'higher' =>
  kpi.decision.inputs['better'] === 'higher' ? 'higher' : 'lower';

function fields(context: Context): readonly MessageBlock[] {
  const { phrases, amounts, value, target } = context;
  const distance = distanceText(context);
  return [
    {
      type: 'fields',
      fields: [
        { label: phrases.value, value: value === undefined ? '–' : signed(value, amounts.long) },
        ...(target === undefined ? [] : [{ label: phrases.target, value: signed(target, amounts.long) }]),
        ...(distance === undefined ? [] : [{ label: phrases.distance, value: distance }]),
      ],
    },
  ];
}

/** How far from the target, and whether that is the good side. On target is where both are shown alike. */
function distanceText(context: Context): string | undefined {
  const { phrases, amounts, value, target } = context;
  if (value === undefined || target === undefined) return undefined;
  if (signed(value, amounts.long) === signed(target, amounts.long)) return phrases.onTarget;
  const isAbove = value > target;
  const amount = amounts.long(Math.abs(value - target));
  const isGood = isAbove === (better(context) === 'higher');
  return phrases.judged(
    isAbove ? phrases.above(amount) : phrases.below(amount),
    isGood ? phrases.progress : phrases.attention,
  );
}

/** What has become of it since it was last said. */
function trend({ kpi, locale, phrases, amounts, value }: Context): readonly MessageBlock[] {
  const last = kpi.history.at(-1);
  if (!last || value === undefined) return [];
  const day = formatDay(locale, last.on);
  const [was, is] = [signed(last.value, amounts.short), signed(value, amounts.short)];
  const change = amounts.short(Math.abs(value - last.value));
  return [
    {
      type: 'trend',
      values: [...kpi.history.map((said) => said.value), value].slice(-drawnValues),
      text:
        was === is
          ? phrases.trend.same(day)
          : phrases.trend.since(`${value > last.value ? '▲' : '▼'} ${change} (${was} → ${is})`, day),
    },
  ];
}

function parts({ kpi, locale, phrases }: Context, withWeights: boolean): readonly MessageBlock[] {
  if (!kpi.parts || kpi.parts.parts.length === 0) return [];
  const { columns, by } = phrases.parts;
  const plain = (amount: number): string => formatNumber(locale, amount);
  const attribute = kpi.parts.by;
  const heading = attribute === 'priority' || attribute === 'status' ? by[attribute] : attribute;
  return [
    {
      type: 'table',
      columns: [heading, columns.count, ...(withWeights ? [columns.weight, columns.points] : [])],
      rows: kpi.parts.parts.map((part) => [
        partName(part, phrases),
        plain(part.count),
        ...(withWeights ? [plain(part.weighed?.weight ?? 0), plain(part.weighed?.points ?? 0)] : []),
      ]),
    },
  ];
}

const partName = ({ key }: KpiPart, { parts: { none, other } }: KpiPhrases): string =>
  key === otherKey ? other : key.trim() || none;

const signed = (amount: number, written: (amount: number) => string): string =>
  amount < 0 ? `−${written(-amount)}` : written(amount);

const finite = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;
