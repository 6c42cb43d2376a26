export { ClockifySimulator } from './clockify/simulator.js';
