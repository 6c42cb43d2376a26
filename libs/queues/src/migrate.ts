import { migratePostgresQueues } from './postgres-engine.js';

/** Brings the queue's own schema up to date where the engine has one; Redis needs nothing. Run beside the product's migrations; safe to run at once from several places. */
export async function migrateQueues(url: string): Promise<void> {
  if (/^postgres(ql)?:/.test(url)) await migratePostgresQueues(url);
}
