import { createHash } from 'node:crypto';

/** A number in [0, 1) that depends on nothing but what it is drawn for: no two runs differ. */
export const draw = (...what: readonly (string | number)[]): number =>
  createHash('md5').update(what.join('\u0000')).digest().readUInt32BE() / 2 ** 32;
