import { z } from 'zod';
import type { Context, Handler } from './context.js';
import { invalid, invalidRequest } from './jira-error.js';
import { compile, unknownField } from './jql/compile.js';
import { searchField } from './jql/fields.js';
import { parseJql, type Condition, type Jql } from './jql/parse.js';
import { nextPageOf, pageStart } from './page-token.js';
import { shaped } from './request.js';
import { fieldsOf, issueReference, type Json } from './resources.js';
import type { IssueView, SimulatedIssue } from './state.js';

const mostAsked = 5000;
const mostProperties = 5;
const mostOrders = 7;
const mostReconciled = 50;

const searchBody = z.strictObject({
  jql: z.string(),
  nextPageToken: z.string().nullish(),
  maxResults: z.int().min(0).max(mostAsked).optional(),
  fields: z.array(z.string()).optional(),
  fieldsByKeys: z.boolean().optional(),
  properties: z.array(z.string()).max(mostProperties).optional(),
  reconcileIssues: z.array(z.int()).max(mostReconciled).optional(),
});
type SearchBody = z.infer<typeof searchBody>;

interface Found {
  readonly view: IssueView;
  readonly issue: SimulatedIssue;
}

const fromQuery = ({ query }: Context): unknown => ({
  jql: query.text('jql') ?? '',
  nextPageToken: query.text('nextPageToken'),
  maxResults: query.text('maxResults') === undefined ? undefined : query.whole('maxResults', 0),
  fields: query.list('fields'),
  properties: query.list('properties'),
  reconcileIssues: query.list('reconcileIssues')?.map(Number),
});

export const searchIssues: Handler = (context) => {
  const asked = shaped(context.body ?? fromQuery(context), searchBody);
  const found = find(context, asked.jql, asked.reconcileIssues ?? []);
  const size = Math.min(asked.maxResults ?? 50, context.doubts.largestPage);
  const from = pageStart(asked.nextPageToken ?? undefined, asked.jql, {
    now: context.site.now(),
    ids: found.map(({ issue }) => issue.id),
  });
  const shown = found.slice(from, from + size);
  const last = shown.at(-1);
  const more = from + shown.length < found.length;
  return {
    status: 200,
    body: {
      issues: shown.map((one) => foundObject(context, one, asked)),
      ...(more && last
        ? {
            nextPageToken: nextPageOf(asked.jql, {
              lastId: last.issue.id,
              offset: from + shown.length,
              now: context.site.now(),
            }),
          }
        : {}),
      isLast: !more,
    },
  };
};

export const approximateCount: Handler = (context) => {
  const { jql } = shaped(context.body, z.strictObject({ jql: z.string() }));
  return { status: 200, body: { count: find(context, jql, []).length } };
};

/** Ids alone, unless fields are named. [S] */
function foundObject(
  context: Context,
  { view, issue }: Found,
  { fields = ['id'], properties = [] }: SearchBody,
): Json {
  if (fields.every((name) => name === 'id') && properties.length === 0) return { id: issue.id };
  return {
    ...issueReference(context, view),
    ...(properties.length > 0
      ? {
          properties: Object.fromEntries(
            Object.entries(issue.properties).filter(([key]) => properties.includes(key)),
          ),
        }
      : {}),
    fields: fieldsOf(context, view, fields),
  };
}

/** What the index knows of the query, in its order. */
function find(context: Context, jql: string, reconciled: readonly number[]): readonly Found[] {
  const { site, caller } = context;
  const query = parseJql(jql);
  if (!query.where)
    throw invalid(
      'Unbounded JQL queries are not allowed here. Please add a search restriction to your query.',
    );
  const isFound = compile(query.where, context);
  const compare = comparator(context, query);
  const fresh = new Set(reconciled.map(String));
  const seen = new Set(
    site.projects.filter((project) => site.may(caller, project, 'browse')).map(({ id }) => id),
  );
  const lagged = site.now().getTime() - site.indexLagMs;
  const found: Found[] = [];
  for (const issue of candidates(context, query.where)) {
    if (issue.deleted !== undefined || !seen.has(issue.projectId)) continue;
    const view = fresh.has(issue.id) ? issue : indexed(issue, lagged);
    if (view && isFound(view, issue)) found.push({ view, issue });
  }
  return found.sort(compare);
}

/** What the index shows of an issue that it saw last at `lagged`. */
function indexed(issue: SimulatedIssue, lagged: number): IssueView | undefined {
  if (Date.parse(issue.created) > lagged) return undefined;
  return issue.earlier.find(({ until }) => Date.parse(until) > lagged)?.view ?? issue;
}

/** Those that can meet the condition; all, where it names no label or key that has to be there. */
function candidates({ site, caller }: Context, where: Condition): Iterable<SimulatedIssue> {
  const parts = where.kind === 'and' ? where.parts : [where];
  for (const part of parts) {
    if (part.kind !== 'comparison' || (part.operator !== '=' && part.operator !== 'in')) continue;
    const texts = part.operands.flatMap((operand) =>
      typeof operand === 'object' && 'text' in operand ? [operand.text] : [],
    );
    if (texts.length !== part.operands.length) continue;
    const field = part.field.toLowerCase();
    if (field === 'labels') return new Set(texts.flatMap((label) => [...site.labelled(label)]));
    if (['key', 'issuekey', 'issue', 'id'].includes(field))
      return new Set(texts.flatMap((key) => site.issueFor(caller, key) ?? []));
  }
  return site.issues;
}

/** The newest first, unless the query names an order. */
function comparator(context: Context, { orderBy }: Jql): (one: Found, other: Found) => number {
  if (orderBy.length > mostOrders) throw invalidRequest(`at most ${mostOrders} fields to order by`);
  const orders = orderBy.map(({ field: name, descending }) => {
    const field = searchField(name, context);
    if (!field || field.kind === 'text') throw unknownField(name);
    const rank = ({ view, issue }: Found): string | number =>
      field.rank?.(view) ?? field.of(view, issue)[0] ?? '';
    return { rank, sign: descending ? -1 : 1 };
  });
  const newest = (one: Found, other: Found): number => Number(other.issue.id) - Number(one.issue.id);
  return (one, other) => {
    for (const { rank, sign } of orders) {
      const [first, second] = [rank(one), rank(other)];
      if (first !== second) return first < second ? -sign : sign;
    }
    return newest(one, other);
  };
}
