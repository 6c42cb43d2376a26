export { CallCounter } from './call-counter.js';
export * from './connections.module.js';
export { ObserveConnections } from './observe-connections.js';
export * from './open.js';
export { channelPluginOf } from './plugin-of.js';
export * from './serve.js';
export { showConnections, ShowConnections, type ShownConnection } from './shown-connections.js';
export * from './vendors.js';
export { WatchModule } from './watch.js';
