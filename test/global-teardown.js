import { rm } from 'node:fs/promises';

export default async function teardown() {
  await globalThis.carillonTest.server.stop();
  await rm(globalThis.carillonTest.directory, { recursive: true, force: true });
}
