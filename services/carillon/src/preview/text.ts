import { instant } from '#domain';
import { messageText } from '../message-text.js';
import { counted, dayText, momentText, rangeText } from '../words.js';
import type { PreviewedOccasion, PreviewRequest } from './previewer.js';

/** Of those nothing is said about; the JSON names them all. */
const NAMES_SHOWN = 12;

/** A preview for people: who would hear what at each run, and of whom nothing could be said. */
export function previewText(
  rule: string,
  request: PreviewRequest & { readonly messages?: boolean },
  occasions: readonly PreviewedOccasion[],
): string {
  const { over } = request;
  const period =
    typeof over === 'string' ? over : `${dayText(over.from)} up to, not with, ${dayText(over.to)}`;
  if (occasions.length === 0)
    return `Rule ${rule}: no run of its subscriptions falls into ${period}. Nothing was sent.`;
  const sayings = occasions.flatMap((occasion) => occasion.sayings);
  const held = occasions.reduce((sum, { counts }) => sum + counts.held, 0);
  return [
    `Rule ${rule} over ${period}: ${counted(occasions.length, 'run')}, ${counted(sayings.length, 'message')} about ${counted(new Set(sayings.map(({ person }) => person)).size, 'person', 'people')}. Nothing was sent by this preview.`,
    ...(occasions.some(({ lived }) => !lived)
      ? ['Runs marked * never were. They are shown by what is known now.']
      : []),
    ...weeks(occasions).flatMap((runs) => ['', ...runsText(runs, request.messages ?? false)]),
    ...(held > 0
      ? [
          '',
          'Held means that the facts of those days were not read completely, so nothing is said about them. `carillon collect --source <name>` reads the days that its Source document names in `collect`.',
        ]
      : []),
  ].join('\n');
}

/** The runs of one subscription about the same days, which only zones tell apart, belong together. */
const weeks = (occasions: readonly PreviewedOccasion[]): readonly (readonly PreviewedOccasion[])[] => [
  ...Map.groupBy(
    occasions,
    ({ subscription, period, known, lived }) =>
      `${period.from} ${period.to} ${subscription} ${known} ${String(lived)}`,
  ).values(),
];

function runsText(runs: readonly PreviewedOccasion[], messages: boolean): readonly string[] {
  const [first] = runs;
  if (!first) return [];
  const sayings = runs
    .flatMap((run) => run.sayings)
    .toSorted((one, other) => compare(one.person, other.person));
  const unsaid = runs.flatMap((run) => run.unsaid);
  const sum = (outcome: keyof PreviewedOccasion['counts']): number =>
    runs.reduce((total, { counts }) => total + counts[outcome], 0);
  const everybody = sum('fired') + sum('quiet') + sum('suppressed') + sum('held');
  return [
    `${first.subscription}${first.lived ? '' : ' *'}, about ${rangeText(first.period)}${first.known === 'now' && first.lived ? ', by what is known now' : ''}`,
    `  runs: ${[...Map.groupBy(runs, localTime)].map(([at, some]) => `${at} ${some.map(({ zone }) => zone).join(', ')}`).join('; ')}`,
    `  of ${counted(everybody, 'person', 'people')}: ${sum('fired')} to be told of, ${sum('quiet')} with nothing to say, ${sum('suppressed')} left out, ${sum('held')} held`,
    ...sayings.flatMap(({ destination, hear, deaf, message }) => [
      `    ${destination}${hear.length > 0 ? ` → ${hear.join(', ')}` : ''}${deaf.length > 0 ? ` (not known in the channel: ${deaf.join(', ')})` : ''}`,
      ...('rows' in message
        ? message.rows.map((row) => `        ${JSON.stringify(row)}`)
        : messages
          ? messageText(message)
              .split('\n')
              .map((line) => `        │ ${line}`.trimEnd())
          : [`        ${message.title}`]),
    ]),
    ...[
      ...Map.groupBy(unsaid, ({ outcome, why }) => `${outcome === 'held' ? 'held' : 'left out'}, ${why}`),
    ].flatMap(([why, some]) => [`    ${why}`, `        ${namesText(some.map(({ person }) => person))}`]),
  ];
}

const localTime = ({ nominal, zone }: PreviewedOccasion): string =>
  momentText(instant(nominal), zone).replace(` ${zone}`, '');

const namesText = (names: readonly string[]): string =>
  names.length <= NAMES_SHOWN
    ? names.join(', ')
    : `${names.slice(0, NAMES_SHOWN).join(', ')} and ${names.length - NAMES_SHOWN} more`;

const compare = (one: string, other: string): number => one.localeCompare(other, 'en');
