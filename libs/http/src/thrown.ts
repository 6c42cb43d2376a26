/** A property of whatever was thrown; `instanceof Error` would miss what another realm or a `DOMException` brings. */
export function textOf(thrown: unknown, property: 'name' | 'code' | 'message'): string {
  const value: unknown = typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, property) : '';
  return typeof value === 'string' ? value : '';
}
