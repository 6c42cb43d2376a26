import { Module } from '@nestjs/common';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startService } from '#runtime';
import * as telemetry from '#telemetry';
import { scrape, type Series } from '../scrape.js';
import { cases } from './cases.js';
import { chart, objectsOf } from './helm.js';
import type { KubernetesObject } from './kubernetes-object.js';

@Module({})
class Empty {}

/** Every metric of the product, as Prometheus gets it from a service that runs: each is recorded once, by the functions that services call. */
async function scraped(): Promise<readonly Series[]> {
  const restore = telemetry.logTo({ write: () => undefined });
  const service = await startService(Empty, { name: 'spec', port: 0, host: '127.0.0.1' });
  telemetry.countPull('clockify', 'complete');
  telemetry.countFacts('clockify', 'new', 1);
  telemetry.countDecisions('low-hours', 'fired', 1);
  telemetry.countSuppressed('exempt', 1);
  telemetry.countDeliveries('slack', 'sent');
  telemetry.countNotification('slack', 'timeout');
  telemetry.recordRemoteCall('slack', 'ok', 1);
  telemetry.reportUnaccounted('pull', 0);
  telemetry.countRings('evaluate', 'rung', 1);
  telemetry.recordJob('evaluate', 'done', 1);
  telemetry.configurationLoaded('0a1b2c');
  const { queue, source } = telemetry.attributeNames;
  telemetry.observe(() =>
    Promise.resolve([
      { metric: 'oldestDue', value: 1, attributes: { [queue]: 'evaluate' } },
      { metric: 'sourceAge', value: 1, attributes: { [source]: 'clockify' } },
    ]),
  );
  try {
    return (await scrape(service.url ?? '')).filter(({ names }) => !names.includes('target_info'));
  } finally {
    await service.stop();
    restore();
  }
}

/** The metrics that a query asks for, and the labels that it compares or groups by. */
function askedBy(query: string): { readonly names: readonly string[]; readonly labels: readonly string[] } {
  const names = [...query.matchAll(/\bcarillon_\w+(?=[\s{[)]|$)/g)].map(([name]) => name);
  const grouped = [...query.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/,\s*/));
  const compared = [...query.matchAll(/\b(\w+)(?:=|!=|=~|!~)"/g)].map(([, label = '']) => label);
  const labels = new Set([...grouped, ...compared]);
  return { names: names.filter((name) => !labels.has(name)), labels: [...labels] };
}

const release = cases['everything on']?.release ?? {};
/** Labels that the installation adds to every series. */
const ownLabels = ['cluster'];

let series: readonly Series[] = [];
let objects: readonly KubernetesObject[] = [];

beforeAll(async () => {
  [series, objects] = await Promise.all([scraped(), objectsOf(release)]);
});

const problemsOf = (query: string): readonly string[] => {
  const { names, labels } = askedBy(query);
  const asked = series.filter((one) => one.names.some((name) => names.includes(name)));
  const known = asked.flatMap((one) => one.labels);
  return [
    ...(names.length === 0 ? [`it asks for nothing of ours: ${query}`] : []),
    ...names.filter((name) => !asked.some((one) => one.names.includes(name))),
    ...labels.filter((label) => !known.includes(label) && !ownLabels.includes(label)),
  ];
};

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook_url: string };
}

const alertsOf = (): readonly Alert[] => {
  const rule = objects.find(({ kind }) => kind === 'PrometheusRule')?.spec as
    { readonly groups: readonly { readonly rules: readonly Alert[] }[] } | undefined;
  return rule?.groups.flatMap(({ rules }) => rules) ?? [];
};

it('every metric that has a name can be scraped, so that the following can be believed', () => {
  expect(series).toHaveLength(Object.keys(telemetry.metricNames).length);
});

describe('the dashboard', () => {
  interface Dashboard {
    readonly panels: readonly {
      readonly id: number;
      readonly title: string;
      readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
      readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
    }[];
  }
  const read = async (): Promise<Dashboard> =>
    JSON.parse(await readFile(join(chart, 'dashboards/carillon.json'), 'utf8')) as Dashboard;

  it('asks for metrics and labels that there are', async () => {
    const { panels } = await read();

    expect(
      panels.flatMap(({ title, targets }) =>
        targets.flatMap(({ expr }) => problemsOf(expr).map((problem) => `${title}: ${problem}`)),
      ),
    ).toEqual([]);
  });

  it('shows every metric', async () => {
    const { panels } = await read();
    const asked = panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => askedBy(expr).names));

    expect(series.filter(({ names }) => !names.some((name) => asked.includes(name)))).toEqual([]);
  });

  it('is shipped as it is: what it has in braces is Grafana’s', async () => {
    const shipped = objects.find(({ metadata }) => metadata.name === 'carillon-dashboard');

    expect(JSON.parse(shipped?.data?.['carillon.json'] ?? '{}')).toEqual(await read());
    expect(shipped?.metadata.labels).toMatchObject({ grafana_dashboard: '1' });
  });

  it('has no two panels in one place', async () => {
    const { panels } = await read();
    const places = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)}/${y + Math.floor(cell / w)}`),
    );

    expect(new Set(places).size).toBe(places.length);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });
});

describe('the alerts', () => {
  it('ask for metrics and labels that there are, of this release alone', () => {
    expect(alertsOf().length).toBeGreaterThan(6);
    expect(
      alertsOf().flatMap(({ alert, expr }) => problemsOf(expr).map((problem) => `${alert}: ${problem}`)),
    ).toEqual([]);
    expect(
      alertsOf().filter(({ expr }) => expr.match(/cluster="eu-1"/g)?.length !== askedBy(expr).names.length),
    ).toEqual([]);
  });

  it('have each a section of the runbook that says what to do, and the runbook no section for another', async () => {
    const runbook = await readFile(join(chart, '../../docs/runbook.md'), 'utf8');
    const sections = new Map(
      runbook
        .split(/^## /m)
        .slice(1)
        .map((section) => [section.split('\n', 1)[0] ?? '', section]),
    );

    expect([...sections.keys()]).toEqual(alertsOf().map(({ alert }) => alert));
    for (const { alert, annotations, labels } of alertsOf()) {
      expect(sections.get(alert)).toMatch(/^1\. /m);
      expect(annotations.runbook_url).toBe(`https://wiki.acme.example/runbook#${alert.toLowerCase()}`);
      expect(['warning', 'critical']).toContain(labels.severity);
    }
  });
});

describe('the replicas', () => {
  it('follow the age of the oldest due row of their own queues', () => {
    const queries = objects
      .filter(({ kind }) => kind === 'ScaledObject')
      .map(
        ({ spec }) => (spec as { triggers: [{ metadata: { query: string } }] }).triggers[0].metadata.query,
      );
    const external = objects.find(({ kind }) => kind === 'HorizontalPodAutoscaler')?.spec as
      | {
          metrics: [
            {
              external: { metric: { name: string; selector: { matchExpressions: [{ values: string[] }] } } };
            },
          ];
        }
      | undefined;

    expect(queries.flatMap(problemsOf)).toEqual([]);
    expect(queries.map((query) => /carillon_queue=~"([^"]*)"/.exec(query)?.[1])).toEqual([
      'evaluate',
      'deliver\\\\.slack',
    ]);
    expect(problemsOf(external?.metrics[0].external.metric.name ?? '')).toEqual([]);
    expect(external?.metrics[0].external.metric.selector.matchExpressions[0].values).toEqual([
      'collect.clockify',
      'collect.slack',
      'collect.vtiger',
    ]);
  });
});
