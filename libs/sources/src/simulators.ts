export { ClockifySimulator } from './clockify/simulator.js';
export { VtigerSimulator } from './vtiger/simulator.js';
