import { createServer } from 'node:net';
import { UsageError } from './usage-error.js';

/**
 * Where health is answered. The port that `PORT` names must be free; where nobody named one, a free one does as well as the default: health should be no reason that a
 * newcomer's start fails.
 */
export async function healthPort(port: number, isNamed: boolean): Promise<number> {
  const trouble = await listenTrouble(port);
  if (trouble === undefined) return port;
  if (!isNamed) return 0;
  throw new UsageError(
    trouble === 'EADDRINUSE'
      ? `Port ${port}, which PORT names for health, is taken by another process. Name a free one, or leave PORT away and a free one is found.`
      : `Port ${port}, which PORT names for health, cannot be opened (${trouble}). Name another one.`,
  );
}

const listenTrouble = (port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen(port, '0.0.0.0', () => probe.close(() => resolve(undefined)));
  });
