export { ClockifySimulator } from './clockify/simulator.js';
export { VtigerSimulator } from './vtiger/simulator.js';
export { WecomSimulator } from './wecom/simulator.js';
export {
  exampleSecrets as wecomExampleSecrets,
  fillExample as fillWecomExample,
} from './wecom/simulator/example.js';
