import { roundDownHours, type Value } from '#domain';

type Inputs = Readonly<Record<string, Value>>;

/** Why a rule fired, in a few words from what it was decided by: `15.5 of 32 h, below 25`. */
export function whyText(say: string, inputs: Inputs): string {
  const number = (name: string): number | undefined => {
    const value = inputs[name];
    return typeof value === 'number' ? value : undefined;
  };
  const hours = number('hours');
  if (say === 'low-hours' && hours !== undefined) {
    const [expected, threshold] = [number('expected'), number('threshold')];
    return `${shown(hours)}${expected === undefined ? '' : ` of ${shown(expected)}`} h${threshold === undefined ? '' : `, below ${shown(threshold)}`}`;
  }
  if (say === 'days-off') {
    const parts = [counted(number('leave'), 'day off', 'days off'), counted(number('holidays'), 'holiday')];
    const said = parts.filter((part) => part !== '').join(', ');
    if (said !== '') return said;
  }
  if (say === 'missing-holiday' && number('missing') !== undefined)
    return `${counted(number('missing'), 'holiday')} not entered`;
  const limit = number('limit');
  const above = limit === undefined ? '' : `, above ${shown(limit)}`;
  const [days, overtime] = [number('days'), number('overtime')];
  if (say === 'exceptional-days' && days !== undefined)
    return `${counted(days, 'exceptional day') || 'no exceptional day'}${above}`;
  if (say === 'overtime' && overtime !== undefined) return `${shown(overtime)} h of overtime${above}`;
  const [score, target] = [number('score'), number('target')];
  const figure = figures[say];
  if (figure && score !== undefined)
    return `${figure.told(figure.amount(score))}${target === undefined ? '' : `, target ${figure.amount(target)}`}`;
  return Object.entries(inputs)
    .filter(([, value]) => typeof value !== 'object')
    .map(([name, value]) => `${name} ${typeof value === 'number' ? shown(value) : String(value)}`)
    .join(', ');
}

/** How the figures of teams are told, by what is said of them. */
const figures: Readonly<
  Record<
    string,
    { readonly amount: (value: number) => string; readonly told: (amount: string) => string } | undefined
  >
> = {
  'kpi-index': { amount: (value) => shown(value), told: (amount) => `index ${amount}` },
  'kpi-count': { amount: (value) => shown(value), told: (amount) => `${amount} open` },
  'kpi-age': { amount: (value) => `${shown(value)} d`, told: (amount) => `oldest ${amount}` },
  'kpi-share': {
    amount: (value) => `${Math.round(value * 1000) / 10}%`,
    told: (amount) => `${amount} overdue`,
  },
};

const shown = (value: number): string => String(roundDownHours(value));

const counted = (count: number | undefined, one: string, many = `${one}s`): string =>
  count === undefined || count === 0 ? '' : `${shown(count)} ${count === 1 ? one : many}`;
