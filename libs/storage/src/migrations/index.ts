import { Core1800000000001 } from './1-core.js';
import { SaidNow1800000000002 } from './2-said-now.js';
import { RejectedSubject1800000000003 } from './3-rejected-subject.js';
import { OvertakenPulls1800000000004 } from './4-overtaken-pulls.js';
import { Restored1800000000005 } from './5-restored.js';
import { ExpectedGround1800000000006 } from './6-expected-ground.js';
import { PagesOfPulls1800000000007 } from './7-pages-of-pulls.js';
import { OpenDeliveries1800000000008 } from './8-open-deliveries.js';
import { Forwards1800000000009 } from './9-forwards.js';
import { ConnectionCalls1800000000010 } from './10-connection-calls.js';
import { Retention1800000000011 } from './11-retention.js';

/** Append-only, in order. */
export const migrations = [
  Core1800000000001,
  SaidNow1800000000002,
  RejectedSubject1800000000003,
  OvertakenPulls1800000000004,
  Restored1800000000005,
  ExpectedGround1800000000006,
  PagesOfPulls1800000000007,
  OpenDeliveries1800000000008,
  Forwards1800000000009,
  ConnectionCalls1800000000010,
  Retention1800000000011,
];
