import { Temporal } from 'temporal-polyfill';
import { always, type Fact, type Instant, type LocalDate, type OpenIssueAttributes } from '#domain';
import type { Rejection } from '../contract.js';
import type { IssueModule } from './issue-modules.js';
import type { Owners } from './owners.js';
import type { Row } from './schema.js';
import type { VtigerSettings } from './settings.js';
import { addressOf } from './record-address.js';

type Reading = { readonly fact: Fact } | { readonly rejection: Rejection };

/** One open issue; undefined for one that is closed or of no team, which the query does not ask for. */
export function issueOf(
  row: Row,
  { fields, closed }: IssueModule,
  owners: Owners,
  { recordUrl }: Pick<VtigerSettings, 'recordUrl'>,
): Reading | undefined {
  const text = (field: string | undefined): string | undefined => {
    const value = field === undefined ? undefined : row[field];
    return typeof value === 'string' ? value : undefined;
  };
  const owner = text(fields.owner);
  const group = text(fields.group);
  // The group that works on a case says more than who of it has it now.
  const team =
    owners.groups.get(group ?? '') ?? owners.users.get(owner ?? '') ?? owners.groups.get(owner ?? '');
  const status = text(fields.status);
  if (status !== undefined && closed.includes(status)) return undefined;
  const reject = (why: string): Reading => ({
    rejection: { kind: 'kpi.openIssues', key: row.id, ...(team === undefined ? {} : { subject: team }), why },
  });
  if (owner === undefined) return reject('it has no owner');
  if (team === undefined) return undefined;
  if (status === undefined) return reject('it has no status');
  const priority = text(fields.priority);
  if (priority === undefined) return reject('it has no priority');
  const created = instantOf(text('createdtime'));
  if (!created) return reject('when it was created cannot be read');
  const due = dayOf(text(fields.due));
  if (due === 'unreadable') return reject('when it is due cannot be read');
  return {
    fact: {
      kind: 'kpi.openIssues',
      key: row.id,
      subject: team,
      from: created,
      to: created,
      amount: 1,
      attributes: {
        priority: decoded(priority),
        status: decoded(status),
        title: decoded(text(fields.title) ?? ''),
        due,
        ...(recordUrl === undefined ? {} : { url: addressOf(recordUrl, row.id) }),
      } satisfies OpenIssueAttributes,
    },
  };
}

/** That Vtiger knows this team, and so all that is open there. */
export const teamOf = (name: string): Fact => ({
  kind: 'team',
  key: name,
  subject: name,
  from: always,
  to: always,
  amount: 1,
  attributes: {},
});

/** `2026-03-02 07:12:44`, in UTC. */
function instantOf(text: string | undefined): Instant | undefined {
  if (!text || !/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text)) return undefined;
  try {
    return Temporal.Instant.from(`${text.replace(' ', 'T')}Z`);
  } catch {
    return undefined;
  }
}

/** `2026-03-02`; null where there is none. */
function dayOf(text: string | undefined): LocalDate | null | 'unreadable' {
  if (text === undefined || text === '') return null;
  try {
    return Temporal.PlainDate.from(text).toString();
  } catch {
    return 'unreadable';
  }
}

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#039;': "'",
  '&#39;': "'",
};

/** Some versions give texts as PHP's `htmlspecialchars` writes them. */
const decoded = (text: string): string =>
  text.replaceAll(/&(?:amp|lt|gt|quot|#0?39);/g, (entity) => entities[entity] ?? entity);
