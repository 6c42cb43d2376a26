import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { wrongWith } from '../image/command-lines.js';
import { cases, least } from './cases.js';
import { chart, lint, objectsOf, rendered } from './helm.js';
import { containersOf, podOf, titleOf, type KubernetesObject } from './kubernetes-object.js';
import { policyProblems } from './policy.js';
import { missing, selectorProblems } from './references.js';
import { unknownFields, wrongBySchema } from './schemas.js';

const entries = Object.entries(cases);
const objects = new Map<string, readonly KubernetesObject[]>();

beforeAll(async () => {
  await Promise.all(entries.map(async ([name, { release }]) => objects.set(name, await objectsOf(release))));
});

const objectsIn = (name: string): readonly KubernetesObject[] => objects.get(name) ?? [];
const all = (): readonly KubernetesObject[] => [...objects.values()].flat();

describe.each(entries)('the chart with %s', (name, { release, external }) => {
  it('has nothing that `helm lint` would say anything about', async () => {
    expect(await lint(release)).toContain('0 chart(s) failed');
  });

  it('makes what the schemas of Kubernetes allow', async () => {
    const problems = await Promise.all(objectsIn(name).map(wrongBySchema));

    expect(problems.filter(Boolean)).toEqual([]);
  });

  it('makes pods that are restricted, bounded and watched, without exception', () => {
    expect(objectsIn(name).flatMap(policyProblems)).toEqual([]);
  });

  it('needs nothing that is not there when it is needed', () => {
    expect(missing(objectsIn(name), external)).toEqual([]);
    expect(selectorProblems(objectsIn(name))).toEqual([]);
  });

  it('puts no secret into an environment: addresses with passwords are files that are mounted', () => {
    for (const pod of objectsIn(name).flatMap((object) => podOf(object) ?? []))
      for (const { env = [], volumeMounts = [] } of containersOf(pod)) {
        const files = env.flatMap((one) => (one.name.endsWith('_URL_FILE') ? [one.value] : []));

        expect(env.filter(({ valueFrom }) => valueFrom?.secretKeyRef)).toEqual([]);
        expect(volumeMounts.map(({ mountPath }) => `${mountPath}/url`)).toEqual(
          expect.arrayContaining(files),
        );
      }
  });

  it('gives names that Kubernetes takes, each once, in its namespace', () => {
    const titles = objectsIn(name).map(titleOf);
    const most = (kind: string): number => (kind === 'CronJob' ? 52 : 63);
    const labels = objectsIn(name).flatMap(({ metadata }) => Object.values(metadata.labels ?? {}));

    expect(titles.filter((title, place) => titles.indexOf(title) !== place)).toEqual([]);
    expect(
      objectsIn(name).filter(
        ({ kind, metadata }) =>
          metadata.name.length > most(kind) ||
          !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(metadata.name) ||
          metadata.namespace !== 'carillon',
      ),
    ).toEqual([]);
    expect(labels.filter((value) => !/^([A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?)?$/.test(value))).toEqual([]);
  });

  it('runs commands of the command line, with variables that it reads', async () => {
    const text = await readFile(join(chart, '../../libs/settings/src/process-settings.ts'), 'utf8');
    const known = [...text.matchAll(/env: '(\w+)'(,\s*file: true)?/g)].flatMap(([, variable = '', file]) =>
      file === undefined ? [variable] : [variable, `${variable}_FILE`],
    );
    const given = JSON.stringify(release.values?.['extraEnv'] ?? []);
    const containers = objectsIn(name).flatMap((object) => {
      const pod = podOf(object);
      return pod ? containersOf(pod) : [];
    });

    const wrong = await Promise.all(containers.map(({ args = [] }) => wrongWith(args)));
    const variables = containers.flatMap(({ env = [] }) => env.map((one) => one.name));

    expect(wrong.filter(Boolean)).toEqual([]);
    expect(
      variables.filter(
        (variable) => !known.includes(variable) && !/^OTEL_/.test(variable) && !given.includes(variable),
      ),
    ).toEqual([]);
  });

  it('comes out the same every time, and for an upgrade as for a first installation', async () => {
    const [once, again, upgrade] = await Promise.all([
      rendered(release),
      rendered(release),
      rendered({ ...release, isUpgrade: true }),
    ]);

    expect(again).toBe(once);
    expect(upgrade).toBe(once);
  });
});

describe('the chart', () => {
  it('names no field that Kubernetes does not know', () => {
    expect(unknownFields(all())).toEqual([]);
  });

  it('would find one', () => {
    const [deployment] = all().filter(({ kind }) => kind === 'Deployment');
    const misspelt = JSON.parse(
      JSON.stringify(deployment).replace('"readinessProbe"', '"readinesProbe"'),
    ) as KubernetesObject;

    expect(unknownFields([misspelt]).join()).toMatch(
      /Deployment carillon-[\w-]+: .*readinesProbe.* does not exist/,
    );
  });

  it.each([
    ['"runAsNonRoot":true', '"runAsNonRoot":false', 'may run as root'],
    ['"readOnlyRootFilesystem":true', '"readOnlyRootFilesystem":false', 'may write'],
    ['{"drop":["ALL"]}', '{"drop":["ALL"],"add":["NET_RAW"]}', 'keeps capabilities'],
    ['"allowPrivilegeEscalation":false', '"allowPrivilegeEscalation":true', 'may gain privileges'],
    ['"RuntimeDefault"', '"Unconfined"', 'has no seccomp profile'],
    ['"memory":"512Mi"', '"cpu":1', 'has no limit of memory'],
    ['"carillon:0.1.0"', '"carillon:latest"', 'has an image without a version'],
    ['"carillon:0.1.0"', '"carillon"', 'has an image without a version'],
    ['"livenessProbe"', '"lifecycle"', 'has no liveness probe'],
    ['"terminationGracePeriodSeconds":40', '"terminationGracePeriodSeconds":20', 'is ended before'],
    ['"secret":{', '"hostPath":{', 'is of a kind that is not allowed'],
  ])('would be found to break a policy with %s made %s', (good, bad, problem) => {
    const [deployment] = objectsIn('documents and an existing Secret').filter(
      ({ kind }) => kind === 'Deployment',
    );
    const text = JSON.stringify(deployment);

    expect(text).toContain(good);
    expect(policyProblems(JSON.parse(text.replaceAll(good, bad)) as KubernetesObject).join()).toContain(
      problem,
    );
  });

  it('makes nothing but what hook Jobs and pods need where everything is off', () => {
    expect(objectsIn('everything off')).toEqual([]);
  });

  it('has a pod of each role, and every kind that it can make, where everything is on', () => {
    expect([...new Set(objectsIn('everything on').map(({ kind }) => kind))].toSorted()).toEqual([
      'ConfigMap',
      'CronJob',
      'Deployment',
      'ExternalSecret',
      'HorizontalPodAutoscaler',
      'Job',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'PrometheusRule',
      'ScaledObject',
      'Service',
      'ServiceAccount',
      'ServiceMonitor',
    ]);
  });

  it('writes large numbers as numbers', async () => {
    const month = 2_592_000;
    const objects = await objectsOf({
      values: {
        ...least,
        migrate: { ttlSecondsAfterFinished: month },
        podSecurityContext: { runAsUser: 1_000_680_000 },
      },
    });
    const job = objects.find(({ kind }) => kind === 'Job');

    expect(job?.spec?.['ttlSecondsAfterFinished']).toBe(month);
    expect(job && podOf(job)?.spec.securityContext?.['runAsUser']).toBe(1_000_680_000);
    expect(
      await rendered({ values: { ...least, migrate: { ttlSecondsAfterFinished: month } } }),
    ).not.toContain('e+');
  });

  it('lets two releases stand side by side in one namespace', async () => {
    const { release } = cases['everything on'] ?? {};
    const [one, other] = await Promise.all(
      // They begin alike, for longer than a name may be.
      ['a', 'b'].map((last) => objectsOf({ ...release, name: `carillon-${'x'.repeat(43)}${last}` })),
    );
    const titles = (objects: readonly KubernetesObject[] = []) => new Set(objects.map(titleOf));

    expect(titles(one).size).toBeGreaterThan(20);
    expect([...titles(one)].filter((title) => titles(other).has(title))).toEqual([]);
    expect(selectorProblems([...(one ?? []), ...(other ?? [])])).toEqual([]);
  });
});
