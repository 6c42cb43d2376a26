import { Controller, Get, Header, NotFoundException } from '@nestjs/common';
import { scrape } from '#telemetry';

/** What Prometheus scrapes, on the port of health. https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format */
@Controller()
export class MetricsController {
  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @Header('cache-control', 'no-store')
  async metrics(): Promise<string> {
    const text = await scrape();
    if (text === undefined)
      throw new NotFoundException('no metrics are kept here: OTEL_METRICS_EXPORTER leaves prometheus out');
    return text;
  }
}
