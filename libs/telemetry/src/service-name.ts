/**
 * What telemetry calls a process that nobody has named (`OTEL_SERVICE_NAME`): after its service, or after the command of the command line.
 * `argv` is Node's: the executable, the entry, the words.
 */
export function serviceName(argv: readonly string[]): string {
  const [, entry = '', command] = argv;
  const service = /\/services\/([a-z-]+)\/src\/main\.js$/.exec(entry.replaceAll('\\', '/'))?.[1];
  if (service !== undefined && service !== 'carillon') return `carillon-${service}`;
  return command === undefined || command.startsWith('-') ? 'carillon' : `carillon-${command}`;
}
