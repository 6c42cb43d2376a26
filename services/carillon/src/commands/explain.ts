import { Command } from 'commander';
import { exitCodes } from '../exit-codes.js';
import { Explainer } from '../explain/explainer.js';
import { explanationText } from '../explain/text.js';
import { migrate, open } from '../session.js';
import { UsageError, type CommandContext } from './context.js';
import { outputOption } from './options.js';

interface ExplainOptions {
  readonly person?: string;
  readonly team?: string;
  readonly connection?: string;
  readonly rule?: string;
}

/** `carillon explain`: from a message back to the facts, or why there was none. It reads what was stored; it never guesses. */
export const explainCommand = (context: CommandContext): Command =>
  new Command('explain')
    .summary('why something was said, or why somebody heard nothing')
    .description(
      'From a delivery back to its attempts, route, decisions, rule, calendar and facts. With --person, --team or --connection, and --rule: why there was none.',
    )
    .argument('[delivery]', 'the id of a delivery, or its beginning')
    .option('--person <who>', 'an e-mail address or a slug')
    .option('--team <name>', 'the name of a Team document')
    .option('--connection <name>', 'the name of a Source or Channel document')
    .option('--rule <name>', 'the name of a Rule document')
    .addOption(outputOption())
    .action(async (delivery: string | undefined, options: ExplainOptions, command: Command) => {
      await context.run(command, async (terminal, settings) => {
        const { person, team, connection, rule } = options;
        if (!delivery && !((person ?? team ?? connection) && rule)) {
          throw new UsageError(
            'Name a delivery, or a person, team or connection and a rule: `carillon explain <delivery>`, `carillon explain --person X --rule Y`, and the same with `--team` or `--connection`.',
          );
        }
        const connections = await open(settings, terminal, { name: 'carillon-explain' });
        try {
          await migrate(connections, settings, terminal, { onlyEmbedded: true });
          const explainer = new Explainer(connections.database);
          const explanation = delivery
            ? await explainer.delivery(delivery)
            : team !== undefined
              ? await explainer.team(team, rule ?? '')
              : connection !== undefined
                ? await explainer.connection(connection, rule ?? '')
                : await explainer.person(person ?? '', rule ?? '');
          terminal.say(explanationText(explanation));
          terminal.json(explanation);
          return exitCodes.ok;
        } finally {
          await connections.close();
        }
      });
    });
