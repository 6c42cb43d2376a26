/**
 * Node's diagnostic reports (`--report-on-signal`, `--report-on-fatalerror`) hold the whole environment, secrets included, unless it was started
 * with `--report-exclude-env`, as in the image. https://nodejs.org/docs/latest-v24.x/api/report.html
 */
export function keepEnvironmentFromReports(): void {
  process.report.excludeEnv = true;
}

/**
 * To be called before a thread is started. What is set while Node runs is not known to threads, and each has a part in every report: so
 * without the option there is none.
 */
export function keepReportsFromThreads(): void {
  const { report } = process;
  if (report.excludeEnv) return;
  report.reportOnFatalError = false;
  if (!report.reportOnSignal) return;
  report.reportOnSignal = false;
  // Unheard it would end the process.
  process.on(report.signal, () =>
    process.stderr.write(
      'no report is written: it would hold the environment; start Node with --report-exclude-env\n',
    ),
  );
}
