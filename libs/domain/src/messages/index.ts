export { builtInMessages, composeMessage, composeWithdrawn } from './compose.js';
export { troubleReasons, type TroubleReason } from './phrases.js';
export { type SaidDay, type SaidInputs } from './said-inputs.js';
export {
  deliveryTrouble,
  roomTrouble,
  sourceTrouble,
  unmatched,
  type DeliveryTrouble,
  type RoomTrouble,
  type SourceTrouble,
  type UnmatchedTrouble,
} from './troubles.js';
