import { Controller, Get, Header, UseGuards } from '@nestjs/common';
import { ShowConnections, type ShownConnection } from '#connections';
import { TokenGuard } from './token.guard.js';

/** How every connection is: what `carillon connections --output json` prints. */
@Controller('v1/connections')
@UseGuards(TokenGuard)
export class ConnectionsController {
  constructor(private readonly connections: ShowConnections) {}

  @Get()
  @Header('cache-control', 'no-store')
  async all(): Promise<{ readonly connections: readonly ShownConnection[] }> {
    return { connections: await this.connections.all() };
  }
}
