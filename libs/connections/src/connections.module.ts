import { Module, type DynamicModule } from '@nestjs/common';
import { CompanyReader } from '#company';
import { Queues } from '#queues';
import { Secrets } from '#settings';
import {
  Database,
  Decisions,
  Deliveries,
  Documents,
  ExpectedDays,
  Occurrences,
  People,
  Pulls,
  Rooms,
  SourceMemories,
  Troubles,
} from '#storage';
import { Vendors, type WayOut } from './vendors.js';

/** What one process is connected to. Whoever starts the process makes these and ends them. */
export interface Connections {
  readonly database: Database;
  readonly queues: Queues;
  readonly secrets: Secrets;
  /** In the place of the usual one. */
  readonly wayOut?: WayOut;
}

const repositories = [
  CompanyReader,
  Decisions,
  Deliveries,
  Documents,
  ExpectedDays,
  Occurrences,
  People,
  Pulls,
  Rooms,
  SourceMemories,
  Troubles,
];

/** Gives every service module its database, its queues and its vendors. */
@Module({})
export class ConnectionsModule {
  static of({ database, queues, secrets, wayOut }: Connections): DynamicModule {
    return {
      module: ConnectionsModule,
      global: true,
      providers: [
        { provide: Database, useValue: database },
        { provide: Queues, useValue: queues },
        { provide: Vendors, useValue: new Vendors(secrets, wayOut) },
        ...repositories.map((repository) => ({
          provide: repository,
          useFactory: () => new repository(database),
        })),
      ],
      exports: [Database, Queues, Vendors, ...repositories],
    };
  }
}
