import { Command, InvalidArgumentError, Option } from 'commander';
import { proposeCalendar } from '#documents';
import { Temporal } from 'temporal-polyfill';
import { proposedText, type Proposal } from '../proposed-text.js';
import { exitCodes } from '../exit-codes.js';
import { UsageError } from '../usage-error.js';
import type { CommandContext } from './context.js';
import { outputOption } from './options.js';

interface CalendarOptions {
  readonly country: string;
  readonly region?: string;
  readonly year?: readonly number[];
  readonly language: readonly string[];
  readonly name?: string;
  readonly zone?: readonly string[];
}

/** `carillon calendar`: a Calendar document to begin with, which its owner confirms. */
export const calendarCommand = (context: CommandContext): Command =>
  new Command('calendar')
    .summary('propose a Calendar document with the public holidays of a country or region')
    .description(
      'Prints a Calendar document, as YAML, with the public holidays that the library date-holidays knows. It is a proposal: laws change, and ' +
        'employers have days of their own. Read it, correct it, and keep it with your documents:\n\n' +
        '  carillon calendar --country DE --region BY --year 2026 --year 2027 > documents/bavaria.yaml',
    )
    .requiredOption('--country <code>', 'two letters, such as DE', (text) => text.toUpperCase())
    .option('--region <code>', 'a state or region of it, such as BY or BY-A')
    .addOption(
      new Option('--year <year>', 'once for each year; this one and the next by default').argParser(
        (text: string, before: readonly number[] = []) => [...before, yearOf(text)],
      ),
    )
    .addOption(
      new Option(
        '--language <codes...>',
        'in which languages holidays are named, the first that has a name',
      ).default(['en'], 'en'),
    )
    .option('--name <name>', 'of the document')
    .option('--zone <zones...>', 'people in these zones get it without naming it, such as Europe/Berlin')
    .addOption(outputOption())
    .action(async (options: CalendarOptions, command: Command) => {
      await context.run(command, (terminal) => {
        const proposal = propose(options);
        terminal.say(proposedText(proposal).trimEnd());
        terminal.json(proposal);
        return Promise.resolve(exitCodes.ok);
      });
    });

function propose({ country, region, year, language, name, zone }: CalendarOptions): Proposal {
  const thisYear = Temporal.Now.plainDateISO('UTC').year;
  const years = [...new Set(year ?? [thisYear, thisYear + 1])].toSorted((one, other) => one - other);
  try {
    return {
      name: name ?? [country, region].filter(Boolean).join('-').toLowerCase(),
      country,
      ...(region === undefined ? {} : { region }),
      years,
      zones: zone ?? [],
      days: proposeCalendar({
        country,
        ...(region === undefined ? {} : { region }),
        years,
        languages: language,
      }),
    };
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

function yearOf(text: string): number {
  const year = Number(text);
  if (!/^\d{4}$/.test(text) || year < 1970)
    throw new InvalidArgumentError('A year has four digits, such as 2026.');
  return year;
}
