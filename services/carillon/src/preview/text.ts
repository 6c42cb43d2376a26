import { instant } from '#domain';
import { messageText } from '../message-text.js';
import { counted, dayText, momentText, rangeText } from '../words.js';
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
    `Rule ${rule} over ${period}: ${counted(occasions.length, 'run')}, ${counted(sayings.length, 'message')} about ${counted(new Set(sayings.map(({ person }) => person)).size, 'person', 'people')}. Nothing was sent by this preview.`,
    ...(occasions.some(({ lived }) => !lived)
      ? ['Runs marked * never were. They are shown by what is known now.']
      : []),
    ...occasions.flatMap((occasion) => ['', ...occasionText(occasion, request.messages ?? false)]),
    ...(held > 0
      ? [
          '',
          'Held means that the facts of those days were not read completely, so nothing is said about them. `carillon collect --source <name>` reads the days that its Source document names in `collect`.',
        ]
      : []),
  ].join('\n');
}

function occasionText(occasion: PreviewedOccasion, messages: boolean): readonly string[] {
  const { counts, sayings, unsaid } = occasion;
  return [
    `${momentText(instant(occasion.nominal), occasion.zone)}${occasion.lived ? '' : ' *'} · ${occasion.subscription} · about ${rangeText(occasion.period)}${occasion.known === 'now' && occasion.lived ? ' · by what is known now' : ''}`,
    ...(sayings.length === 0 ? ['  nobody would hear anything'] : []),
    ...sayings.flatMap(({ destination, hear, deaf, message }) => [
      `  ${destination}${hear.length > 0 ? ` → ${hear.join(', ')}` : ''}${deaf.length > 0 ? ` (not known in the channel: ${deaf.join(', ')})` : ''}`,
      ...('rows' in message
        ? message.rows.map((row) => `      ${JSON.stringify(row)}`)
        : messages
          ? messageText(message)
              .split('\n')
              .map((line) => `      │ ${line}`)
          : [`      ${message.title}`]),
    ]),
    `  ${counts.fired} of ${counted(counts.fired + counts.quiet + counts.suppressed + counts.held, 'person', 'people')} to be told, ${counts.quiet} with nothing to say, ${counts.suppressed} left out, ${counts.held} held`,
    ...[
      ...Map.groupBy(unsaid, ({ outcome, why }) => `${outcome === 'held' ? 'held' : 'left out'}, ${why}`),
    ].map(([why, some]) => `      ${why}: ${some.map(({ person }) => person).join(', ')}`),
  ];
}
