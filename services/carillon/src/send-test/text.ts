import type { NotSentError } from '../../../notifier/src/send-by-hand.js';
import type { SentTest } from './send-test.js';

/** What a sent test comes to, for people. */
export const sentText = ({ channel, to, receipt, url, without }: SentTest): string =>
  [
    `✓ A test message was sent on ${channel}, to ${JSON.stringify(to)}: ${url ?? receipt}`,
    ...(without.length > 0
      ? [`! The room is without ${without.join(', ')}, not known there: \`carillon collect\` reads who is.`]
      : []),
  ].join('\n');

const whatToDo: Readonly<Record<NotSentError['reason'], string>> = {
  'rate-limited': 'Its limit is reached: try again later. What is due waits as well.',
  unavailable: 'Try again later; `carillon doctor` asks whether it answers.',
  timeout: 'Try again later; `carillon doctor` asks whether it answers.',
  unauthorized:
    'Where the key is no good, make a new one and put it where the secret is kept; `carillon doctor` says which permission or field is missing, and where it is given.',
  rejected: 'See whether the place is there and the bot may write to it, or name another with --to.',
  unreadable: 'See whether `baseUrl` of the channel leads to the vendor; `carillon doctor` asks it.',
  busy: 'Try again later.',
  held: 'Have those who should read it join the channel’s workspace, or name another place with --to.',
};

/** What is wrong, where, and what to do. */
export const notSentText = ({ channel, reason, outcome, detail }: NotSentError): string =>
  outcome === 'unknown'
    ? `Nobody can say whether the test message on Channel \`${channel}\` arrived: ${detail}. Look there before another is sent.`
    : `The test message on Channel \`${channel}\` was not sent: ${detail}. ${whatToDo[reason]}`;

/** The same for programs: `outcome` is `refused` where it surely did not arrive, and `unknown` where nobody can say. */
export const notSentObject = (error: NotSentError): Readonly<Record<string, string>> => ({
  error: notSentText(error),
  channel: error.channel,
  reason: error.reason,
  outcome: error.outcome,
  detail: error.detail,
});
