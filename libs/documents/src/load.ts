import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from './problem.js';
import { inOrder } from './problem.js';
import type { RawDocument } from './raw-document.js';
import { titleOf } from './raw-document.js';
import { readText } from './read-text.js';

/** What is in the files, and what in them could not be read as documents. */
export interface Loaded {
  readonly documents: readonly RawDocument[];
  readonly problems: readonly Problem[];
}

/** A calendar or a thousand people are well below; what is above is no configuration. */
const largestFile = 16 * 1024 * 1024;

/**
 * Reads files and folders (every `*.yaml`, `*.yml` and `*.json` in them, in alphabetical order). Goes on after a problem, so that one look
 * shows them all. What the documents say is checked by `checkDocuments`.
 */
export async function loadDocuments(paths: readonly string[]): Promise<Loaded> {
  const problems: Problem[] = [];
  const files: string[] = [];
  for (const path of paths) await collectFiles(path, files, problems);

  const documents: RawDocument[] = [];
  const read = new Set<string>();
  for (const file of files) {
    const real = await realpath(file);
    if (read.has(real)) continue;
    read.add(real);
    const text = await textOf(file, problems);
    if (text === undefined) continue;
    const loaded = readText(text, file);
    documents.push(...loaded.documents);
    problems.push(...loaded.problems);
  }
  const { unique, duplicates } = withoutDuplicates(documents);
  return { documents: unique, problems: inOrder([...problems, ...duplicates]) };
}

async function collectFiles(path: string, files: string[], problems: Problem[], depth = 0): Promise<void> {
  const status = await stat(path).catch(() => undefined);
  if (!status) problems.push(aboutFile(path, 'there is no such file or folder', 'name one that exists'));
  else if (!status.isDirectory()) files.push(path);
  else if (depth > 10)
    problems.push(aboutFile(path, 'the folder is nested too deeply', 'at most ten folders deep'));
  else
    for (const name of (await readdir(path)).sort()) {
      // Hidden ones are not for us: a mounted ConfigMap keeps its generations in `..data`.
      if (name.startsWith('.') || name === 'node_modules') continue;
      const inside = join(path, name);
      const isFolder = (await stat(inside).catch(() => undefined))?.isDirectory();
      if (isFolder || /\.(ya?ml|json)$/.test(name)) await collectFiles(inside, files, problems, depth + 1);
    }
}

async function textOf(file: string, problems: Problem[]): Promise<string | undefined> {
  const { size } = await stat(file);
  if (size > largestFile) {
    problems.push(aboutFile(file, `the file has ${size} bytes`, `at most ${largestFile}; split it`));
    return undefined;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    const notText = (error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA';
    problems.push(
      notText
        ? aboutFile(file, 'the file is not UTF-8', 'save it as UTF-8')
        : aboutFile(file, 'the file cannot be read', 'give this process the permission to read it'),
    );
    return undefined;
  }
}

const aboutFile = (file: string, message: string, remedy: string): Problem => ({
  at: { file, line: 1, column: 1 },
  path: [],
  message,
  remedy,
});

function withoutDuplicates(documents: readonly RawDocument[]): {
  unique: RawDocument[];
  duplicates: Problem[];
} {
  const first = new Map<string, RawDocument>();
  const duplicates: Problem[] = [];
  for (const document of documents) {
    const title = titleOf(document);
    const earlier = first.get(title);
    if (!earlier) {
      first.set(title, document);
      continue;
    }
    const before = earlier.origin?.valueAt([]);
    const at = document.origin?.valueAt([]);
    duplicates.push({
      ...(at && { at }),
      document: title,
      path: [],
      message: `there are two: the other one is at ${before?.file}:${before?.line}`,
      remedy: 'remove one, or give it another name',
    });
  }
  return { unique: [...first.values()], duplicates };
}
