export * from './company.js';
export * from './needs.js';
export { canonical, route, targetNow } from './route.js';
export * from './runs.js';
export * from './teams.js';
