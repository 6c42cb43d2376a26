export * from './company.js';
export * from './needs.js';
export * from './runs.js';
export * from './teams.js';
