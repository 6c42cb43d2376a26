/** Every metric there is. Dashboards and alerts are written against these; renaming one is a breaking change. */
export const metricNames = {
  /** Pulls that ended, by `source` and `outcome`. */
  pulls: 'carillon.pulls',
  /** Facts that a pull brought, by `source` and `change` (new, changed, same, gone, rejected). */
  facts: 'carillon.facts',
  /** Decisions, by `rule` and `outcome` (fired, quiet, suppressed, held). */
  decisions: 'carillon.decisions',
  /** Deliveries that entered a state, by `channel` and `state`. */
  deliveries: 'carillon.deliveries',
  /** Attempts to say something that ended, well or not, by `channel`. */
  notifications: 'carillon.notifications',
  /** Those of them that failed, by `channel` and `reason`: a closed set, each there from the start. */
  notificationsFailed: 'carillon.notifications.failed',
  /** What was not said to a subject and why, by `reason`: a closed set, each there from the start. */
  suppressed: 'carillon.notifications.suppressed',
  /** How long calls to other systems took, in seconds, by `system` and `result` (`ok` or the failure's reason). */
  remoteCalls: 'carillon.remote.calls',
  /** Records, subjects or rows that no column of the books has accounted for since the process began, by `book`. Anything but 0 is a bug. */
  unaccounted: 'carillon.books.unaccounted',
  /** How long the oldest due row has been waiting, in seconds, by `queue`. What KEDA scales on. */
  oldestDue: 'carillon.due.oldest_age',
  /** How fresh the facts of a source are: for how long its newest complete pull lies back, in seconds, by `source`. */
  sourceAge: 'carillon.source.age',
  /** Always 1: which configuration the process works by, by `hash`. */
  configuration: 'carillon.configuration.info',
  /** When the process last took a configuration up, in seconds since 1970. */
  configurationLoaded: 'carillon.configuration.last_load_timestamp',
  /** Configurations that were read, by `outcome` (`done` or `failed`). */
  configurationLoads: 'carillon.configuration.loads',
  /** Rings of the queue's bell, by `queue` and `outcome` (`rung` or `lost`; a lost one is made good by the sweep). */
  rings: 'carillon.rings',
  /** How long jobs took, in seconds, by `queue` and `outcome`. */
  jobs: 'carillon.jobs',
} as const;

/** Every attribute that a metric, a span or a log line may carry. Spans of instrumentations add OpenTelemetry's own. */
export const attributeNames = {
  source: 'carillon.source',
  channel: 'carillon.channel',
  rule: 'carillon.rule',
  outcome: 'carillon.outcome',
  reason: 'carillon.reason',
  change: 'carillon.change',
  state: 'carillon.state',
  system: 'carillon.system',
  result: 'carillon.result',
  book: 'carillon.book',
  hash: 'carillon.configuration.hash',
  queue: 'carillon.queue',
  pull: 'carillon.pull.id',
  occurrence: 'carillon.occurrence.id',
  delivery: 'carillon.delivery.id',
  subscription: 'carillon.subscription',
  zone: 'carillon.zone',
} as const;

export type AttributeName = (typeof attributeNames)[keyof typeof attributeNames];

/** The instrumentation scope of the product's own spans and metrics. */
export const scopeName = 'carillon';
