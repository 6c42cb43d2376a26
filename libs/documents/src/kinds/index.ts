import type { Forward, Retention, Rule, RuleException, Subscription } from '#domain';
import type { z } from 'zod';
import { calendarSchema, type CalendarDocument } from './calendar.js';
import { channelSchema, type ChannelDocument } from './channel.js';
import { exceptionName, exceptionSchema } from './exception.js';
import { forwardSchema } from './forward.js';
import { personSchema, type PersonDocument } from './person.js';
import { retentionName, retentionSchema } from './retention.js';
import { ruleSchema } from './rule.js';
import { sourceSchema, type SourceDocument } from './source.js';
import { subscriptionSchema } from './subscription.js';
import { teamSchema, type TeamDocument } from './team.js';

/** What each kind of document becomes once it is checked. */
export interface DocumentByKind {
  readonly Source: SourceDocument;
  readonly Channel: ChannelDocument;
  readonly Calendar: CalendarDocument;
  readonly Person: PersonDocument;
  readonly Team: TeamDocument;
  readonly Rule: Rule;
  readonly Subscription: Subscription;
  readonly Forward: Forward;
  readonly Exception: RuleException;
  readonly Retention: Retention;
}

export type Kind = keyof DocumentByKind;

type Content = Readonly<Record<string, unknown>>;

/** How one kind is read, and by what its documents are told apart. */
interface KindOf<K extends Kind> {
  readonly schema: z.ZodType<DocumentByKind[K]>;
  /** The field that names it, where there is one. */
  readonly nameField: string | undefined;
  readonly nameOf: (content: Content) => string | undefined;
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const named = <K extends Kind>(schema: z.ZodType<DocumentByKind[K]>): KindOf<K> => ({
  schema,
  nameField: 'name',
  nameOf: (content) => text(content.name),
});

export const kinds: { readonly [K in Kind]: KindOf<K> } = {
  Source: named<'Source'>(sourceSchema),
  Channel: named<'Channel'>(channelSchema),
  Calendar: named<'Calendar'>(calendarSchema),
  Person: { schema: personSchema, nameField: 'email', nameOf: ({ email }) => text(email)?.toLowerCase() },
  Team: named<'Team'>(teamSchema),
  Rule: named<'Rule'>(ruleSchema),
  Subscription: named<'Subscription'>(subscriptionSchema),
  Forward: named<'Forward'>(forwardSchema),
  Exception: { schema: exceptionSchema, nameField: undefined, nameOf: exceptionName },
  Retention: { schema: retentionSchema, nameField: undefined, nameOf: retentionName },
};

export const kindNames = Object.keys(kinds) as readonly Kind[];

export const isKind = (name: unknown): name is Kind => typeof name === 'string' && Object.hasOwn(kinds, name);
