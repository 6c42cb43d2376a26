type Flush = () => Promise<void>;

let flush: Flush | undefined;

/** The boot file says here how its SDK is flushed; the two meet in this module because one process loads it once. */
export function onTelemetryShutdown(run: Flush): void {
  flush = run;
}

/** Sends what has not been sent yet and stops the SDK, if one runs; gives up after `withinMs`. Never throws: telemetry must not spoil an exit. */
export async function shutdownTelemetry(withinMs = 3000): Promise<void> {
  const run = flush;
  flush = undefined;
  if (run === undefined) return;
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, withinMs);
  });
  await Promise.race([run().catch(() => undefined), patience]);
  clearTimeout(timer);
}
