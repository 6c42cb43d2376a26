import type { Decision } from '../../decision.js';
import type { Instant, LocalDate } from '../../instant.js';
import type { KpiParts } from '../../kpi-parts.js';
import type { Team } from '../../team.js';

/** An open issue, as it is shown. */
export interface SaidIssue {
  /** As people wrote it, in any language. */
  readonly title: string;
  readonly url?: string;
  /** Whole local days since it was made. */
  readonly daysOpen: number;
  readonly due: LocalDate | null;
}

/** One number of a team, and what it is said with. */
export interface SaidKpi {
  /** One of the messages about teams. */
  readonly say: string;
  readonly decision: Decision;
  /** By what was known then. */
  readonly at: Instant;
  readonly parts?: KpiParts;
  /** What the same rule said before to the same subscription, oldest first; empty the first time. */
  readonly history: readonly { readonly value: number; readonly on: LocalDate }[];
  /** The first of them, and how many there are in all. */
  readonly issues?: {
    readonly which: 'oldest' | 'overdue';
    readonly shown: readonly SaidIssue[];
    readonly total: number;
  };
}

/** Everything else that a message to a team is made from. */
export interface SaidToTeam {
  readonly team: Team;
  /** IANA name: in which moments are told. */
  readonly zone: string;
  /** Names of the Source documents that the numbers come from. */
  readonly sources: readonly string[];
}
