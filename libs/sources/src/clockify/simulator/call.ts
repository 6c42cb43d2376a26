import type { SimulatedResponse } from '#http/simulation';
import type { User } from './model.js';
import type { Workspace } from './workspace.js';

/** A request that found its route, with a caller whose key is good. */
export interface Call {
  readonly caller: User;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly now: number;
  /** The zone of the account's profile: shifts the windows of the core host, and is the default of reports. */
  readonly accountZone: string;
  readonly plan: 'FREE' | 'PRO';
  readonly reports: { readonly showType: boolean; readonly showRunning: boolean };
  readonly users: ReadonlyMap<string, User>;
  readonly workspaces: ReadonlyMap<string, Workspace>;
  mint(kind: string): string;
}

/** A call below `/workspaces/{workspaceId}`, of which the caller is a member. */
export interface WorkspaceCall extends Call {
  readonly workspace: Workspace;
}

export type Feature = 'core' | 'reports' | 'attendance' | 'time-off';

/** Segments that begin with a colon are ids: 24 hexadecimal digits, or the request is refused. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly feature?: Feature;
  readonly handle: (call: WorkspaceCall) => SimulatedResponse;
}

export const ok = (body: unknown): SimulatedResponse => ({ status: 200, body });
export const created = (body: unknown): SimulatedResponse => ({ status: 201, body });

/** A page and the `Last-Page` header. A page past the end is empty and the last. */
export function paged<T>(
  items: readonly T[],
  { page, size }: { page: number; size: number },
  render: (item: T) => unknown,
): SimulatedResponse {
  return {
    status: 200,
    headers: { 'last-page': String(page * size >= items.length) },
    body: items.slice((page - 1) * size, page * size).map(render),
  };
}
