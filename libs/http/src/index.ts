export * from './client.js';
export * from './remote-error.js';
