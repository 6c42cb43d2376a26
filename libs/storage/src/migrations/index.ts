import { Core1800000000001 } from './1-core.js';
import { SaidNow1800000000002 } from './2-said-now.js';

/** Append-only, in order. */
export const migrations = [Core1800000000001, SaidNow1800000000002];
