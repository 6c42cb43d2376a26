export {
  faultPoint,
  faultPointNames,
  forwardFaultPointNames,
  rowFaultPointNames,
  setFaultHandler,
  type FaultHandler,
  type FaultPointName,
} from './fault-points.js';
export { Health, type HealthCheck, type Readiness } from './health.js';
export {
  endingMs,
  runService,
  startService,
  type RunningService,
  type ServiceOptions,
} from './run-service.js';
export { RuntimeModule } from './runtime.module.js';
export { Stopping } from './stopping.js';
export { Ticker, type Tick, type Ticking, type TickOptions } from './ticker.js';
