export { Accounts, type Granted } from './accounts.repository.js';
export { Backlog, type Age } from './backlog.repository.js';
export { ConnectionCalls, type CallNotes, type CallTally } from './connection-calls.repository.js';
export { LeaseLostError, type ClaimedPull } from './claimed-pull.js';
export { Database, type Sql, type Transaction } from './database.js';
export * from './decisions.repository.js';
export { Deliveries } from './deliveries.repository.js';
export type * from './delivery.js';
export { DeliveryClaims } from './delivery-claims.repository.js';
export { Destinations } from './destinations.repository.js';
export * from './documents.repository.js';
export {
  EmbeddedPostgresError,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from './embedded/embedded-postgres.js';
export { makeFolder } from './embedded/make-folder.js';
export { examinePostgres, UnusablePostgresError } from './examine-postgres.js';
export * from './expected-days.repository.js';
export {
  attributesOf,
  factsOf,
  recordsOfSubjects,
  sumFacts,
  workedByDay,
  type StoredFact,
  type SubjectWindow,
} from './facts.repository.js';
export * from './forwards.repository.js';
export { incomingPage, type IncomingPage, type PulledPage } from './incoming-page.js';
export * from './occurrences.repository.js';
export * from './people.repository.js';
export { PullClaims, type Along } from './pull-claims.repository.js';
export {
  Pulls,
  type PullCounts,
  type PullRequest,
  type PullWant,
  type StoredPull,
} from './pulls.repository.js';
export { Retention, type RemovedRows, type RunThatIsOver } from './retention.repository.js';
export * from './rooms.repository.js';
export { saidBefore, type SaidBefore } from './said-before.repository.js';
export { SourceMemories } from './source-memories.repository.js';
export * from './state-facts.repository.js';
export * from './troubles.repository.js';
export * from './unreadable-records.repository.js';
export { WriteBatches, type StoredWriteBatch, type WriteBatch } from './write-batches.repository.js';
