import { Module, type Type } from '@nestjs/common';
import { runService } from '#runtime';
import { readProcessSettings, SettingsError, type Environment } from '#settings';
import { UnusableQueueError } from '#queues';
import { UnusablePostgresError } from '#storage';
import { createLogger, sayLastWords, setLogLevel } from '#telemetry';
import { ConnectionsModule, type Connections } from './connections.module.js';
import { openConnections, SchemaBehindError } from './open.js';

@Module({})
class Service {}

/** Exit code of a process that was configured wrongly: starting it again changes nothing. */
const BAD_CONFIGURATION = 2;

const badConfigurations = [SettingsError, SchemaBehindError, UnusablePostgresError, UnusableQueueError];

/** Runs one service module as a process of its own, from the environment. */
export async function serve(name: string, module: Type, environment: Environment): Promise<void> {
  const log = createLogger(name);
  sayLastWords((error, origin) => log.fatal('crash', { origin, error }));
  try {
    const settings = readProcessSettings(environment);
    setLogLevel(settings.logs.level);
    const connections = await openConnections(settings, {
      name: `carillon-${name}`,
      queueMayBeAway: true,
    });
    if (await connections.database.pendingMigrations()) throw new SchemaBehindError();
    await runService(serviceModule(connections, module), {
      name,
      port: settings.health.port,
      afterStop: () => connections.close(),
    });
  } catch (error) {
    log.fatal('start failed', { error });
    process.exit(badConfigurations.some((kind) => error instanceof kind) ? BAD_CONFIGURATION : 1);
  }
}

/** A service's module with its connections. */
export const serviceModule = (connections: Connections, ...modules: readonly Type[]) => ({
  module: Service,
  imports: [ConnectionsModule.of(connections), ...modules],
});
