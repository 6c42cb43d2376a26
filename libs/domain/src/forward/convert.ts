import { Temporal } from 'temporal-polyfill';
import { startOfDay } from '../instant.js';
import { timeUnits, type Cell, type Conversion, type ForwardField } from './forward.js';

/** A value that cannot become what it should. The message says why, and shows no more of the value than its kind. */
export class ConversionError extends Error {
  override readonly name = 'ConversionError';
}

/** How many decimal places are kept of a length of time: a second is 0.0003 hours. */
const DIGITS_OF_TIME = 2;

/**
 * Makes a cell of a value.
 * @param zone an IANA name: in which a day begins that names no zone
 * @throws ConversionError where the value cannot become that
 */
export function convert(value: unknown, field: Omit<ForwardField, 'from'>, zone: string): Cell {
  const { as } = field;
  const named = field.values === undefined ? value : nameOf(value, field.values);
  switch (as) {
    case 'text':
      return { as, value: textOf(named) };
    case 'user':
      return { as, value: textOf(named) };
    case 'texts':
    case 'users':
      return { as, value: listOf(named) };
    case 'number':
      return { as, value: rounded(numberOf(named, as), field.digits) };
    case 'hours':
    case 'minutes':
    case 'days': {
      const ms = numberOf(named, as) * timeUnits[field.of ?? 'seconds'];
      return { as: 'number', value: rounded(ms / msOf[as], field.digits ?? DIGITS_OF_TIME) };
    }
    case 'date':
      return { as, value: dateOf(named, field, zone) };
    case 'department':
      return { as, value: wholeOf(named) };
    case 'departments':
      return { as, value: (Array.isArray(named) ? named : listOf(named)).map(wholeOf) };
  }
}

const msOf: Readonly<Record<'hours' | 'minutes' | 'days', number>> = {
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
};

/** Several values are one where that can be meant: numbers are summed, texts stand beside each other. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  throw new ConversionError(`${kindOf(value)} is no text`);
}

function listOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(textOf);
  return textOf(value)
    .split(/[;,；，]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function numberOf(value: unknown, as: Conversion): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + numberOf(one, as), 0);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw new ConversionError(`${kindOf(value)} cannot become ${as === 'number' ? 'a number' : as}`);
}

function wholeOf(value: unknown): number {
  const number = numberOf(value, 'number');
  if (Number.isSafeInteger(number)) return number;
  throw new ConversionError('a department is a whole number');
}

/** A moment before 1971 or after 2200 was counted in another unit. */
const earliest = Temporal.Instant.from('1971-01-01T00:00:00Z').epochMilliseconds;
const latest = Temporal.Instant.from('2200-01-01T00:00:00Z').epochMilliseconds;

function dateOf(value: unknown, { of: unit }: Omit<ForwardField, 'from'>, zone: string): string {
  if (typeof value === 'number') {
    const ms = value * timeUnits[unit ?? 'seconds'];
    if (ms >= earliest && ms < latest)
      return Temporal.Instant.fromEpochMilliseconds(Math.round(ms)).toString({ fractionalSecondDigits: 3 });
    throw new ConversionError(
      `the number is no moment in ${unit ?? 'seconds'} since 1970: say in what it is counted`,
    );
  }
  if (typeof value !== 'string') throw new ConversionError(`${kindOf(value)} is no date`);
  try {
    const at = /^\d{4}-\d{2}-\d{2}$/.test(value) ? startOfDay(value, zone) : Temporal.Instant.from(value);
    return at.toString({ fractionalSecondDigits: 3 });
  } catch {
    throw new ConversionError('the text is no date: `2026-03-01`, or a moment with its offset');
  }
}

function nameOf(value: unknown, values: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(value)) return value.map((one) => nameOf(one, values));
  const text = textOf(value);
  if (Object.hasOwn(values, text)) return values[text];
  throw new ConversionError(`\`values\` has nothing for \`${text.slice(0, 40)}\``);
}

/** Without `-0`, which a table would show as such. */
const rounded = (number: number, digits: number | undefined): number =>
  (digits === undefined ? number : Number(number.toFixed(digits))) + 0;

const kindOf = (value: unknown): string => {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object'
    ? 'an object'
    : `a ${typeof value === 'string' ? 'text' : typeof value} of this kind`;
};
