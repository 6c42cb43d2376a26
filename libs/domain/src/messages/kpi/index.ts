export { composeKpiMessage } from './compose.js';
export { shownIssues } from './issue-list.js';
export { kpiMessages } from './phrases.js';
export { drawnValues } from './section.js';
export type { SaidIssue, SaidKpi, SaidToTeam } from './said-kpi.js';
