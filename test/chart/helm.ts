import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import type { KubernetesObject } from './kubernetes-object.js';

const execute = promisify(execFile);
const root = join(import.meta.dirname, '../..');

export const chart = join(root, 'helm/carillon');

/** Values as a values file has them. */
export type Values = Readonly<Record<string, unknown>>;

/** One rendering of the chart. */
export interface Release {
  readonly name?: string;
  readonly namespace?: string;
  /** Paths from the repository's root. */
  readonly files?: readonly string[];
  /** Laid over the files. */
  readonly values?: Values;
  readonly isUpgrade?: boolean;
  /** In the place of the repository's. */
  readonly chart?: string;
}

/** Helm refused: its words, without Go's trace of templates. */
export class HelmError extends Error {
  override readonly name = 'HelmError';
}

/** What `helm template` prints. Throws {@link HelmError} where it refuses. */
export async function rendered(release: Release): Promise<string> {
  const { name = 'carillon', namespace = 'carillon' } = release;
  return helm(release, [
    'template',
    name,
    release.chart ?? chart,
    '--namespace',
    namespace,
    ...(release.isUpgrade ? ['--is-upgrade'] : []),
  ]);
}

/** The objects of a release, hooks included. */
export const objectsOf = async (release: Release): Promise<readonly KubernetesObject[]> =>
  parseAllDocuments(await rendered(release)).map((document) => {
    // A key that is there twice is an error of ours that Helm lets pass.
    if (document.errors[0]) throw document.errors[0];
    return document.toJS() as KubernetesObject;
  });

/** What `helm lint --strict` prints. Throws {@link HelmError} where it finds something. */
export const lint = (release: Release): Promise<string> =>
  helm(release, ['lint', '--strict', release.chart ?? chart]);

async function helm({ files = [], values }: Release, words: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'carillon-chart-'));
  try {
    const own = join(folder, 'values.json');
    await writeFile(own, JSON.stringify(values ?? {}));
    const all = [...files.map((file) => join(root, file)), own].flatMap((file) => ['--values', file]);
    const { stdout } = await execute('helm', [...words, ...all], {
      env: process.env,
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new Error(
        'There is no `helm` on the PATH, and the chart’s tests render with it. Install Helm 3 (https://helm.sh/docs/intro/install) and run them again.',
        { cause: error },
      );
    const { stderr, stdout } = error as { readonly stderr?: string; readonly stdout?: string };
    throw new HelmError(`${stdout ?? ''}${stderr ?? ''}` || String(error), { cause: error });
  } finally {
    await rm(folder, { recursive: true });
  }
}
