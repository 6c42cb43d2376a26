import {
  ConversionError,
  convert,
  exampleScope,
  follow,
  joinedNames,
  nearestName,
  parseTemplate,
  referencesOf,
  TemplateError,
  valueOf,
  type Forward,
  type ForwardField,
  type Reference,
  type Template,
} from '#domain';
import { checkDestination } from './check-plugins.js';
import type { Lookup, Names } from './check-references.js';
import type { Plugins } from './plugins.js';
import type { Path, Problem } from './problem.js';
import { problemIn, type RawDocument } from './raw-document.js';

/** Facts that are about teams; what is said of all others, is said of a person. */
const aboutTeams: readonly string[] = ['kpi.openIssues', 'team'];

/** A Forward as a whole: where its rows come from and go to, who reads them there, and whether the mapping does what it says on an example. */
export function checkForward(
  raw: RawDocument,
  forward: Forward,
  names: Names,
  lookup: Lookup,
  plugins: Plugins,
): Problem[] {
  return [
    ...checkName(raw, forward, names),
    ...checkSource(raw, forward, lookup, plugins),
    ...checkTable(raw, forward, lookup, plugins),
    ...checkFieldNames(raw, forward),
    ...checkMapping(raw, forward, names, exampleOf(forward, lookup, plugins)),
  ];
}

/** Planned runs and deliveries are known by the name of the document that they are made for. */
const checkName = (raw: RawDocument, { name }: Forward, names: Names): Problem[] =>
  names.has('Subscription', name)
    ? [
        problemIn(
          raw,
          ['name'],
          `a Subscription is called \`${name}\` too, and their runs are told apart by name`,
          `another name, such as \`${name}-table\``,
        ),
      ]
    : [];

function checkSource(
  raw: RawDocument,
  { source, facts }: Forward,
  lookup: Lookup,
  plugins: Plugins,
): Problem[] {
  const plugin = plugins.sources.get(lookup('Source', source)?.value.type ?? '');
  if (!plugin || plugin.emits.includes(facts)) return [];
  const near = nearestName(facts, plugin.emits);
  return [
    problemIn(
      raw,
      ['facts'],
      `Source \`${source}\` has no \`${facts}\``,
      near ? `did you mean \`${near}\`?` : `it has ${listed(plugin.emits)}`,
    ),
  ];
}

function checkTable(raw: RawDocument, { to, facts }: Forward, lookup: Lookup, plugins: Plugins): Problem[] {
  const channel = lookup('Channel', to.channel)?.value;
  const plugin = plugins.channels.get(channel?.type ?? '');
  if (!channel || !plugin) return [];
  if (plugin.takes !== undefined && plugin.takes !== 'table')
    return [
      problemIn(
        raw,
        ['to', 'channel'],
        `Channel \`${to.channel}\` takes ${plugin.takes === 'messages' ? 'messages' : 'records of its own'}, and no rows`,
        'a channel that writes tables, such as one of type `jiandaoyun`',
      ),
    ];
  const { audience } = channel;
  const isPersonal = !aboutTeams.includes(facts);
  return [
    ...checkDestination(raw, to, plugin, channel.settings),
    ...(isPersonal && (audience === 'public' || audience === 'team')
      ? [
          problemIn(
            raw,
            ['to', 'channel'],
            `the rows are about people, and Channel \`${to.channel}\` is read by a wider audience (\`${audience}\`)`,
            `let only those see the table who may, and vouch for it with \`audience: managers\` on the channel`,
          ),
        ]
      : []),
  ];
}

function checkFieldNames(raw: RawDocument, { fields, key, required, unique }: Forward): Problem[] {
  const known = Object.keys(fields);
  const named: readonly [path: Path, name: string][] = [
    ...key.map((name, index): [Path, string] => [['key', index], name]),
    ...required.map((name, index): [Path, string] => [['required', index], name]),
    ...unique.flatMap((some, at) => some.map((name, index): [Path, string] => [['unique', at, index], name])),
  ];
  return named.flatMap(([path, name]) => {
    if (known.includes(name)) return [];
    const near = nearestName(name, known);
    return [
      problemIn(
        raw,
        path,
        `there is no field \`${name}\` under \`fields\``,
        near ? `did you mean \`${near}\`?` : `there are ${listed(known)}`,
      ),
    ];
  });
}

function exampleOf(
  { example, source, facts }: Forward,
  lookup: Lookup,
  plugins: Plugins,
): Readonly<Record<string, unknown>> | undefined {
  if (example) return example;
  const plugin = plugins.sources.get(lookup('Source', source)?.value.type ?? '');
  return plugin?.examples?.[facts];
}

function checkMapping(
  raw: RawDocument,
  { fields, facts, schedule }: Forward,
  names: Names,
  example: Readonly<Record<string, unknown>> | undefined,
): Problem[] {
  if (!example)
    return [
      problemIn(
        raw,
        [],
        `nothing shows what a record of \`${facts}\` looks like, so the mapping cannot be tried`,
        'add a record as the source has it under `example`',
      ),
    ];
  const scope = exampleScope(example, [...names.of('Source'), ...names.of('Channel')]);
  return Object.entries(fields).flatMap(([name, field]) => {
    const short = typeof (raw.content['fields'] as Readonly<Record<string, unknown>>)[name] === 'string';
    const path: Path = short ? ['fields', name] : ['fields', name, 'from'];
    try {
      return checkField(raw, path, field, parseTemplate(field.from), scope, schedule.timezone);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      return [problemIn(raw, path, error.message, 'such as `{{base_info.name}}`')];
    }
  });
}

function checkField(
  raw: RawDocument,
  path: Path,
  field: ForwardField,
  template: Template,
  scope: Readonly<Record<string, unknown>>,
  zone: string,
): Problem[] {
  const unknown = referencesOf(template).flatMap((reference) => checkReference(raw, path, reference, scope));
  if (unknown.length > 0) return unknown;
  const value = valueOf(template, field, scope);
  // Of a list none of the example's items may be the one that is asked for.
  if ('missing' in value) return [];
  try {
    convert(value.value, field, zone);
    return [];
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
    return [
      problemIn(
        raw,
        path,
        `the example’s \`${field.from}\` cannot become \`${field.as}\`: ${error.message}`,
        'refer to another value, or name another conversion in `as`',
      ),
    ];
  }
}

function checkReference(
  raw: RawDocument,
  path: Path,
  reference: Reference,
  scope: Readonly<Record<string, unknown>>,
): Problem[] {
  const found = follow(reference, scope, true);
  if (found.found) return [];
  // Some people have no calendar, and some no manager.
  const last = found.missing.split('.').at(-1) ?? '';
  const near = nearestName(last, found.known);
  const remedy = near
    ? `did you mean \`${near}\`?`
    : found.known.length > 0
      ? `there is ${listed(found.known)}`
      : `refer to the record’s fields, or to ${listed(joinedNames)}`;
  return [problemIn(raw, path, `\`{{${reference.text}}}\`: the example has no \`${found.missing}\``, remedy)];
}

const listed = (names: readonly string[]): string =>
  names
    .slice(0, 12)
    .map((one) => `\`${one}\``)
    .join(', ');
