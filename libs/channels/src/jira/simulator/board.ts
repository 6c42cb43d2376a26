import type { JiraProject, JiraStatus, SimulatedIssue } from './state.js';

/** A column of a board, with its issues, oldest first. */
export interface BoardColumn {
  readonly status: JiraStatus;
  readonly issues: readonly SimulatedIssue[];
}

export function boardOf(project: JiraProject, issues: readonly SimulatedIssue[]): readonly BoardColumn[] {
  const byStatus = Map.groupBy(issues, ({ statusId }) => statusId);
  return project.statuses.map((status) => ({ status, issues: byStatus.get(status.id) ?? [] }));
}
