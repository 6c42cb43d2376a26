import fc from 'fast-check';
import {
  compileExpression,
  EvaluationError,
  ExpressionError,
  type CompiledExpression,
  type ExpectedType,
  type Scope,
} from './expression.js';

const scope: Scope = {
  hours: 'double',
  threshold: 'double',
  expected: 'double',
  note: 'string',
  exempt: 'boolean',
  person: { locale: 'string', zone: 'string' },
  open: { Critical: 'double', High: 'double' },
  previous: { score: 'double' },
};

const compiled = (text: string, expected: ExpectedType = 'any'): CompiledExpression => {
  const result = compileExpression(text, scope, expected);
  if (result instanceof ExpressionError) throw result;
  return result;
};

const refused = (text: string, expected: ExpectedType = 'any'): ExpressionError => {
  const result = compileExpression(text, scope, expected);
  if (result instanceof ExpressionError) return result;
  throw new Error(`${text} was accepted`);
};

const failure = (expression: CompiledExpression, values: Parameters<CompiledExpression['evaluate']>[0]) => {
  try {
    expression.evaluate(values);
  } catch (error) {
    if (error instanceof EvaluationError) return error.reason;
  }
  return 'no error';
};

describe('an expression', () => {
  it.each([
    ['hours < threshold && hours < expected', { hours: 20, threshold: 25, expected: 40 }, true],
    ['hours < threshold && hours < expected', { hours: 16, threshold: 25, expected: 16 }, false],
    ['open.Critical * 10.0 + open.High * 5.0', { open: { Critical: 2, High: 3 } }, 35],
    ['has(previous.score) ? previous.score : 0.0', { previous: {} }, 0],
    ['has(previous.score) ? previous.score : 0.0', { previous: { score: 7.5 } }, 7.5],
    ['max(expected - hours, 0.0)', { expected: 10, hours: 12 }, 0],
    ['min(expected, hours)', { expected: 10, hours: 12 }, 10],
    ['person.zone.startsWith("Europe/") ? "west" : "east"', { person: { zone: 'Asia/Seoul' } }, 'east'],
    ['person.locale in ["ko", "zh"]', { person: { locale: 'ko' } }, true],
    ['note.substring(0, 2)', { note: 'abc' }, 'ab'],
    ['hours * 1e-9 < 1e22 / 3.0', { hours: 1 }, true],
    ['exempt || !(hours > -1.5)', { exempt: false, hours: -2 }, true],
    ['hours != 0.0 && expected / hours > 2.0', { hours: 0, expected: 8 }, false],
  ])('%s of %j is %s', (text, values, result) => {
    expect(compiled(text).evaluate(values)).toBe(result);
  });

  it('ignores values that are not in its scope', () => {
    expect(compiled('hours').evaluate({ hours: 1, other: 2 })).toBe(1);
  });

  it('divides exactly as JavaScript does, and never by zero', () => {
    const quotient = compiled('hours / expected');

    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        (hours, expected) => {
          expect(quotient.evaluate({ hours, expected })).toBe(hours / expected);
        },
      ),
    );
    expect(failure(compiled('hours / expected > 1.0'), { hours: 1, expected: 0 })).toBe('undefined-number');
  });

  it.each([
    ['a value that is absent', 'hours < 1.0', {}, 'missing'],
    ['a part that is absent', 'has(previous.score) ? 0.0 : previous.score', { previous: {} }, 'missing'],
    ['a value of another type', 'hours < 1.0', { hours: 'many' }, 'mismatch'],
    ['a number that is none', 'hours', { hours: Number.NaN }, 'undefined-number'],
    ['a sum beyond all numbers', 'hours * 1e300', { hours: 1e300 }, 'undefined-number'],
    ['a text that is no number', 'double(note)', { note: 'x' }, 'failed'],
  ])('fails in a typed way on %s', (_, text, values, reason) => {
    expect(failure(compiled(text), values)).toBe(reason);
  });
});

describe('what is no expression is explained', () => {
  it.each([
    // text, column, message, remedy
    ['hours < 25', 9, '`25` is a whole number, and every number here is a decimal one', 'write `25.0`'],
    ['hours == 25', 10, '`25` is a whole number, and every number here is a decimal one', 'write `25.0`'],
    ['hours + 5 > 1.0', 9, '`5` is a whole number, and every number here is a decimal one', 'write `5.0`'],
    ['housr < 25.0', 1, 'nothing here is called `housr`', 'did you mean `hours`?'],
    [
      'xyz < 25.0',
      1,
      'nothing here is called `xyz`',
      'there are `hours`, `threshold`, `expected`, `note`, `exempt`, `person`, `open`, `previous`',
    ],
    ['person.local == "ko"', 8, '`person` has no part `local`', 'did you mean `person.locale`?'],
    ['person["local"] == "ko"', 9, '`person` has no part `local`', 'did you mean `person.locale`?'],
    ['open.Low > 1.0', 6, '`open` has no part `Low`', 'it has `Critical`, `High`'],
    ['hours.sum > 1.0', 7, '`hours` has no parts', 'write `hours` alone'],
    [
      'exempt && hours < "25"',
      11,
      '`<` does not work between a number and a text',
      'both sides must be numbers, or both texts; `string(…)` makes a number a text',
    ],
    [
      'hours < 1.0 && note',
      1,
      '`&&`, `||` and `!` join conditions, and one side is a text',
      'compare it with something, such as `hours < 25.0`',
    ],
    ['hours = 5.0', 7, '`=` is not known here', '`==` compares'],
    ['hours <> 5.0', 7, '`<>` is not known here', '`!=` means different'],
    ['exempt and hours < 5.0', 8, '`and` is not known here', '`&&` means and'],
    ['exempt or exempt', 8, '`or` is not known here', '`||` means or'],
    ['not exempt', 1, '`not` is not known here', '`!` means not'],
    ['hours < 7,5', 10, '`,` is not known here', 'decimals are written with a point: `7.5`'],
    ['hours <', 8, 'the expression ends too early', 'something is missing at its end'],
    ['hours < 5.0 hours', 13, '`hours` is not expected here', 'an operator or the end should stand here'],
    ['hours % 2.0 == 0.0', 1, '`%` is not defined for decimal numbers', 'use `+`, `-`, `*` or `/`'],
    ['maxx(hours, 1.0)', 1, 'there is no function `maxx` here', 'did you mean `max`?'],
    [
      'max(hours)',
      1,
      '`max(double)` does not fit: these are not the arguments it takes',
      '`max` takes two numbers: `max(expected - hours, 0.0)`',
    ],
    ['note.startsWidth("a")', 6, 'there is no function `startsWidth` here', 'did you mean `startsWith`?'],
    [
      'hours(1.0)',
      1,
      'there is no function `hours` here',
      '`hours` is a value: write it without parentheses',
    ],
    ['hours == null', 10, '`null` is not known here', 'ask `has(previous.score)` whether a value is there'],
    [
      'hours > previous.score',
      9,
      'the first time there is no `previous.score`',
      'ask first: `has(previous.score) ? … : …`',
    ],
    ['hours > previous.scor', 18, '`previous` has no part `scor`', 'did you mean `previous.score`?'],
    [
      'exempt ? 1.0 : note',
      1,
      'what `? :` yields must be of one type on both sides',
      'make both a number, both a text or both a condition',
    ],
    [
      'has(previous)',
      5,
      '`has` asks for a part of something',
      'write it with the part, such as `has(previous.score)`',
    ],
    [
      '',
      1,
      'the expression is empty',
      'a number, a text or a condition is needed, such as `expected - hours`',
    ],
    [
      'person',
      1,
      'it yields neither a number nor a text nor a condition',
      'a number, a text or a condition is needed, such as `expected - hours`',
    ],
  ])('%s', (text, column, message, remedy) => {
    const error = refused(text);

    expect({ column: error.column, message: error.message, remedy: error.remedy }).toEqual({
      column,
      message,
      remedy,
    });
  });

  it.each([
    [
      'boolean',
      'hours',
      'it yields a number, not a condition',
      'a condition is needed, such as `hours < 25.0`',
    ],
    [
      'double',
      'hours < 5.0',
      'it yields a condition, not a number',
      'a number is needed, such as `hours * 1.5`',
    ],
    ['string', 'hours', 'it yields a number, not a text', 'a text is needed, such as `person.locale`'],
  ] as const)('where a %s is needed: %s', (expected, text, message, remedy) => {
    const error = refused(text, expected);

    expect(error.message).toBe(message);
    expect(error.remedy).toBe(remedy);
  });

  it('says the line and column of an expression over several lines', () => {
    const { line, column } = refused('hours < threshold &&\n  housr > 1.0');

    expect([line, column]).toEqual([2, 3]);
  });

  it.each(['note.matches("(a+)+$")', 'dyn(hours) == note', '[hours].map(x, x)', 'type(hours) == double'])(
    'has no %s: it could run long or escape the check',
    (text) => {
      expect(refused(text).message).toContain('there is no function');
    },
  );

  it.each([
    ['deep', `${'('.repeat(500)}hours${')'.repeat(500)} > 1.0`],
    ['long', Array.from({ length: 400 }, () => 'hours').join(' + ')],
  ])('refuses what is too %s', (_, text) => {
    expect(refused(text).remedy).toContain('split it into named `let`s');
  });

  it('never throws, whatever is written', () => {
    const letters = fc.constantFrom(
      'hours',
      'person',
      '.',
      '(',
      ')',
      '<',
      '&&',
      '1.0',
      '5',
      '"a"',
      '?',
      ':',
      ' ',
      '[',
      ']',
      '/',
      'has',
      ',',
      '-',
      'é',
    );

    fc.assert(
      fc.property(fc.array(letters, { maxLength: 12 }), (parts) => {
        const result = compileExpression(parts.join(''), scope, 'any');
        if (result instanceof ExpressionError) {
          expect(result.message).not.toBe('');
          expect(result.remedy).not.toBe('');
          expect(result.column).toBeGreaterThan(0);
        }
      }),
      { numRuns: 500 },
    );
  });
});
