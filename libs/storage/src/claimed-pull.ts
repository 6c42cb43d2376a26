import type { TimeWindow } from '#domain';
import type { Transaction } from './database.js';

/** A pull that this process holds the lease of. */
export interface ClaimedPull {
  readonly id: string;
  readonly system: string;
  readonly what: 'facts' | 'people';
  readonly window: TimeWindow | undefined;
  readonly askedBy: string;
  readonly token: string;
  /** How often it was tried before this time. */
  readonly attempts: number;
  readonly cursor: string | undefined;
  readonly peopleDone: boolean;
  readonly traceparent: string | undefined;
}

/** The lease of a pull was lost to another process: whatever this one still holds must not be written. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** Throws where the pull is not this process's any more; until the transaction ends nobody takes it over. */
export async function holdPull(tx: Transaction, pull: ClaimedPull): Promise<void> {
  const [row] = await tx.query(
    `select 1 from pull where id = $1 and lease_token = $2 and state = 'running' for update`,
    [pull.id, pull.token],
  );
  if (!row) throw leaseLost(pull);
}

export const leaseLost = (pull: ClaimedPull): LeaseLostError =>
  new LeaseLostError(`the pull ${pull.id} of ${pull.system} is no longer ours`);
