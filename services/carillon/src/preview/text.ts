import { addDays, instant } from '#domain';
import { messageText } from '../message-text.js';
import { counted, dayText, momentText, namesText, rangeText } from '../words.js';
import type { PreviewedOccasion, PreviewRequest } from './previewer.js';

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
    `Rule ${rule} over ${period}: ${counted(occasions.length, 'run')}, ${counted(new Set(sayings.map(({ delivery }) => delivery)).size, 'message')} about ${subjectsText(occasions, new Set(sayings.flatMap(({ people }) => people)).size)}. Nothing was sent by this preview.`,
    ...(occasions.some(({ lived }) => !lived)
      ? ['Runs marked * never were. They are shown by what is known now.']
      : []),
    ...(occasions.some(({ lived, each }) => !lived && each === 'team')
      ? ['What they would have said was never said, so a run after them shows no trend since then.']
      : []),
    ...weeks(occasions).flatMap((runs) => ['', ...runsText(runs, request.messages ?? false)]),
    ...(held > 0 ? ['', ...heldText(occasions)] : []),
  ].join('\n');
}

const subjectsText = ([first]: readonly PreviewedOccasion[], count: number): string =>
  first?.each === 'person' || !first ? counted(count, 'person', 'people') : counted(count, first.each);

/** What to do about decisions that were held, where something can be done. */
function heldText(occasions: readonly PreviewedOccasion[]): readonly string[] {
  const lacking = occasions.filter(({ unsaid }) => unsaid.some(({ lacksFacts }) => lacksFacts));
  if (lacking.some(({ each }) => each === 'team'))
    return [
      'Held means that nobody had read how things stood at that time, which cannot be made up for: only the past from the first complete pull on can be looked at.',
    ];
  const froms = lacking.map(({ period }) => period.from).toSorted();
  const tos = lacking.map(({ period }) => period.to).toSorted();
  const [from, to] = [froms[0], tos.at(-1)];
  if (from === undefined || to === undefined)
    return ['Held means that nothing could be concluded, for the reasons above.'];
  return [
    'Held means that the facts of those days were not all read after they were over, so nothing is said about them. To read them now:',
    `  carillon collect --from ${from} --to ${addDays(to, -1)}`,
    ...(lacking.some(({ known }) => known === 'then')
      ? ['Runs of the past stay what they were then: look at them afterwards with `--known now`.']
      : []),
  ];
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
  const sayings = whole(runs).toSorted((one, other) => compare(one.people.join(), other.people.join()));
  const unsaid = runs.flatMap((run) => run.unsaid);
  const sum = (outcome: keyof PreviewedOccasion['counts']): number =>
    runs.reduce((total, { counts }) => total + counts[outcome], 0);
  const everybody = sum('fired') + sum('quiet') + sum('suppressed') + sum('held');
  return [
    `${first.subscription}${first.lived ? '' : ' *'}, about ${rangeText(first.period)}${first.known === 'now' && first.lived ? ', by what is known now' : ''}`,
    `  runs: ${[...Map.groupBy(runs, localTime)].map(([at, some]) => `${at} ${some.map(({ zone }) => zone).join(', ')}`).join('; ')}`,
    `  of ${subjectsText(runs, everybody)}: ${sum('fired')} to be told of, ${sum('quiet')} with nothing to say, ${sum('suppressed')} left out, ${sum('held')} held`,
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

/** Records that several runs write are one delivery. */
const whole = (runs: readonly PreviewedOccasion[]): readonly PreviewedOccasion['sayings'][number][] =>
  [
    ...Map.groupBy(
      runs.flatMap(({ sayings }) => sayings),
      ({ delivery }) => delivery,
    ).values(),
  ].flatMap((some) => {
    const [first] = some;
    if (!first || !('rows' in first.message)) return some;
    const rows = some.flatMap(({ message }) => ('rows' in message ? message.rows : []));
    return [{ ...first, people: some.flatMap(({ people }) => people), message: { rows } }];
  });

const localTime = ({ nominal, zone }: PreviewedOccasion): string =>
  momentText(instant(nominal), zone).replace(` ${zone}`, '');

const compare = (one: string, other: string): number => one.localeCompare(other, 'en');
