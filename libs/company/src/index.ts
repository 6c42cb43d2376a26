export * from './company.js';
export * from './needs.js';
