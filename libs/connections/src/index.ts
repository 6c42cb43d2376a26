export { CallCounter } from './call-counter.js';
export * from './connections.module.js';
export * from './open.js';
export * from './serve.js';
export * from './vendors.js';
export { WatchModule } from './watch.js';
