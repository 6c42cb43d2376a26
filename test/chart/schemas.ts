import { join } from 'node:path';
import ts from 'typescript';
import { titleOf, type KubernetesObject } from './kubernetes-object.js';

/** Where the models of an API group are that is not Kubernetes' own. */
const packages: Readonly<Record<string, string>> = {
  'external-secrets.io': '@kubernetes-models/external-secrets/',
  'keda.sh': '@kubernetes-models/keda/',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator/',
};

const moduleOf = ({ apiVersion }: KubernetesObject): string =>
  `${packages[apiVersion.split('/', 1)[0] ?? ''] ?? 'kubernetes-models/'}${apiVersion}`;

interface Model {
  /** Throws with what is wrong. */
  validate(): void;
}

/** What the object's schema says is wrong with it; undefined where nothing is. */
export async function wrongBySchema(object: KubernetesObject): Promise<string | undefined> {
  const models = (await import(`${moduleOf(object)}/${object.kind}`)) as Readonly<
    Record<string, new (data: object) => Model>
  >;
  const Kind = models[object.kind];
  if (!Kind) return `${titleOf(object)}: ${object.apiVersion} knows no such kind`;
  try {
    new Kind(object).validate();
    return undefined;
  } catch (error) {
    return `${titleOf(object)}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/**
 * Fields that Kubernetes does not know, of all these objects. Its schemas let them pass, and so does a cluster, silently: a misspelt probe would be
 * none. The types know them all, so the objects are given to the compiler as literals.
 */
export function unknownFields(objects: readonly KubernetesObject[]): readonly string[] {
  const kinds = new Map(objects.map((object) => [`${moduleOf(object)} ${object.kind}`, object]));
  const names = new Map([...kinds.keys()].map((key, place) => [key, `Kind${place}`]));
  const lines = [
    ...[...kinds].map(
      ([key, object]) => `import type { I${object.kind} as ${names.get(key)} } from '${moduleOf(object)}';`,
    ),
    ...objects.map(
      (object) =>
        `export const _${objects.indexOf(object)}: ${names.get(`${moduleOf(object)} ${object.kind}`)} = ${JSON.stringify(object)};`,
    ),
  ];
  const file = join(import.meta.dirname, 'rendered-objects.ts');
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    target: ts.ScriptTarget.ES2024,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.readFile = (name) => (name === file ? lines.join('\n') : readFile(name));
  host.getSourceFile = (name, language, ...rest) =>
    name === file
      ? ts.createSourceFile(name, lines.join('\n'), language)
      : getSourceFile(name, language, ...rest);
  const program = ts.createProgram([file], options, host);
  const source = program.getSourceFile(file);
  return program.getSemanticDiagnostics(source).map(({ messageText, start = 0 }) => {
    const line = source?.getLineAndCharacterOfPosition(start).line ?? 0;
    const object = objects[line - kinds.size];
    return `${object ? titleOf(object) : `line ${line}`}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}
