import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Every state there is. Versioned rows carry `known_since` and `known_until` ('infinity' while they hold); their moments come from
 * `Transaction.moment`, so that a decision can be read again exactly as it was made.
 */
const schema = `
create table document (
  kind text not null,
  name text not null,
  content jsonb not null,
  hash text not null,
  version integer not null,
  known_since timestamptz not null,
  known_until timestamptz not null default 'infinity',
  primary key (kind, name, version)
);
create unique index document_current on document (kind, name) where known_until = 'infinity';
-- One row each time that documents were applied: what processes watch, and what they report to run.
create table configuration (
  revision integer primary key generated always as identity,
  hash text not null,
  known_since timestamptz not null
);

create table person (
  id uuid primary key,
  slug text not null unique,
  -- What first proposed the person; a later change of address moves nothing.
  email text unique,
  known_since timestamptz not null
);
create table identity (
  system text not null,
  external_id text not null,
  data jsonb not null,
  hash text not null,
  known_since timestamptz not null,
  known_until timestamptz not null default 'infinity',
  primary key (system, external_id, known_since)
);
create unique index identity_current on identity (system, external_id) where known_until = 'infinity';
create table identity_link (
  system text not null,
  external_id text not null,
  person_id uuid not null references person,
  origin text not null check (origin in ('document', 'email')),
  known_since timestamptz not null,
  known_until timestamptz not null default 'infinity',
  primary key (system, external_id, known_since)
);
create unique index identity_link_current on identity_link (system, external_id) where known_until = 'infinity';
create index identity_link_person on identity_link (person_id);

create table pull (
  id uuid primary key,
  system text not null,
  what text not null check (what in ('facts', 'people')),
  window_from timestamptz,
  window_to timestamptz,
  -- Why it was asked for: the id of an occurrence, or the planned instant of the source's own schedule.
  asked_by text not null,
  state text not null check (state in ('due', 'running', 'complete', 'failed')),
  due_at timestamptz not null,
  lease_until timestamptz,
  lease_token uuid,
  attempts integer not null default 0,
  cursor text,
  people_done boolean not null default false,
  began_at timestamptz,
  ended_at timestamptz,
  fetched integer not null default 0,
  new integer not null default 0,
  changed integer not null default 0,
  same integer not null default 0,
  rejected integer not null default 0,
  gone integer not null default 0,
  calls integer not null default 0,
  reason text,
  detail text,
  traceparent text,
  created_at timestamptz not null default clock_timestamp(),
  check (state <> 'complete' or fetched = new + changed + same + rejected)
);
create unique index pull_asked on pull (system, what, asked_by);
create index pull_due on pull (due_at) where state in ('due', 'running');
create index pull_complete on pull (system, what, ended_at) where state = 'complete';
-- What a running pull has seen, so that what it did not see can be closed when it is complete.
create table pull_seen (
  pull_id uuid not null references pull on delete cascade,
  kind text not null,
  key text not null,
  primary key (pull_id, kind, key)
);
create table rejection (
  pull_id uuid not null references pull on delete cascade,
  kind text not null,
  key text not null,
  why text not null
);
create index rejection_pull on rejection (pull_id);
create table source_memory (
  system text not null,
  key text not null,
  value jsonb not null,
  primary key (system, key)
);

create table fact (
  id bigint primary key generated always as identity,
  source text not null,
  kind text not null,
  key text not null,
  subject text not null,
  starts timestamptz not null,
  ends timestamptz not null,
  amount double precision not null,
  attributes jsonb not null,
  hash text not null,
  pull_id uuid not null references pull,
  known_since timestamptz not null,
  known_until timestamptz not null default 'infinity'
);
create unique index fact_current on fact (source, kind, key) where known_until = 'infinity';
create index fact_window on fact (source, kind, starts);
create index fact_subject on fact (source, kind, subject, starts);

create table expected_day (
  person_id uuid not null references person,
  day date not null,
  hours double precision not null,
  contract_hours double precision not null,
  holiday_share double precision not null,
  leave_share double precision not null,
  -- The public holiday that the calendar has on this working day while no source knows of it, nor of any leave; else null.
  missing_holiday text,
  steps jsonb not null,
  hash text not null,
  known_since timestamptz not null,
  known_until timestamptz not null default 'infinity',
  primary key (person_id, day, known_since)
);
create unique index expected_day_current on expected_day (person_id, day) where known_until = 'infinity';
create index expected_day_day on expected_day (day);
-- From which configuration, and from what was known when, the expected days were made: each time a row.
create table expected_run (
  known_since timestamptz primary key,
  configuration integer not null,
  as_of timestamptz not null
);

create table occurrence (
  id uuid primary key,
  subscription text not null,
  zone text not null,
  calendar text not null default '',
  nominal_at timestamptz not null,
  due_at timestamptz not null,
  until_at timestamptz not null,
  state text not null check (state in ('planned', 'held', 'done', 'late', 'skipped', 'failed', 'missed')),
  -- When the rules look at it next; null when there is nothing left to do.
  wake_at timestamptz,
  lease_until timestamptz,
  lease_token uuid,
  attempts integer not null default 0,
  -- Asked for by hand, whatever its time: never missed.
  manual boolean not null default false,
  decided_as_of timestamptz,
  detail text,
  traceparent text,
  created_at timestamptz not null default clock_timestamp(),
  unique (subscription, zone, calendar, nominal_at)
);
create index occurrence_wake on occurrence (wake_at) where wake_at is not null;

create table evaluation (
  id uuid primary key,
  occurrence_id uuid not null references occurrence,
  rule text not null,
  rule_version integer not null,
  as_of timestamptz not null,
  period_from date not null,
  period_to date not null,
  subjects integer not null,
  fired integer not null,
  quiet integer not null,
  suppressed integer not null,
  held integer not null,
  created_at timestamptz not null default clock_timestamp(),
  check (subjects = fired + quiet + suppressed + held)
);
create index evaluation_occurrence on evaluation (occurrence_id, created_at);
create table decision (
  id uuid primary key,
  evaluation_id uuid not null references evaluation,
  rule text not null,
  subject uuid not null,
  period_from date not null,
  period_to date not null,
  outcome text not null check (outcome in ('fired', 'quiet', 'suppressed', 'held')),
  reason text,
  detail text,
  inputs jsonb not null,
  as_of timestamptz not null
);
create index decision_subject on decision (rule, subject, period_from, as_of desc);
create index decision_evaluation on decision (evaluation_id);

create table notification (
  id uuid primary key,
  rule text not null,
  subject uuid not null,
  period_from date not null,
  period_to date not null,
  decision_id uuid not null references decision,
  -- False once a later fact took the ground away.
  holds boolean not null default true,
  created_at timestamptz not null default clock_timestamp()
);

create table delivery (
  id uuid primary key,
  subscription text not null,
  occurrence_id uuid references occurrence,
  channel text not null,
  -- Logical and stable, such as \`room:person:<id>\`; never a vendor's id.
  destination text not null,
  subject uuid,
  about text not null check (about in ('notification', 'trouble', 'record')),
  -- What the destination is made from: the subscription's target, with the room's name and members resolved to people.
  target jsonb not null,
  message jsonb not null,
  message_hash text not null,
  -- Raised with every change of the message; \`sent_revision\` is the one the destination shows.
  revision integer not null default 1,
  sent_revision integer not null default 0,
  state text not null check (state in ('pending', 'held', 'sending', 'sent', 'retrying', 'unknown', 'failed', 'retracted')),
  receipt jsonb,
  due_at timestamptz not null,
  lease_until timestamptz,
  lease_token uuid,
  attempts integer not null default 0,
  reason text,
  detail text,
  when_unknown text not null default 'leave' check (when_unknown in ('repeat', 'leave')),
  traceparent text,
  created_at timestamptz not null default clock_timestamp(),
  settled_at timestamptz
);
create index delivery_due on delivery (channel, due_at) where state in ('pending', 'retrying', 'unknown');
create index delivery_sending on delivery (lease_until) where state = 'sending';
create index delivery_destination on delivery (channel, destination);
create index delivery_occurrence on delivery (occurrence_id);
create table delivery_notification (
  delivery_id uuid not null references delivery,
  notification_id uuid not null references notification,
  primary key (delivery_id, notification_id)
);
create index delivery_notification_notification on delivery_notification (notification_id);
create table attempt (
  delivery_id uuid not null references delivery,
  number integer not null,
  revision integer not null,
  began_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  outcome text check (outcome in ('arrived', 'refused', 'unknown')),
  reason text,
  code text,
  detail text,
  address jsonb not null,
  trace_id text,
  primary key (delivery_id, number)
);
create table room (
  channel text not null,
  destination text not null,
  name text not null,
  address jsonb not null,
  members text[] not null,
  verified_at timestamptz not null,
  primary key (channel, destination)
);
-- Who may write to a destination, and from when on: the lease, the pace and the pause of one destination.
create table destination (
  channel text not null,
  destination text not null,
  free_at timestamptz not null,
  lease_until timestamptz not null default '-infinity',
  lease_token uuid,
  primary key (channel, destination)
);
-- A channel's account, or one method of it: shared by all replicas.
create table account (
  channel text not null,
  scope text not null,
  tokens double precision not null,
  filled_at timestamptz not null,
  paused_until timestamptz not null default '-infinity',
  primary key (channel, scope)
);

-- What an owner has to hear of, and who could not be matched. Open until the ground is gone.
create table trouble (
  id uuid primary key,
  kind text not null,
  about text not null,
  owner text,
  detail jsonb not null,
  opened_at timestamptz not null default clock_timestamp(),
  seen_at timestamptz not null default clock_timestamp(),
  closed_at timestamptz,
  told boolean not null default false
);
create unique index trouble_open on trouble (kind, about) where closed_at is null;
create index trouble_untold on trouble (opened_at) where not told;
`;

export class Core1800000000001 implements MigrationInterface {
  readonly name = 'Core1800000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(schema);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward: restore a backup instead.');
  }
}
