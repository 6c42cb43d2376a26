export { builtInMessages, composeMessage, composeWithdrawn } from './compose.js';
export { runTroubleReasons, troubleReasons, type RunTroubleReason, type TroubleReason } from './phrases.js';
export { type SaidDay, type SaidInputs } from './said-inputs.js';
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
  type UnmatchedTrouble,
} from './troubles.js';
