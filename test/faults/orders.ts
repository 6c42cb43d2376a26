import type { FaultPointName } from '#runtime';

/** What the harness tells a process under test, and what that says back; they talk by the channel of `child_process`. */
export type Order =
  /** Kills itself, without a chance to clean up, when it comes by this point the nth time from now. */
  | { readonly do: 'die at'; readonly point: FaultPointName; readonly nth: number }
  | { readonly do: 'live' }
  /** From now on its clock is so far ahead of the machine's. */
  | { readonly do: 'set clock'; readonly aheadMs: number }
  | { readonly do: 'tell what is rewritten' };

export type Reply =
  | { readonly said: 'prepared' }
  /** Files that it has otherwise than the build. */
  | { readonly said: 'rewritten'; readonly files: readonly string[] };

/** Names in the environment of a process under test. */
export const variables = {
  /** Eight hexadecimal digits: whatever lease it takes begins with them. */
  mark: 'CARILLON_FAULTS_MARK',
  aheadMs: 'CARILLON_FAULTS_AHEAD_MS',
  plant: 'CARILLON_FAULTS_PLANT',
} as const;
