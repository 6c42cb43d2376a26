import { Global, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { Health, HealthController } from './health.js';
import { MetricsController } from './metrics.controller.js';
import { Stopping } from './stopping.js';
import { Ticker } from './ticker.js';

/** What every process has. `runService` brings it along; modules inject `Stopping`, `Health` and `Ticker` without importing anything. */
@Global()
@Module({
  imports: [ScheduleModule.forRoot()],
  controllers: [HealthController, MetricsController],
  providers: [
    Stopping,
    Ticker,
    { provide: Health, useFactory: (stopping: Stopping) => new Health(stopping), inject: [Stopping] },
  ],
  exports: [Stopping, Ticker, Health],
})
export class RuntimeModule {}
