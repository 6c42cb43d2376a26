import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wrongWith } from '../image/command-lines.js';
import { cases, least, withDocuments } from './cases.js';
import { chart, objectsOf, type Values } from './helm.js';

let copy = '';

/** `helm template` leaves the notes out, so a copy of the chart puts them into an object. */
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'carillon-notes-'));
  await cp(chart, copy, { recursive: true });
  await writeFile(
    join(copy, 'templates/notes.yaml'),
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: notes }\ndata: { text: {{ include "carillon.notes" . | toJson }} }\n',
  );
});

afterAll(() => rm(copy, { recursive: true }));

const notes = async (values: Values, isUpgrade = false): Promise<string> =>
  (await objectsOf({ values, isUpgrade, chart: copy, namespace: 'chimes' })).find(
    ({ metadata }) => metadata.name === 'notes',
  )?.data?.['text'] ?? '';

/** What is shown to be typed in a pod. */
const commandsIn = (text: string): readonly (readonly string[])[] =>
  [...text.matchAll(/exec deploy\/\S+ -- carillon (.*)$/gm)].map(([, words = '']) =>
    words.replace('<rule>', 'low-hours').split(' '),
  );

it('the notes name the next command, and it is one', async () => {
  const text = await notes(withDocuments);

  expect(text).toContain('kubectl --namespace chimes exec deploy/carillon-rules -- carillon doctor');
  expect(await Promise.all(commandsIn(text).map(wrongWith))).toEqual([undefined, undefined]);
  expect(text).toContain('Sources: clockify. Channels: slack.');
});

it('the notes send whoever has no documents to them first', async () => {
  const text = await notes(least);

  expect(text).toContain('There are no documents yet');
  expect(commandsIn(text)).toEqual([]);
});

it('the notes name a pod that is there, or say that none is', async () => {
  const off = { enabled: false };

  expect(await notes({ ...withDocuments, rules: off })).toContain('deploy/carillon-collector --');
  expect(await notes({ ...withDocuments, rules: off, collector: off, notifier: off })).toContain(
    'nothing is said before one of each runs',
  );
});

it('the notes tell an upgrade from an installation', async () => {
  const values = cases['documents and an existing Secret']?.release.values ?? {};

  expect(await notes(values)).toContain('is installed as carillon in chimes');
  expect(await notes(values, true)).toContain('is upgraded as carillon in chimes');
});
