import { Command } from 'commander';
import { NotSentError } from '../../../notifier/src/send-by-hand.js';
import { exitCodes } from '../exit-codes.js';
import { refuseWithoutSandbox, secretsHere } from '../sandboxed.js';
import { sendTest } from '../send-test/send-test.js';
import { notSentObject, notSentText, sentText } from '../send-test/text.js';
import { migrate, open } from '../session.js';
import type { CommandContext } from './context.js';
import { outputOption } from './options.js';

/** `carillon send-test`: one message by hand, to see it arrive. */
export const sendTestCommand = (context: CommandContext): Command =>
  new Command('send-test')
    .summary('send one message that says it is a test, on a channel that people read')
    .description(
      'Sends one message in the addressee’s language, by the same way as every other. It is no delivery: it is neither repeated, corrected nor counted.',
    )
    .argument('<channel>', 'the name of a Channel document')
    .option(
      '--to <place>',
      'a person’s e-mail address, a Subscription’s name, or a destination such as `space: spaces/AAAAxyz`; else the channel’s owner',
    )
    .addOption(outputOption())
    .action(async (channel: string, { to }: { to?: string }, command: Command) => {
      await context.run(command, async (terminal, settings, stopping) => {
        const secrets = await secretsHere(settings);
        const connections = await open(settings, terminal, { name: 'carillon-send-test', secrets });
        try {
          await migrate(connections, settings, terminal, { onlyEmbedded: true });
          await refuseWithoutSandbox(settings, connections);
          terminal.progress(`Sending on ${channel} …`);
          const sent = await sendTest(
            connections,
            { channel, ...(to === undefined ? {} : { to }) },
            stopping,
          );
          terminal.say(sentText(sent));
          terminal.json(sent);
          return exitCodes.ok;
        } catch (error) {
          if (!(error instanceof NotSentError)) throw error;
          // In words: what is wrong, where, and what to do.
          terminal.error(notSentText(error).replace(/^/gm, '✗ '));
          terminal.json(notSentObject(error));
          return exitCodes.failed;
        } finally {
          await connections.close();
        }
      });
    });
