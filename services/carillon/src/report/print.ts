import type { Terminal } from '../terminal.js';
import type { ReportedDelivery, ReportedPull, RunReport } from './report.js';

/** More of one kind would push the rest off the screen; `--output json` has them all. */
const LISTED = 60;
/** What `explain` takes: long enough that no two deliveries share it, short enough to be typed. */
const ID_LENGTH = 8;

/** Prints a report: for people what was read, what was concluded, what was said to whom and why, and what is in the way. */
export function printReport(run: RunReport, terminal: Terminal, about: 'run' | 'pulls' = 'run'): void {
  if (terminal.format === 'json') return terminal.json(run);
  terminal.say();
  for (const pull of run.pulls) terminal.say(pullText(pull));
  for (const { rule, fired, quiet, suppressed, held } of run.decisions)
    terminal.say(
      `Decided ${rule}: ${fired} fired, ${quiet} quiet, ${suppressed} suppressed${held > 0 ? `, ${held} held` : ''}`,
    );
  for (const { forward, read, created, updated, unchanged, rejected, vanished } of run.forwards)
    terminal.say(
      `Forwarded ${forward}: ${read} records (${created} created, ${updated} updated, ${unchanged} unchanged, ${rejected} rejected)${vanished > 0 ? `, ${vanished} vanished` : ''}`,
    );
  if (about === 'run') printSaid(run, terminal);
  else if (run.pulls.length === 0) terminal.say('No pull is due.');
  list(
    terminal,
    'Held until something changes:',
    run.held.map(
      ({ rule, delivery, about, why }) => `${about}: ${why} (${rule ?? shortened(delivery ?? '')})`,
    ),
  );
  list(
    terminal,
    'Rejected, because they could not be read as what they should be:',
    run.rejected.map(({ source, kind, key, why }) => `${source} ${kind} ${key}: ${why}`),
  );
  list(
    terminal,
    'Not in the table as they should be:',
    run.forwards.flatMap(({ forward, rejections, vanishings }) =>
      [...rejections, ...vanishings].map(({ key, factKey, why }) => `${forward} ${key ?? factKey}: ${why}`),
    ),
  );
  list(
    terminal,
    'Not matched to anybody we know:',
    run.unmatched.map(({ system, name, externalId }) => `${name || externalId} (${system})`),
  );
  if (run.timedOut) terminal.error('✗ Time ran out before all was settled; the next run goes on from here.');
}

function pullText(pull: ReportedPull): string {
  const counts = `${pull.new} new, ${pull.changed} changed, ${pull.same} same, ${pull.rejected} rejected, ${pull.gone} gone`;
  const read =
    pull.what === 'facts'
      ? `Read ${pull.source}: ${pull.fetched} facts in ${pull.calls} calls (${counts})`
      : `Read who is known in ${pull.source}`;
  if (pull.state === 'complete') return read;
  return `${pull.state === 'failed' ? '✗' : '!'} ${read} — ${pull.state}${pull.reason === undefined ? '' : `: ${pull.reason}`}${pull.detail === undefined ? '' : `, ${pull.detail}`}`;
}

function printSaid(run: RunReport, terminal: Terminal): void {
  if (run.said.length === 0) {
    terminal.say(
      run.occurrences === 0
        ? 'Nothing came due since the last run.'
        : run.saidBefore === 0
          ? 'Nothing to say.'
          : `Nothing new to say: ${run.saidBefore} message${run.saidBefore === 1 ? ' was' : 's were'} said before.`,
    );
    return;
  }
  // Whatever went wrong is seen first.
  const said = run.said.toSorted((one, other) => order(one) - order(other));
  terminal.say();
  terminal.table(
    ['', 'ABOUT', 'WHERE', 'WHO IS THERE', 'WHY', 'DELIVERY'],
    said
      .slice(0, LISTED)
      .map((one) => [
        one.state,
        one.person ?? '—',
        `${one.channel} ${one.to}`,
        one.members.join(', ') || '—',
        one.detail === undefined || one.state === 'sent' ? one.why : `${one.why} — ${one.detail}`,
        shortened(one.delivery),
      ]),
  );
  if (said.length > LISTED) terminal.say(`… and ${said.length - LISTED} more: --output json lists them all.`);
}

const order = ({ state }: ReportedDelivery): number =>
  ['failed', 'unknown', 'held', 'retrying', 'pending', 'sending', 'edited', 'sent'].indexOf(state);

const shortened = (id: string): string => id.slice(0, ID_LENGTH);

function list(terminal: Terminal, heading: string, lines: readonly string[]): void {
  if (lines.length === 0) return;
  terminal.say();
  terminal.say(heading);
  for (const line of lines.slice(0, LISTED)) terminal.say(`  ${line}`);
  if (lines.length > LISTED) terminal.say(`  … and ${lines.length - LISTED} more`);
}
