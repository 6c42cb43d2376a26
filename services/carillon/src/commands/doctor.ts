import { Command, InvalidArgumentError, Option } from 'commander';
import { CompanyReader } from '#company';
import { Vendors, type OpenConnections } from '#connections';
import { instant, plannedInstants, type Schedule, type Subscription } from '#domain';
import { RemoteError, type Finding } from '#http';
import type { CallEstimate } from '#sources';
import { exitCodes } from '../exit-codes.js';
import { probeTable } from '../forward/probe-table.js';
import { refuseWithoutSandbox, secretsHere } from '../sandboxed.js';
import { migrate, open } from '../session.js';
import type { Terminal } from '../terminal.js';
import type { CommandContext } from './context.js';
import { outputOption } from './options.js';

/** What was found about one document. */
interface Examination {
  readonly document: string;
  readonly findings: readonly Finding[];
  readonly estimate?: CallEstimate & {
    readonly runsPerDay: number;
    readonly busiestHour: number;
    readonly fits: boolean;
  };
}

const PROBE_MS = 30_000;
/** Records per person and week that a company which has told us nothing yet is reckoned with. */
const RECORDS_PER_PERSON = 40;

/** `carillon doctor`: do credentials, scopes and plans suffice, and what will it cost. */
export const doctorCommand = (context: CommandContext): Command =>
  new Command('doctor')
    .summary(
      'ask every vendor whether credentials, scopes, plan and tables suffice, and what schedules will cost',
    )
    .description('Changes nothing anywhere. Exits with 1 where something stands in the way.')
    .addOption(
      new Option('--people <count>', 'how many people to reckon with, where none are known yet').argParser(
        countOf,
      ),
    )
    .addOption(outputOption())
    .action(async (options: { people?: number }, command: Command) => {
      await context.run(command, async (terminal, settings) => {
        const secrets = await secretsHere(settings);
        const connections = await open(settings, terminal, { name: 'carillon-doctor', secrets });
        try {
          await migrate(connections, settings, terminal, { onlyEmbedded: true });
          await refuseWithoutSandbox(settings, connections);
          const examinations = [
            await examineDatabase(connections),
            ...(await examine(connections, options.people, terminal)),
          ];
          print(examinations, terminal);
          const bad = examinations.some(
            ({ findings, estimate }) =>
              estimate?.fits === false || findings.some(({ level }) => level === 'problem'),
          );
          return bad ? exitCodes.failed : exitCodes.ok;
        } finally {
          await connections.close();
        }
      });
    });

/** Whoever asks has come through the examination at the start, so what is left to say is how it is. */
async function examineDatabase({ database }: OpenConnections): Promise<Examination> {
  const [version, later] = await Promise.all([database.serverVersion(), database.laterMigrations()]);
  const findings: readonly Finding[] = [
    { level: 'ok', about: 'server', message: `PostgreSQL ${version}` },
    later.length === 0
      ? { level: 'ok', about: 'schema', message: 'as this release has it' }
      : {
          level: 'warning',
          about: 'schema',
          message: `newer than this release: it has ${later.join(', ')}`,
          remedy: 'Good for the release before it, as after a rollback; else run the newer release.',
        },
  ];
  return { document: 'Database', findings };
}

async function examine(
  connections: OpenConnections,
  people: number | undefined,
  terminal: Terminal,
): Promise<readonly Examination[]> {
  const company = await new CompanyReader(connections.database).current();
  const vendors = new Vendors(connections.secrets);
  const size = people ?? Math.max(company.people.filter(({ active }) => active).length, 1);
  const examinations: Examination[] = [];
  for (const source of company.configuration.sources) {
    terminal.progress(`Asking ${source.name} …`);
    const { findings, connected } = await ask(async () => {
      const { source: connectedSource } = await vendors.source(source);
      return {
        findings: await connectedSource.probe(AbortSignal.timeout(PROBE_MS)),
        connected: connectedSource,
      };
    });
    const priced = connected?.estimate?.({ people: size, records: size * RECORDS_PER_PERSON });
    examinations.push({
      document: `Source ${source.name}`,
      findings,
      ...(priced ? { estimate: costs(priced, source.schedule) } : {}),
    });
  }
  for (const channel of company.configuration.channels) {
    terminal.progress(`Asking ${channel.name} …`);
    const { findings } = await ask(async () => {
      const { channel: connected } = await vendors.channel(channel);
      const findings = await connected.probe(
        AbortSignal.timeout(PROBE_MS),
        destinationsOn(channel.name, company.configuration.subscriptions),
      );
      return { findings, connected: undefined };
    });
    examinations.push({ document: `Channel ${channel.name}`, findings });
  }
  for (const forward of company.configuration.forwards) {
    const document = company.configuration.channels.find(({ name }) => name === forward.to.channel);
    if (!document) continue;
    terminal.progress(`Asking ${document.name} about ${forward.name} …`);
    const { findings } = await ask(async () => {
      const { channel } = await vendors.channel(document);
      return {
        findings: await probeTable(forward, channel, AbortSignal.timeout(PROBE_MS)),
        connected: undefined,
      };
    });
    examinations.push({ document: `Forward ${forward.name}`, findings });
  }
  return examinations;
}

/** What subscriptions name on a channel, rooms aside: those are made. */
const destinationsOn = (
  name: string,
  subscriptions: readonly Subscription[],
): readonly Readonly<Record<string, unknown>>[] =>
  subscriptions.flatMap(({ to: { channel, room, ...destination } }) =>
    channel === name && room === undefined ? [destination] : [],
  );

async function ask<Connected>(
  probe: () => Promise<{ readonly findings: readonly Finding[]; readonly connected: Connected }>,
): Promise<{ readonly findings: readonly Finding[]; readonly connected: Connected | undefined }> {
  try {
    return await probe();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const remedy =
      error instanceof RemoteError && error.reason === 'unauthorized'
        ? 'Make a new key and put it where the secret is kept.'
        : undefined;
    return {
      findings: [
        { level: 'problem', about: 'connection', message, ...(remedy === undefined ? {} : { remedy }) },
      ],
      connected: undefined,
    };
  }
}

/** A source's own schedule, and what its busiest hour costs against the vendor's limit. */
function costs(estimate: CallEstimate, schedule: Schedule | undefined): NonNullable<Examination['estimate']> {
  const day = { from: instant('2026-03-02T00:00:00Z'), to: instant('2026-03-03T00:00:00Z') };
  const runs = schedule
    ? plannedInstants(schedule, schedule.timezone === 'person' ? 'UTC' : schedule.timezone, day.from, day.to)
    : [];
  const perHour = Map.groupBy(runs, ({ nominal }) => nominal.toString().slice(0, 13));
  const busiest = Math.max(1, ...[...perHour.values()].map((some) => some.length));
  const busiestHour = busiest * estimate.steadyRun;
  const allowedPerHour = (estimate.limit.requests / estimate.limit.perSeconds) * 3600;
  return {
    ...estimate,
    runsPerDay: runs.length,
    busiestHour,
    fits: Math.max(busiestHour, estimate.firstRun) <= allowedPerHour,
  };
}

function countOf(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('A count is a whole number, such as 1000.');
  return Number(text);
}

const marks = { ok: '✓', warning: '!', problem: '✗' } as const;

function print(examinations: readonly Examination[], terminal: Terminal): void {
  if (examinations.length === 1) terminal.say('No documents are applied yet: run `carillon apply` first.');
  for (const { document, findings, estimate } of examinations) {
    terminal.say(`\n${document}`);
    for (const { level, about, message, remedy } of findings)
      terminal.say(
        `  ${marks[level]} ${about}: ${message}${remedy === undefined ? '' : `\n      → ${remedy}`}`,
      );
    if (estimate) {
      const { requests, perSeconds, link } = estimate.limit;
      terminal.say(
        `  ${estimate.fits ? '✓' : '✗'} calls: ${estimate.firstRun} in the first run, ${estimate.steadyRun} in each later one, ${estimate.runsPerDay} runs a day; ` +
          `the limit is ${requests} in ${perSeconds} s (${link})`,
      );
      if (!estimate.fits)
        terminal.say(
          '      → pull less often, or less at a time: a run that meets the limit waits and goes on where it was.',
        );
      for (const assumption of estimate.assumptions) terminal.say(`      · ${assumption}`);
    }
  }
  terminal.json({ examinations });
}
