import type { Rule, Subscription } from '#domain';
import { checkAudience } from './check-audience.js';
import { checkForward } from './check-forward.js';
import { checkDestination, checkSettings } from './check-plugins.js';
import { checkReach, checkReferences, namesIn, type Lookup } from './check-references.js';
import { checkRetention } from './check-retention.js';
import { checkRoom, checkSharedRooms } from './check-room.js';
import { checkRule } from './check-rule.js';
import { assemble, type Configuration } from './configuration.js';
import type { Kind } from './kinds/index.js';
import { parseDocument, type ParsedDocument } from './parse-document.js';
import type { Plugins } from './plugins.js';
import { inOrder, type Problem } from './problem.js';
import { problemIn, titleOf, type RawDocument } from './raw-document.js';
import { subjectWords } from './subject-words.js';

/** The configuration is there only where nothing is wrong. */
export interface Checked {
  readonly problems: readonly Problem[];
  readonly configuration?: Configuration;
}

/**
 * Looks at documents as a whole: their fields, plugins' settings, expressions, what they name, and who could read what. `messages` are the
 * texts that a rule's `say` may name. Every problem is told, and each once.
 */
export function checkDocuments(
  documents: readonly RawDocument[],
  plugins: Plugins,
  messages: readonly string[],
): Checked {
  const problems: Problem[] = [];
  const parsed: ParsedDocument[] = [];
  for (const document of documents) {
    const result = parseDocument(document);
    if ('parsed' in result) parsed.push(result.parsed);
    else problems.push(...result.problems);
  }

  const names = namesIn(documents);
  const byTitle = new Map(parsed.map((document) => [titleOf(document.raw), document]));
  const lookup = ((kind: Kind, name: string) => byTitle.get(titleOf({ kind, name }))) as Lookup;
  for (const document of parsed) {
    problems.push(...checkReferences(document, names, lookup, plugins));
    const { raw } = document;
    if (document.kind === 'Source' || document.kind === 'Channel')
      problems.push(...checkSettings(raw, document.value.type, plugins));
    if (document.kind === 'Forward')
      problems.push(...checkForward(raw, document.value, names, lookup, plugins));
    if (document.kind === 'Rule') problems.push(...checkRule(raw, document.value, messages));
  }
  problems.push(...checkReach(parsed.filter((document) => document.kind === 'Calendar')));
  problems.push(...checkSharedRooms(parsed.filter((document) => document.kind === 'Subscription')));
  const configuration = assemble(parsed);
  for (const document of parsed) {
    if (document.kind === 'Subscription')
      problems.push(...checkDelivery(document, configuration, lookup, plugins));
    if (document.kind === 'Retention')
      problems.push(...checkRetention(document.raw, document.value, configuration));
  }

  return problems.length > 0 ? { problems: inOrder(problems) } : { problems, configuration };
}

/** Where a subscription's messages go, and who reads them there. */
function checkDelivery(
  { raw, value: subscription }: Extract<ParsedDocument, { kind: 'Subscription' }>,
  { teams, sources, channels }: Configuration,
  lookup: Lookup,
  plugins: Plugins,
): Problem[] {
  const rules = subscription.rules.flatMap((name) => lookup('Rule', name)?.value ?? []);
  const connections = [...sources, ...channels];
  if (subscription.to.channel === undefined)
    return [
      ...checkOwners(raw, rules, subscription, connections),
      ...checkSubjects(raw, rules, subscription),
    ];
  const { to } = subscription;
  const channel = lookup('Channel', to.channel)?.value;
  const plugin = plugins.channels.get(channel?.type ?? '');
  if (plugin?.takes === 'table' && rules.length > 0)
    return [
      problemIn(
        raw,
        ['to', 'channel'],
        `Channel \`${to.channel}\` takes rows, and no messages`,
        'a channel that people read; rows are written by a Forward',
      ),
    ];
  return [
    ...(plugin && channel ? checkDestination(raw, to, plugin, channel.settings) : []),
    ...(channel ? checkAudience(raw, subscription, rules, channel, teams) : []),
    // Where a rule is not known, that is said already.
    ...(rules.length === subscription.rules.length ? checkRoom(raw, subscription, rules[0]?.each) : []),
    ...checkSubjects(raw, rules, subscription),
    ...(plugin?.takes === 'records' ? checkRecords(raw, rules, subscription) : []),
  ];
}

/** Connections have owners, who are told of nothing else; one without is told of to nobody. */
function checkOwners(
  raw: RawDocument,
  rules: readonly Rule[],
  { rules: names }: Subscription,
  connections: readonly { readonly name: string; readonly owner?: string }[],
): Problem[] {
  const others = rules.filter(({ each }) => each !== 'connection');
  const [ownerless] = connections.filter(({ owner }) => owner === undefined);
  return [
    ...(names.length === 0
      ? [problemIn(raw, ['to'], 'nobody owns what is about nothing', 'rules about connections, or a channel')]
      : []),
    ...others.map(({ name, each }) =>
      problemIn(
        raw,
        ['to'],
        `\`${name}\` is about ${subjectWords[each]}, who have no owner`,
        'a channel, such as `{ channel: slack, room: … }`',
      ),
    ),
    ...(ownerless
      ? [
          problemIn(
            raw,
            ['to'],
            `\`${ownerless.name}\` has no owner, who would hear of it`,
            `an \`owner\` in the document of \`${ownerless.name}\`, such as \`ops-room\` or an address`,
          ),
        ]
      : []),
  ];
}

function checkSubjects(
  raw: RawDocument,
  rules: readonly Rule[],
  { schedule, for: only }: Subscription,
): Problem[] {
  const problems: Problem[] = [];
  if (new Set(rules.map(({ each }) => each)).size > 1)
    problems.push(
      problemIn(
        raw,
        ['rules'],
        `some of its rules are about ${[...new Set(rules.map(({ each }) => subjectWords[each]))].join(', some about ')}`,
        'make one subscription for each',
      ),
    );
  const [other] = rules.flatMap(({ each }) => (each === 'person' ? [] : [each]));
  if (schedule?.timezone === 'person' && other)
    problems.push(
      problemIn(
        raw,
        ['schedule', 'timezone'],
        `a ${other} is in no time zone`,
        'an IANA name, such as `Europe/Kyiv`',
      ),
    );
  if (only && other === 'connection')
    problems.push(
      problemIn(
        raw,
        ['for'],
        'a rule about connections is about no person and no team',
        'leave it out; `where: connection.name == "clockify"` in the rule tells them apart',
        'key',
      ),
    );
  if (only?.person !== undefined && other === 'team')
    problems.push(
      problemIn(raw, ['for', 'person'], 'a rule about teams is about no person', '`{ team: ferrari }`'),
    );
  return problems;
}

/** Records are made of what is missing for people. */
function checkRecords(
  raw: RawDocument,
  rules: readonly Rule[],
  { to, rules: names }: Subscription,
): Problem[] {
  return rules
    .filter(({ each }) => each !== 'person')
    .map(({ name, each }) =>
      problemIn(
        raw,
        ['rules', names.indexOf(name)],
        `\`${to.channel}\` takes records, and \`${name}\` is about ${subjectWords[each]}, of which there are none`,
        'send it to a channel that takes messages, such as one of type `google-chat` or `slack`',
      ),
    );
}
