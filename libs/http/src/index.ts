export * from './access-token.js';
export * from './addresses.js';
export type { Follow } from './apart.js';
export * from './client.js';
export * from './create-http-client.js';
export * from './finding.js';
export * from './remote-error.js';
export * from './retry-after.js';
export * from './stopped.js';
