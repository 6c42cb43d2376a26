/**
 * Shared by every process that uses an embedded Postgres which another one started; whoever started it ends it once nobody holds it any more. A lock of the
 * database dies with its holder, so nothing is left behind by one that was killed.
 */
export const GUESTS_LOCK = 7_205_760;
