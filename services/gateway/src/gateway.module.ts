import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { ObserveConnections, ShowConnections, WatchModule } from '#connections';
import { ConnectionsController } from './connections.controller.js';
import { Problems } from './problems.js';
import { TokenGuard } from './token.guard.js';

/** What comes in over HTTP. It reads, and writes nothing: see DECISIONS.md. */
@Module({
  imports: [WatchModule],
  controllers: [ConnectionsController],
  providers: [
    ObserveConnections,
    ShowConnections,
    TokenGuard,
    // Also where no route is met.
    { provide: APP_FILTER, useClass: Problems },
  ],
})
export class GatewayModule {}
