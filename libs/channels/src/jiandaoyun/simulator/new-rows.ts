import { note, type Call } from './call.js';
import { owner, type Entry } from './company.js';
import type { Row } from './model.js';
import { refuse } from './refusal.js';
import { valuesAfter, type Written } from './write-values.js';

export interface Submission {
  /** A `username`. */
  readonly creator: string;
  readonly startWorkflow: boolean;
}

/** Who submits, and whether a workflow begins. The flag has an effect on workflow forms only. */
export function readSubmission(
  call: Call,
  entry: Entry,
  given: { data_creator?: string | undefined; is_start_workflow?: boolean | undefined },
): Submission {
  const creator = given.data_creator ?? owner.username;
  const member = call.company.members.get(creator);
  if (!member) throw refuse(1010, creator);
  if (member.type === 2) throw refuse(1096, 'a contact of a partner company');
  const wanted = given.is_start_workflow ?? false;
  if (wanted && !entry.workflow) note(call, 'is_start_workflow', 'no effect here');
  return { creator, startWorkflow: wanted && entry.workflow };
}

/** A new row of what is written, be it nothing. */
export function addRow(
  call: Call,
  entry: Entry,
  written: Written,
  { creator, startWorkflow }: Submission,
): Row {
  const at = call.now.toISOString();
  const row: Row = {
    _id: call.company.mint(),
    creator,
    updater: creator,
    createTime: at,
    updateTime: at,
    values: valuesAfter(written),
  };
  const serials = entry.widgets.filter(({ type }) => type === 'sn');
  if (serials.length > 0) entry.serial += 1;
  for (const { widgetName } of serials) row.values[widgetName] = String(entry.serial).padStart(4, '0');
  if (startWorkflow) {
    row.flowState = 0;
    call.effects.workflows.push({ entryId: entry.entryId, dataId: row._id, by: call.path });
  }
  entry.rows.put(row);
  return row;
}
