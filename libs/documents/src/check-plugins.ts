import { nearestName } from '#domain';
import type { z } from 'zod';
import type { ChannelShape, Plugins } from './plugins.js';
import { formatPath, type Problem } from './problem.js';
import { problemIn, type RawDocument } from './raw-document.js';
import { schemaProblems } from './schema-problems.js';
import { unseal } from './secrets.js';

/** The settings of a Source or Channel document, by the schema of the plugin that its `type` names. */
export function checkSettings(document: RawDocument, type: string, plugins: Plugins): Problem[] {
  const there: ReadonlyMap<string, { readonly settings: z.ZodType } | undefined> =
    document.kind === 'Source' ? plugins.sources : plugins.channels;
  const plugin = there.get(type);
  if (!plugin) return [unknownType(document, type, [...there.keys()])];

  const { settings, sealed, problems } = unseal(document, document.content.settings ?? {}, plugin.settings);
  const result = plugin.settings.safeParse(settings);
  const issues = (result.error?.issues ?? []).filter(
    ({ path }) => !sealed.includes(formatPath(['settings', ...(path as (string | number)[])])),
  );
  return [...problems, ...schemaProblems(document, plugin.settings, issues, ['settings'])];
}

function unknownType(document: RawDocument, type: string, known: readonly string[]): Problem {
  const near = nearestName(type, known);
  const remedy = near
    ? `did you mean \`${near}\`?`
    : `there are ${known.map((one) => `\`${one}\``).join(', ')}`;
  return problemIn(
    document,
    ['type'],
    `there is no ${document.kind.toLowerCase()} plugin \`${type}\``,
    remedy,
  );
}

/** Where a subscription's `to` is no room, by the schema of the channel's plugin. */
export function checkDestination(
  document: RawDocument,
  to: Readonly<Record<string, unknown>>,
  { destination, missing }: ChannelShape,
  settings: Readonly<Record<string, unknown>>,
): Problem[] {
  const rest = Object.fromEntries(Object.entries(to).filter(([key]) => key !== 'channel' && key !== 'room'));
  if (to.room !== undefined)
    return Object.keys(rest).map((key) =>
      problemIn(
        document,
        ['to', key],
        `\`${key}\` has no meaning beside a room`,
        'name a room or a destination, not both',
        'key',
      ),
    );
  const result = destination.safeParse(rest);
  if (!result.success) return schemaProblems(document, destination, result.error.issues, ['to']);
  return (missing?.(rest, settings) ?? []).map(({ key, message, remedy }) =>
    problemIn(document, ['to', key], message, remedy),
  );
}
