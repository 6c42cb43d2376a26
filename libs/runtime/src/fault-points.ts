/**
 * Moments at which a process may die, by the stage of the flow. Tests kill it at each of them and look whether anything was lost or said twice; a name stands at
 * exactly one place in the code.
 */
export const faultPointNames = [
  'occurrence.planned',
  'collect.asked',
  'collect.claimed',
  'collect.page',
  'collect.settled',
  'collect.identities',
  'people.linked',
  'expected.kept',
  'evaluate.claimed',
  'evaluate.decided',
  'evaluate.committed',
  'evaluate.rung',
  'deliver.claimed',
  'deliver.room',
  'deliver.paced',
  'deliver.sending',
  'deliver.accepted',
  'deliver.settled',
  'deliver.asked',
  'deliver.absent',
  'deliver.failed',
  'trouble.said',
] as const;

/** The same where facts become rows: a story that only tells people things never comes by them. */
export const forwardFaultPointNames = ['forward.decided', 'forward.committed', 'forward.rung'] as const;

/** The same on the way of a row to its table. */
export const rowFaultPointNames = [
  'row.paced',
  'row.sending',
  'row.kept',
  'row.accepted',
  'row.asked',
  'row.absent',
] as const;

export type FaultPointName =
  | (typeof faultPointNames)[number]
  | (typeof forwardFaultPointNames)[number]
  | (typeof rowFaultPointNames)[number];

export type FaultHandler = (point: FaultPointName) => Promise<void> | void;

let handler: FaultHandler | undefined;

/** Does nothing, unless a test's boot file registered a handler. No setting and no environment variable reaches it. */
export async function faultPoint(point: FaultPointName): Promise<void> {
  if (handler !== undefined) await handler(point);
}

/** For boot files of tests alone (`test/faults/boot.ts`). Without a handler the points do nothing again. */
export function setFaultHandler(next: FaultHandler | undefined): void {
  handler = next;
}
