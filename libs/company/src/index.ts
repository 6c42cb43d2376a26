export * from './company.js';
export * from './connections.js';
export * from './needs.js';
export * from './owners-place.js';
export { canonical, route, targetNow } from './route.js';
export * from './runs.js';
export * from './teams.js';
