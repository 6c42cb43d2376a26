export * from './connections.module.js';
export * from './vendors.js';
