import type { SimulatedRequest, SimulatedResponse } from '#http/simulation';
import { z } from 'zod';
import { badRequest, graphError } from './graph-error.js';
import { jsonOf, shaped } from './request.js';

/** https://learn.microsoft.com/graph/json-batching [D] */
const mostRequests = 20;

const batchBody = z.strictObject({
  requests: z.array(
    z.strictObject({
      id: z.string().min(1),
      method: z.enum(['GET', 'POST', 'PATCH', 'DELETE']),
      // Relative, without the version; a batch in a batch is none.
      url: z.string().regex(/^\/(?!v1\.0\/|\$batch)/),
      headers: z.record(z.string(), z.string()).optional(),
      body: z.unknown().optional(),
      dependsOn: z.array(z.string()).optional(),
    }),
  ),
});
type BatchRequest = z.infer<typeof batchBody>['requests'][number];

/** `POST /$batch`: each request is answered by itself, one after the other. */
export async function answerBatch(
  request: SimulatedRequest,
  call: (inner: SimulatedRequest) => Promise<SimulatedResponse>,
): Promise<SimulatedResponse> {
  const { requests } = shaped(jsonOf(request), batchBody);
  if (requests.length > mostRequests)
    throw badRequest(`Number of batch request steps exceeds the maximum value of ${mostRequests}.`);
  if (new Set(requests.map(({ id }) => id)).size < requests.length)
    throw badRequest('Request ids in a batch have to be unique.');
  const failed = new Set<string>();
  const done = new Set<string>();
  const responses = [];
  for (const one of requests) {
    if (one.dependsOn?.some((id) => !done.has(id)))
      throw badRequest(`Request '${one.id}' depends on one that does not come before it.`);
    const answer = one.dependsOn?.some((id) => failed.has(id))
      ? graphError(424, 'FailedDependency', 'A request that this one depends on failed.')
      : await call(innerRequest(one, request));
    done.add(one.id);
    if (answer.status >= 400) failed.add(one.id);
    responses.push({
      id: one.id,
      status: answer.status,
      headers: answer.headers ?? {},
      body: answer.body ?? null,
    });
  }
  return { status: 200, body: { responses } };
}

function innerRequest(one: BatchRequest, outer: SimulatedRequest): SimulatedRequest {
  const url = new URL(`/v1.0${one.url}`, 'http://graph');
  const body =
    one.body === undefined ? '' : typeof one.body === 'string' ? one.body : JSON.stringify(one.body);
  const given = Object.entries(one.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    method: one.method,
    path: url.pathname,
    query: url.searchParams,
    headers: {
      host: outer.headers['host'] ?? '',
      authorization: outer.headers['authorization'] ?? '',
      'content-length': String(Buffer.byteLength(body)),
      ...Object.fromEntries(given),
    },
    body,
  };
}
