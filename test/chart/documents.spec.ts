import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { channels } from '#channels';
import { builtInMessages } from '#domain';
import { checkDocuments, loadPlugins, formatProblem, readText } from '#documents';
import { sources } from '#sources';
import { cases, least, withDocuments } from './cases.js';
import { objectsOf, type Values } from './helm.js';
import { podOf, type KubernetesObject } from './kubernetes-object.js';

const dataOf = (objects: readonly KubernetesObject[]): Readonly<Record<string, string>> =>
  objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.endsWith('-documents'))?.data ??
  {};

const check = async (data: Readonly<Record<string, string>>) => {
  const read = Object.entries(data).map(([file, text]) => readText(text, file));
  const documents = read.flatMap((one) => one.documents);
  const plugins = await loadPlugins({ sources, channels }, documents);
  const checked = checkDocuments(documents, plugins, builtInMessages);
  return { documents, problems: [...read.flatMap(({ problems }) => problems), ...checked.problems] };
};

describe('the documents that the chart hands to `carillon apply`', () => {
  it('are byte for byte what is in the values: nothing in them is a template', async () => {
    const text = await readFile(
      join(import.meta.dirname, '../../examples/weekly-hours/subscriptions.yaml'),
      'utf8',
    );
    const odd = `# {{ .Values.database }} {{ fail "expanded" }} {{/* \\ " ' < > & \t */}}\n---\n${text}`;

    const objects = await objectsOf({ values: { ...withDocuments, documents: { 'odd.yaml': odd } } });

    expect(text).toContain('{{ person.slug }}');
    expect(dataOf(objects)['odd.yaml']).toBe(odd);
  });

  it('are whole where a source is given as values, with a name of its own', async () => {
    const { documents } = await check(dataOf(await objectsOf({ values: withDocuments })));

    expect(documents.map(({ kind, name, content }) => ({ kind, name, content }))).toEqual([
      expect.objectContaining({ kind: 'Channel', name: 'slack' }),
      {
        kind: 'Source',
        name: 'clockify',
        content: expect.objectContaining(((withDocuments['sources'] ?? {}) as Values)['clockify']),
      },
    ]);
  });

  it.each(['dev', 'staging', 'production'])(
    'of the environment %s have nothing wrong with them',
    async (name) => {
      const release = cases[`environment ${name}`]?.release ?? {};

      const { documents, problems } = await check(dataOf(await objectsOf(release)));

      expect(problems.map(formatProblem)).toEqual([]);
      expect(new Set(documents.map(({ kind }) => kind))).toEqual(
        new Set(['Calendar', 'Channel', 'Rule', 'Source', 'Subscription']),
      );
    },
  );

  it.each(['weekly-hours', 'team-kpis'])(
    'may be the files of the example %s as they are',
    async (example) => {
      const folder = join(import.meta.dirname, '../../examples', example);
      const files = ['sources', 'channels', 'rules', 'subscriptions'].map((name) => `${name}.yaml`);
      const documents = Object.fromEntries(
        await Promise.all(files.map(async (file) => [file, await readFile(join(folder, file), 'utf8')])),
      ) as Record<string, string>;

      const objects = await objectsOf({ values: { ...least, secrets: { existingSecret: 's' }, documents } });

      expect(dataOf(objects)).toEqual(documents);
      expect(objects.filter(({ kind }) => kind === 'CronJob').length).toBe(
        documents['sources.yaml']?.match(/^schedule:/gm)?.length ?? 0,
      );
    },
  );
});

describe('the CronJobs', () => {
  const cronJobsOf = async (values: Values) =>
    (await objectsOf({ values: { ...withDocuments, ...values } })).filter(({ kind }) => kind === 'CronJob');

  it('are one for each source with a schedule, wherever its document is written, and begin at its time', async () => {
    const jobs = await cronJobsOf({
      documents: {
        'more.yaml':
          '# One that is read only when it is needed.\nkind: Source\nname: quiet\ntype: vtiger\n---\nkind: Source\nname: vtiger\ntype: vtiger\nschedule: { cron: "*/30 7-19 * * MON-FRI", timezone: America/New_York }\n',
        'people.json':
          '{ "kind": "Source", "name": "hr", "type": "vtiger", "schedule": { "cron": "0 3 * * *", "timezone": "UTC" } }',
      },
    });

    expect(jobs.map(({ metadata, spec }) => [metadata.name, spec?.['schedule'], spec?.['timeZone']])).toEqual(
      [
        ['carillon-collect-clockify', '15 */6 * * *', 'Europe/Kyiv'],
        ['carillon-collect-hr', '0 3 * * *', 'UTC'],
        ['carillon-collect-vtiger', '*/30 7-19 * * MON-FRI', 'America/New_York'],
      ],
    );
  });

  it('never run twice at a time, nor for ever, nor long after their time, and keep a few of their kind', async () => {
    const [job] = await cronJobsOf({});

    expect(job?.spec).toMatchObject({
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 300,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      jobTemplate: { spec: { activeDeadlineSeconds: 900, backoffLimit: 0 } },
    });
  });

  it('pull their own source and no other, and give up with a report before they are ended', async () => {
    const [job] = await cronJobsOf({ cronJobs: { activeDeadlineSeconds: 300 } });

    expect(job && podOf(job)?.spec.containers[0]?.args).toEqual([
      ...['collect', '--due', '--source', 'clockify', '--timeout', '240s'],
    ]);
  });

  it('differ where a source’s own values say so', async () => {
    const own = { schedule: '0 4 * * *', timeZone: 'Asia/Seoul', suspend: true, activeDeadlineSeconds: 200 };

    const [job] = await cronJobsOf({ cronJobs: { sources: { clockify: own } } });
    const none = await cronJobsOf({ cronJobs: { sources: { clockify: { enabled: false } } } });

    expect(job?.spec).toMatchObject({ schedule: '0 4 * * *', timeZone: 'Asia/Seoul', suspend: true });
    expect(job?.spec).toMatchObject({ jobTemplate: { spec: { activeDeadlineSeconds: 200 } } });
    expect(none).toEqual([]);
  });

  it('belong to a source that an environment takes away no longer', async () => {
    expect(await cronJobsOf({ sources: { clockify: null } })).toEqual([]);
  });
});

describe('the collector', () => {
  const graceOf = async (cronJobs: Values) => {
    const objects = await objectsOf({ values: { ...withDocuments, cronJobs } });
    const collector = objects.find(({ metadata }) => metadata.name === 'carillon-collector');
    const env = (collector && podOf(collector)?.spec.containers[0]?.env) ?? [];
    return env.find(({ name }) => name === 'CARILLON_CRONJOB_GRACE')?.value;
  };

  it('leaves sources to their CronJobs for a while, and waits for nobody where there are none', async () => {
    expect(await graceOf({ graceSeconds: 90 })).toBe('90');
    expect(await graceOf({ enabled: false })).toBeUndefined();
  });
});
