import { Injectable, Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { CompanyReader } from '#company';
import { Queues } from '#queues';
import { Health } from '#runtime';
import { Secrets } from '#settings';
import * as storage from '#storage';
import { Database } from '#storage';
import { CallCounter } from './call-counter.js';
import { Vendors, type WayOut } from './vendors.js';

/** What one process is connected to. Whoever starts the process makes these and ends them. */
export interface Connections {
  readonly database: Database;
  readonly queues: Queues;
  readonly secrets: Secrets;
  /** In the place of the usual one. */
  readonly wayOut?: WayOut;
  /** How long a collector leaves sources' own schedules to CronJobs; 0 where there are none. */
  readonly scheduleGraceMs?: number;
}

/** How long a collector leaves sources' own schedules to CronJobs, which begin at the same time and need some seconds to start. */
export class ScheduleGrace {
  constructor(readonly ms: number) {}
}

const repositories = [
  CompanyReader,
  storage.Accounts,
  storage.ConnectionCalls,
  storage.Decisions,
  storage.Deliveries,
  storage.DeliveryClaims,
  storage.Documents,
  storage.ExpectedDays,
  storage.Forwards,
  storage.Occurrences,
  storage.People,
  storage.PullClaims,
  storage.Pulls,
  storage.Retention,
  storage.Rooms,
  storage.SourceMemories,
  storage.Troubles,
  storage.WriteBatches,
];

/** What a process cannot work without, and which configuration it works by. */
@Injectable()
class ConnectionsHealth implements OnModuleInit {
  constructor(
    private readonly health: Health,
    private readonly database: Database,
    private readonly queues: Queues,
    private readonly companies: CompanyReader,
  ) {}

  onModuleInit(): void {
    this.health.register(
      'database',
      () => this.database.query('select 1'),
      'Postgres does not answer; look whether it is up, takes connections, and is reached from here at the address in DATABASE_URL',
    );
    this.health.register(
      'queue',
      () => this.queues.check(),
      'the queue does not answer; look whether its server is up and reached from here at the address in QUEUE_URL (that of DATABASE_URL, where none is set)',
    );
    this.health.tell('configuration', async () => {
      const { revision, configuration } = await this.companies.current();
      return revision === 0 ? undefined : configuration.hash;
    });
  }
}

/** Gives every service module its database, its queues and its vendors. */
@Module({})
export class ConnectionsModule {
  static of({ database, queues, secrets, wayOut, scheduleGraceMs = 0 }: Connections): DynamicModule {
    return {
      module: ConnectionsModule,
      global: true,
      providers: [
        { provide: Database, useValue: database },
        { provide: Queues, useValue: queues },
        { provide: Secrets, useValue: secrets },
        { provide: CallCounter, useFactory: () => new CallCounter(new storage.ConnectionCalls(database)) },
        {
          provide: Vendors,
          inject: [CallCounter],
          useFactory: (calls: CallCounter) =>
            new Vendors(secrets, wayOut, new storage.Accounts(database), calls),
        },
        { provide: ScheduleGrace, useValue: new ScheduleGrace(scheduleGraceMs) },
        ...repositories.map((repository) => ({
          provide: repository,
          useFactory: () => new repository(database),
        })),
        ConnectionsHealth,
      ],
      exports: [CallCounter, Database, Queues, ScheduleGrace, Secrets, Vendors, ...repositories],
    };
  }
}
