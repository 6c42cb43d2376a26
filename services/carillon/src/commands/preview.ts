import { Command, Option } from 'commander';
import { CompanyReader, peopleById, type Company } from '#company';
import { serviceModule } from '#connections';
import {
  calendarWorkingDay,
  occurrenceId,
  occurrencesOver,
  windowNames,
  windowOf,
  type DateRange,
  type Message,
  type PlannedInstant,
  type WindowName,
} from '#domain';
import { startService } from '#runtime';
import { Database, Occurrences } from '#storage';
import { Evaluator, type Occasion } from '../../../rules/src/evaluator.js';
import { groupsOf } from '../../../rules/src/plan.js';
import { EvaluatorModule } from '../../../rules/src/rules.module.js';
import { Say, type Saying } from '../../../rules/src/say.js';
import { exitCodes } from '../exit-codes.js';
import { messageText } from '../message-text.js';
import { migrate, open } from '../session.js';
import type { Terminal } from '../terminal.js';
import { UsageError, type CommandContext } from './context.js';
import { outputOption } from './options.js';

interface PreviewOptions {
  readonly over: Exclude<WindowName, 'latest'>;
  readonly known: 'then' | 'now';
  readonly messages?: boolean;
}

/** One planned run as it would have been, or was. */
export interface PreviewedOccasion {
  readonly subscription: string;
  readonly zone: string;
  readonly nominal: string;
  /** By what was known when it was decided, or by what is known now where it never was. */
  readonly known: 'then' | 'now';
  readonly counts: {
    readonly fired: number;
    readonly quiet: number;
    readonly suppressed: number;
    readonly held: number;
  };
  readonly sayings: readonly {
    readonly delivery: string;
    readonly person: string;
    readonly destination: string;
    readonly message: Message | { readonly rows: readonly unknown[] };
  }[];
}

/** `carillon preview`: the live evaluator over past facts; nothing is written or said. */
export const previewCommand = (context: CommandContext): Command =>
  new Command('preview')
    .summary('who would hear what: the live evaluator over past facts')
    .description(
      'Decides a rule for every planned run of its subscriptions in a past period, by what was known when it ran. For runs that never were it uses what is known now, and says so. Says nothing to anybody.',
    )
    .argument('<rule>', 'the name of a Rule document')
    .addOption(
      new Option('--over <period>', 'which period')
        .choices(windowNames.filter((name) => name !== 'latest'))
        .default('lastMonth'),
    )
    .addOption(
      new Option('--known <when>', 'what was known then, or what is known now')
        .choices(['then', 'now'])
        .default('then'),
    )
    .option('--messages', 'print the messages whole')
    .addOption(outputOption())
    .action(async (rule: string, options: PreviewOptions, command: Command) => {
      await context.run(command, async (terminal, settings) => {
        const connections = await open(settings, terminal, { name: 'carillon-preview' });
        try {
          if (connections.embedded) await migrate(connections, settings, terminal);
          const service = await startService(serviceModule(connections, EvaluatorModule), {
            name: 'preview',
          });
          try {
            const previewer = new Previewer(
              service.app.get(Database),
              service.app.get(CompanyReader),
              service.app.get(Evaluator),
              service.app.get(Say),
              new Occurrences(connections.database),
            );
            const previewed = await previewer.preview(rule, options, (text) => terminal.progress(text));
            print(rule, previewed, options, terminal);
            return exitCodes.ok;
          } finally {
            await service.stop();
          }
        } finally {
          await connections.close();
        }
      });
    });

/** Looks at past occasions with the evaluator that is live. */
export class Previewer {
  constructor(
    private readonly database: Database,
    private readonly companies: CompanyReader,
    private readonly evaluator: Evaluator,
    private readonly say: Say,
    private readonly occurrences: Occurrences,
  ) {}

  async preview(
    rule: string,
    options: Pick<PreviewOptions, 'over' | 'known'>,
    progress: (text: string) => void = () => undefined,
  ): Promise<readonly PreviewedOccasion[]> {
    const now = await this.companies.asOf(await this.database.asOf());
    const known = now.configuration.rules.map(({ name }) => name);
    if (!known.includes(rule))
      throw new UsageError(
        `There is no rule ${rule}; there are: ${known.join(', ') || 'none, apply documents first'}.`,
      );
    const subscriptions = now.configuration.subscriptions.filter(
      (one) => one.rules.includes(rule) && one.schedule,
    );
    if (subscriptions.length === 0)
      throw new UsageError(`Nobody subscribes to ${rule} with a schedule: there is no occasion to preview.`);
    const previewed: PreviewedOccasion[] = [];
    for (const subscription of subscriptions) {
      if (!subscription.schedule) continue;
      for (const group of groupsOf(now, subscription, subscription.schedule)) {
        const calendar = now.configuration.calendars.find(({ name }) => name === group.calendar);
        const period: DateRange = windowOf(options.over, now.asOf, group.zone, 'MONDAY').dates;
        for (const planned of occurrencesOver(subscription.schedule, period, group.zone, (day) =>
          calendarWorkingDay(calendar, day),
        )) {
          progress(`${subscription.name}, ${group.zone}, ${planned.nominal.toString()} …`);
          previewed.push(
            await this.#occasion(
              now,
              rule,
              { subscription: subscription.name, ...group, nominal_at: planned.nominal },
              planned,
              options.known,
            ),
          );
        }
      }
    }
    return previewed.toSorted((one, other) => (one.nominal + one.zone < other.nominal + other.zone ? -1 : 1));
  }

  async #occasion(
    now: Company,
    rule: string,
    occasion: Occasion,
    planned: PlannedInstant,
    known: 'then' | 'now',
  ): Promise<PreviewedOccasion> {
    const id = occurrenceId({
      subscription: occasion.subscription,
      zone: occasion.zone,
      calendar: occasion.calendar,
      nominal: planned.nominal,
    });
    const decided = known === 'then' ? (await this.occurrences.get(id))?.decided_as_of : undefined;
    const company = decided ? await this.companies.asOf(decided) : now;
    const conclusions = await this.evaluator.conclude(company, occasion);
    const sayings = (await this.say.sayings(company, occasion, conclusions)).filter((saying) =>
      saying.fired.some((decision) => decision.rule === rule),
    );
    const decisions = conclusions.filter((one) => one.rule.name === rule).flatMap((one) => one.decisions);
    const count = (outcome: string): number =>
      decisions.filter((decision) => decision.outcome === outcome).length;
    return {
      subscription: occasion.subscription,
      zone: occasion.zone,
      nominal: planned.nominal.toString(),
      known: decided ? 'then' : 'now',
      counts: {
        fired: count('fired'),
        quiet: count('quiet'),
        suppressed: count('suppressed'),
        held: count('held'),
      },
      sayings: sayings.map((saying) => said(company, saying)),
    };
  }
}

const said = (company: Company, saying: Saying): PreviewedOccasion['sayings'][number] => ({
  delivery: saying.id,
  person: peopleById(company).get(saying.subject ?? '')?.name ?? '',
  destination: roomOf(saying) ?? saying.destination,
  message: saying.message,
});

const roomOf = (saying: Saying): string | undefined =>
  (saying.target['room'] as { readonly name?: string } | undefined)?.name;

function print(
  rule: string,
  previewed: readonly PreviewedOccasion[],
  options: PreviewOptions,
  terminal: Terminal,
): void {
  terminal.json({ rule, over: options.over, occasions: previewed });
  if (previewed.length === 0) terminal.say(`No planned run falls into ${options.over}.`);
  if (previewed.some(({ known }) => known === 'now')) {
    terminal.say('Runs marked * never were: they are shown by what is known now.\n');
  }
  for (const { subscription, zone, nominal, known, counts, sayings } of previewed) {
    terminal.say(
      `${nominal}${known === 'now' ? '*' : ''}  ${subscription} (${zone}): ${counts.fired} fired, ${counts.quiet} quiet, ${counts.suppressed} suppressed, ${counts.held} held`,
    );
    for (const { destination, message } of sayings) {
      terminal.say(
        `    #${destination}: ${'rows' in message ? `${message.rows.length} records` : message.title}`,
      );
      if (options.messages && !('rows' in message))
        terminal.say(messageText(message).replace(/^/gm, '        '));
    }
  }
}
