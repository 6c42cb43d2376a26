import { counted, momentText, noted } from '../words.js';
import type { ShownForward, ShownSystem } from './shown-forward.js';

/** What fits into a terminal of a hundred columns, with the line of the flow beside it. */
const WIDTH = 96;
const LISTED = 20;

/** One step of the flow, and what passes from it to the next. */
interface Step {
  readonly title: string;
  readonly about: string;
  readonly lines: readonly string[];
  readonly passes?: string;
}

/** The flow from the source to the table, step by step, with what its last run came to. */
export const forwardText = (shown: ShownForward): string =>
  [
    `${shown.forward.name}: ${shown.forward.facts} of ${shown.forward.source} → ${shown.forward.to.channel}`,
    ...whenLines(shown),
    '',
    ...stepsOf(shown).flatMap(drawn),
    ...listedLines('Rejected', shown.lastRun?.rejected),
    ...listedLines('Vanished', shown.lastRun?.vanished),
  ].join('\n');

function whenLines({ forward, runs }: ShownForward): readonly string[] {
  const { schedule } = forward;
  return [
    `  ${schedule.cron} in ${schedule.timezone}, about ${forward.over}`,
    ...runs.map(
      ({ nominal_at, zone, state, detail }) =>
        `  ${momentText(nominal_at, zone)}: ${state}${detail === null ? '' : ` (${detail})`}`,
    ),
  ].map((line) => cut(line, WIDTH + 4));
}

function stepsOf(shown: ShownForward): readonly Step[] {
  const { forward, source, channel, pull, lastRun, batches } = shown;
  const counts = lastRun?.counts;
  const { channel: _, ...table } = forward.to;
  return [
    {
      title: 'source',
      about: `${source.document} (${source.type})`,
      lines: callsOf(source),
      ...(pull
        ? {
            passes: `${counted(pull.fetched, 'record')} in ${counted(pull.calls, 'call')}, ${noted(pull.ended_at)}`,
          }
        : {}),
    },
    {
      title: 'facts',
      about: `${forward.facts}, ${forward.over}`,
      lines: [
        'closed' in forward.needs
          ? 'after a complete read that began when the period had ended'
          : `not older than ${forward.needs.maxAgeMs / 60_000} minutes`,
      ],
      ...(counts && lastRun
        ? {
            passes: `${counted(counts.read, 'record')} of ${lastRun.run.period_from} – before ${lastRun.run.period_to}`,
          }
        : {}),
    },
    {
      title: 'mapping',
      about: counted(Object.keys(forward.fields).length, 'field'),
      lines: Object.entries(forward.fields).map(([name, { from, as }]) => `${name} ← ${as} ${from}`),
    },
    {
      title: 'checks',
      about: `key ${forward.key.join(' + ')}`,
      lines: [
        ...(forward.required.length > 0 ? [`required ${forward.required.join(', ')}`] : []),
        ...forward.unique.map((fields) => `unique ${fields.join(' + ')}`),
      ],
      ...(counts
        ? {
            passes: `${counts.created} created, ${counts.updated} updated, ${counts.unchanged} unchanged, ${counts.rejected} rejected`,
          }
        : {}),
    },
    {
      title: 'table',
      about: `${channel.document} (${channel.type})`,
      lines: [
        ...Object.entries(table).map(([key, value]) => `${key} ${String(value)}`),
        ...callsOf(channel),
        ...(lastRun
          ? [
              `${counted(batches.calls, 'batch', 'batches')} with ${counted(batches.rows, 'row')}; ${lastRun.pending} on their way, ${lastRun.held} held, ${lastRun.counts.vanished} vanished`,
            ]
          : ['no run yet']),
      ],
    },
  ];
}

const callsOf = ({ baseUrl, endpoints, secrets }: ShownSystem): readonly string[] => [
  ...(baseUrl === undefined ? [] : [`at ${baseUrl}`]),
  ...endpoints.map((endpoint) => `calls ${endpoint}`),
  ...(secrets.length > 0 ? [`keys ${secrets.join(', ')}`] : []),
];

/** Shape and words alone tell everything: no colour does. */
const drawn = ({ title, about, lines, passes }: Step): readonly string[] => [
  cut(`● ${title.padEnd(8)} ${about}`, WIDTH + 2),
  ...lines.map((line) => `│ ${' '.repeat(9)}${cut(line, WIDTH - 11)}`),
  ...(passes === undefined ? (title === 'table' ? [] : ['▼']) : [`▼ ${cut(passes, WIDTH)}`]),
];

function listedLines(
  heading: string,
  records: readonly { readonly key: string | null; readonly factKey: string; readonly why: string }[] = [],
): readonly string[] {
  if (records.length === 0) return [];
  return [
    '',
    `${heading}: ${records.length}`,
    ...records.slice(0, LISTED).map(({ key, factKey, why }) => cut(`  ${key ?? factKey}: ${why}`, WIDTH + 4)),
    ...(records.length > LISTED
      ? [`  … and ${records.length - LISTED} more: --output json lists them all`]
      : []),
  ];
}

const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, width - 1)}…`;
