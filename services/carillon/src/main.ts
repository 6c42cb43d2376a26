#!/usr/bin/env node
/** Loaded before anything that an older Node could not even read. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 15)) {
  const { beginLight } = await import('./begin-light.js');
  beginLight();
  const { main } = await import('./program.js');
  await main(process.env, process.argv);
} else {
  process.stderr.write(
    `✗ Carillon needs Node 22.15 or newer, and this is ${process.versions.node}. ` +
      'On Linux `npm start` and `npm run carillon` bring their own; elsewhere install Node 24 from https://nodejs.org.\n',
  );
  process.exitCode = 2;
}
