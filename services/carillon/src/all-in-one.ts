import { serviceModule, type Connections } from '#connections';
import { startService, type RunningService } from '#runtime';
import { CollectorModule } from '../../collector/src/collector.module.js';
import { NotifierModule } from '../../notifier/src/notifier.module.js';
import { RulesModule } from '../../rules/src/rules.module.js';

/** Collector, rules and notifier in this process: the same modules that run as three. */
export const startAllInOne = (connections: Connections, port?: number): Promise<RunningService> =>
  startService(serviceModule(connections, CollectorModule, RulesModule, NotifierModule), {
    name: 'carillon',
    ...(port === undefined ? {} : { port }),
  });
