export { builtInMessages, composeMessage, composeWithdrawn, messagesAbout, numberTold } from './compose.js';
export { composeConnectionMessage } from './connections/index.js';
export {
  composeKpiMessage,
  drawnValues,
  kpiMessages,
  shownIssues,
  type SaidIssue,
  type SaidKpi,
  type SaidToTeam,
} from './kpi/index.js';
export { runTroubleReasons, troubleReasons, type RunTroubleReason, type TroubleReason } from './phrases.js';
export { type SaidDay, type SaidInputs } from './said-inputs.js';
export { testMessage, type TestMessage } from './test-message.js';
export {
  deliveryTrouble,
  roomTrouble,
  runTrouble,
  sourceTrouble,
  unmatched,
  type DeliveryTrouble,
  type RoomTrouble,
  type RunTrouble,
  type SourceTrouble,
  type TroublingRecord,
  type TroublingRecords,
  type UnmatchedTrouble,
} from './troubles.js';
