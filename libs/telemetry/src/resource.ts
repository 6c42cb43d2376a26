import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
  type Resource,
} from '@opentelemetry/resources';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Who speaks: name, version and instance of the service, and what `OTEL_RESOURCE_ATTRIBUTES` says beside or instead, such as
 * `deployment.environment.name`. https://opentelemetry.io/docs/specs/semconv/resource/#service
 */
export function processResource(serviceName: string): Resource {
  const ours = resourceFromAttributes({
    'service.version': versionOfThisBuild(),
    'service.instance.id': randomUUID(),
  });
  return (
    defaultResource()
      .merge(ours)
      // The process detector would put the command line into every span, and a command line may hold anything.
      .merge(detectResources({ detectors: [envDetector] }))
      .merge(resourceFromAttributes({ 'service.name': serviceName }))
  );
}

/** As `package.json` says, which is some folders above, in sources and in the build. */
function versionOfThisBuild(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    if (existsSync(path)) return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
  }
  return 'unknown';
}
