/** The vendors in memory: for specs, the sandbox and end-to-end tests, never for a running service. */
export * from './google-chat/simulator.js';
export * from './jiandaoyun/simulator.js';
export * from './outlook/simulator.js';
export * from './jira/simulator.js';
export * from './slack/simulator.js';
export * from './webhook/simulator.js';
