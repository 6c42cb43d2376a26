import { cases, withDocuments } from './cases.js';
import { objectsOf, type Values } from './helm.js';
import { hookOf, podOf, titleOf, type KubernetesObject } from './kubernetes-object.js';
import { missing } from './references.js';

const hooksOf = async (values: Values) =>
  (await objectsOf({ values })).flatMap((object) => {
    const hook = hookOf(object);
    return hook ? [{ object, ...hook }] : [];
  });

/** The Jobs of one moment, in the order in which Helm runs them. */
const jobsAt = async (event: string, values: Values = withDocuments) =>
  (await hooksOf(values))
    .filter(({ object, events }) => object.kind === 'Job' && events.includes(event))
    .toSorted((one, other) => one.weight - other.weight)
    .map(({ object }) => object.metadata.name);

describe('the hook Jobs', () => {
  it('bring the schema up to date before anything of a release starts, and then make its documents the configuration', async () => {
    for (const operation of ['install', 'upgrade']) {
      expect(await jobsAt(`pre-${operation}`)).toEqual(['carillon-migrate']);
      expect(await jobsAt(`post-${operation}`)).toEqual(['carillon-apply']);
    }
  });

  it('do both before the processes of an older release are back, which know only their own documents', async () => {
    expect(await jobsAt('pre-rollback')).toEqual(['carillon-migrate', 'carillon-apply']);
    expect(await jobsAt('post-rollback')).toEqual([]);
  });

  it('find wrong documents and missing secrets before the schema is touched', async () => {
    const migrate = (await hooksOf(withDocuments)).find(
      ({ object }) => object.metadata.name === 'carillon-migrate',
    );
    const pod = migrate && podOf(migrate.object);

    expect(pod?.spec.initContainers?.map(({ args }) => args)).toEqual([
      ['check', '--documents', '/documents'],
    ]);
    expect(pod?.spec.containers.map(({ args }) => args)).toEqual([['migrate']]);
    expect(pod?.spec.initContainers?.[0]?.volumeMounts?.map(({ name }) => name)).toEqual([
      'secrets',
      'database-url',
      'documents',
    ]);
  });

  it('stay to be looked at until the next ones come; what they needed is gone once they succeeded', async () => {
    const hooks = await hooksOf(cases['everything on']?.release.values ?? {});

    expect(hooks.map(({ object, policies }) => [object.kind, policies.includes('hook-succeeded')])).toEqual(
      hooks.map(({ object }) => [object.kind, object.kind !== 'Job']),
    );
    expect(hooks.filter(({ policies }) => !policies.includes('before-hook-creation'))).toEqual([]);
  });

  it('share nothing with running pods that would be taken from these when the next release makes it anew', async () => {
    const objects = await objectsOf(cases['everything on']?.release ?? {});
    const secretsOf = (wanted: (object: KubernetesObject) => boolean): readonly string[] =>
      objects
        .filter((object) => object.kind === 'ExternalSecret' && wanted(object))
        .map(({ spec }) => (spec as { target: { name: string } }).target.name);

    expect(secretsOf((object) => hookOf(object) !== undefined)).toEqual(['carillon-hook-secrets']);
    expect(secretsOf((object) => hookOf(object) === undefined)).toEqual(['carillon-secrets']);
  });

  it('would be found out where one needs what is made after it', async () => {
    const objects = await objectsOf({ values: withDocuments });
    const late = objects.map((object) =>
      object.kind === 'ServiceAccount' || object.kind === 'ConfigMap'
        ? { ...object, metadata: { ...object.metadata, annotations: {} } }
        : object,
    );

    const problems = missing(late, ['Secret db', 'Secret carillon-secrets']);

    expect(problems).toContain(
      'Job carillon-migrate needs ServiceAccount carillon-hooks, which is not there at pre-install',
    );
    expect(problems).toContain(
      'Job carillon-apply needs ConfigMap carillon-documents, which is not there at pre-rollback',
    );
  });
});

describe('the ServiceAccounts', () => {
  it('are both the role that may read AWS Secrets Manager', async () => {
    const objects = await objectsOf({
      values: {
        ...withDocuments,
        secrets: {
          aws: { enabled: true, region: 'eu-central-1', roleArn: 'arn:aws:iam::123456789012:role/carillon' },
        },
      },
    });
    const accounts = objects.filter(({ kind }) => kind === 'ServiceAccount');

    expect(accounts.map(titleOf)).toEqual(['ServiceAccount carillon', 'ServiceAccount carillon-hooks']);
    expect(accounts.map(({ metadata }) => metadata.annotations?.['eks.amazonaws.com/role-arn'])).toEqual([
      'arn:aws:iam::123456789012:role/carillon',
      'arn:aws:iam::123456789012:role/carillon',
    ]);
  });
});
