import { Core1800000000001 } from './1-core.js';

/** Append-only, in order. */
export const migrations = [Core1800000000001];
