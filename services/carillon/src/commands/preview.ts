import { Command, InvalidArgumentError, Option } from 'commander';
import { CompanyReader } from '#company';
import { serviceModule } from '#connections';
import { windowNames, type DateRange, type WindowName } from '#domain';
import { startService } from '#runtime';
import { Database, Decisions, Occurrences } from '#storage';
import { Evaluator } from '../../../rules/src/evaluator.js';
import { EvaluatorModule } from '../../../rules/src/rules.module.js';
import { Say } from '../../../rules/src/say.js';
import { exitCodes } from '../exit-codes.js';
import { Previewer } from '../preview/previewer.js';
import { previewText } from '../preview/text.js';
import { migrate, open } from '../session.js';
import type { CommandContext } from './context.js';
import { outputOption } from './options.js';

type Period = Exclude<WindowName, 'latest'> | DateRange;

interface PreviewOptions {
  readonly over: Period;
  readonly known: 'then' | 'now';
  readonly messages?: boolean;
}

const periods = windowNames.filter((name) => name !== 'latest');

/** `carillon preview`: the live evaluator over past facts; nothing is written or said. */
export const previewCommand = (context: CommandContext): Command =>
  new Command('preview')
    .summary('who would hear what: the live evaluator over past facts')
    .description(
      'Decides a rule for every planned run of its subscriptions in a past period, by what was known when it ran. For runs that never were it uses what is known now, and says so. Says nothing to anybody.',
    )
    .argument('<rule>', 'the name of a Rule document')
    .addOption(
      new Option(
        '--over <period>',
        `the days of the runs: ${periods.join(', ')}, or two days such as 2026-10-01..2026-11-01, the second not included`,
      )
        .argParser(periodOf)
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
              new Decisions(connections.database),
            );
            const occasions = await previewer.preview(rule, options, (text) => terminal.progress(text));
            terminal.say(previewText(rule, options, occasions));
            terminal.json({ rule, over: options.over, occasions });
            return exitCodes.ok;
          } finally {
            await service.stop();
          }
        } finally {
          await connections.close();
        }
      });
    });

function periodOf(text: string): Period {
  const name = periods.find((one) => one === text);
  if (name) return name;
  const [, from, to] = /^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$/.exec(text) ?? [];
  if (from === undefined || to === undefined || [from, to].some((day) => Number.isNaN(Date.parse(day))))
    throw new InvalidArgumentError(
      `A period is one of ${periods.join(', ')}, or two days such as 2026-10-01..2026-11-01.`,
    );
  if (from >= to) throw new InvalidArgumentError('The first day has to come before the second.');
  return { from, to };
}
