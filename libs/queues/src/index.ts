export { AbsentQueueError, examineRedis, UnusableQueueError } from './examine-redis.js';
export { UnreadableJob, type JobOf } from './jobs.js';
export { migrateQueues } from './migrate.js';
export { collectQueue, deliverQueue, directoryQueue, evaluateQueue, type QueueName } from './names.js';
export type { Handler, QueueWorker, Work, WorkOptions } from './queue-worker.js';
export { Queues, type QueuesOptions, type Ring, type RingOptions, type Rung } from './queues.js';
export * from './retry-policy.js';
