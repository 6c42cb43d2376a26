/**
 * The collector as it ships, but that its way out keeps no published limit: the simulator that it reads has none. Everything else is
 * `services/collector/src/main.ts`.
 */
import type { Type } from '@nestjs/common';
import { openConnections, serviceModule } from '#connections';
import { createHttpClient } from '#http';
import { runService } from '#runtime';
import { readProcessSettings } from '#settings';

const built = '../../dist/services/collector/src/collector.module.js';
const { CollectorModule } = (await import(built)) as { readonly CollectorModule: Type };

const connections = await openConnections(readProcessSettings(process.env), { name: 'carillon-collector' });
await runService(
  serviceModule(
    {
      ...connections,
      wayOut: ({ limit: _, ...options }) => createHttpClient(options),
    },
    CollectorModule,
  ),
  { name: 'collector', port: 0, afterStop: () => connections.close() },
);
