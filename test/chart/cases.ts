import type { Release, Values } from './helm.js';

const source = (secret: string) => ({
  type: 'clockify',
  settings: { workspaceId: '64a687e29ae1f428e7ebe303', apiKey: { secret } },
  schedule: { cron: '15 */6 * * *', timezone: 'Europe/Kyiv' },
});
const channel = { type: 'slack', settings: { token: { secret: 'slack-bot-token' } } };

/** The least that the chart asks for. */
export const least: Values = { database: { existingSecret: 'db' } };

export const withDocuments: Values = {
  ...least,
  secrets: { existingSecret: 'carillon-secrets' },
  sources: { clockify: source('clockify-api-key') },
  channels: { slack: channel },
};

/** A release, and what it expects to find in its namespace. */
export interface Case {
  readonly release: Release;
  readonly external: readonly string[];
}

const environment = (name: string, external: readonly string[]): Case => ({
  release: { files: [`deploy/environments/${name}/values.yaml`] },
  external,
});

const autoscaled = (kind: 'hpa' | 'keda') => ({ autoscaling: { enabled: true, kind } });

const everything: Values = {
  image: { digest: `sha256:${'0'.repeat(64)}` },
  imagePullSecrets: [{ name: 'registry' }],
  commonLabels: { team: 'platform' },
  commonAnnotations: { 'acme.example/owner': 'platform' },
  secrets: {
    externalSecret: {
      enabled: true,
      secretStoreRef: { name: 'company' },
      data: {
        'database-url': { key: 'carillon/database' },
        'queue-url': { key: 'carillon/redis' },
        'clockify-api-key': { key: 'carillon/clockify', property: 'apiKey' },
        'slack-bot-token': { key: 'carillon/slack' },
        'gateway-token': { key: 'carillon/gateway' },
      },
    },
    aws: { enabled: true, region: 'eu-central-1', roleArn: 'arn:aws:iam::123456789012:role/carillon' },
  },
  sources: { clockify: source('clockify-api-key') },
  channels: { slack: channel },
  documents: {
    'more.yaml':
      'kind: Source\nname: vtiger\ntype: vtiger\nschedule: { cron: "*/30 * * * *", timezone: UTC }\n',
  },
  collector: autoscaled('hpa'),
  rules: {
    ...autoscaled('keda'),
    topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'rack', whenUnsatisfiable: 'DoNotSchedule' }],
  },
  notifier: { ...autoscaled('keda'), podDisruptionBudget: { maxUnavailable: '25%' } },
  gateway: { enabled: true, service: { port: 8081, annotations: { 'acme.example/internal': 'yes' } } },
  keda: { prometheusAddress: 'http://prometheus:9090' },
  cronJobs: {
    sources: { vtiger: { schedule: '0 * * * *', timeZone: 'Europe/Berlin', activeDeadlineSeconds: 300 } },
  },
  serviceAccount: { annotations: { 'acme.example/one': 'two' } },
  podAnnotations: { 'acme.example/scrape': 'no' },
  podLabels: { 'acme.example/tier': 'backend' },
  nodeSelector: { 'kubernetes.io/arch': 'arm64' },
  tolerations: [{ key: 'spot', operator: 'Exists' }],
  affinity: { nodeAffinity: {} },
  priorityClassName: 'high',
  extraEnv: [{ name: 'HTTPS_PROXY', value: 'http://proxy:3128' }],
  extraEnvFrom: [{ secretRef: { name: 'more-secrets' } }, { configMapRef: { name: 'more-settings' } }],
  extraVolumes: [{ name: 'ca', configMap: { name: 'company-ca' } }],
  extraVolumeMounts: [{ name: 'ca', mountPath: '/etc/ca', readOnly: true }],
  networkPolicy: {
    enabled: true,
    metricsFrom: [{ namespaceSelector: {} }],
    gatewayFrom: [{ podSelector: { matchLabels: { app: 'console' } } }],
    extraEgress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }],
  },
  otlp: { endpoint: 'http://otel:4318' },
  metrics: {
    matchLabels: { cluster: 'eu-1' },
    serviceMonitor: { enabled: true, labels: { release: 'prometheus' } },
    prometheusRule: {
      enabled: true,
      runbookUrl: 'https://wiki.acme.example/runbook',
      labels: { release: 'prometheus' },
    },
    dashboard: { enabled: true, annotations: { folder: 'Carillon' } },
  },
};

const off = { enabled: false };

/** What the chart is rendered with, by name: environments and edges. */
export const cases: Readonly<Record<string, Case>> = {
  'environment dev': environment('dev', ['Secret carillon-secrets']),
  'environment staging': environment('staging', ['Secret carillon-database']),
  'environment production': environment('production', ['Secret carillon-database', 'Secret carillon-redis']),
  'the least there can be': { release: { values: least }, external: ['Secret db'] },
  'documents and an existing Secret': {
    release: { values: withDocuments },
    external: ['Secret db', 'Secret carillon-secrets'],
  },
  'everything off': {
    release: {
      values: {
        database: { url: 'postgres://carillon@db:5432/carillon' },
        collector: off,
        rules: off,
        notifier: off,
        cronJobs: off,
        migrate: off,
        apply: off,
        serviceAccount: { create: false },
      },
    },
    external: [],
  },
  'everything on': {
    release: { values: everything },
    external: ['Secret registry', 'Secret more-secrets', 'ConfigMap more-settings', 'ConfigMap company-ca'],
  },
  'a ServiceAccount of one’s own': {
    release: { values: { ...withDocuments, serviceAccount: { create: false, name: 'robot' } } },
    external: ['Secret db', 'Secret carillon-secrets', 'ServiceAccount robot'],
  },
  'long names': {
    release: {
      name: `carillon-${'x'.repeat(44)}`,
      values: {
        ...withDocuments,
        networkPolicy: { enabled: true },
        sources: {
          [`${'s'.repeat(60)}-a`]: source('clockify-api-key'),
          [`${'s'.repeat(60)}-b`]: source('clockify-api-key'),
        },
      },
    },
    external: ['Secret db', 'Secret carillon-secrets'],
  },
};
