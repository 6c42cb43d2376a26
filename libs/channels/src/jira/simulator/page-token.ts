import { z } from 'zod';
import { invalid } from './jira-error.js';

/** "token lives 7 days". [S] */
const lifeMs = 7 * 86_400_000;

const tokenContent = z.object({ jql: z.string(), lastId: z.string(), offset: z.number(), at: z.number() });

/** The token of the page that follows. It belongs to its query. */
export const nextPageOf = (
  jql: string,
  { lastId, offset, now }: { readonly lastId: string; readonly offset: number; readonly now: Date },
): string => Buffer.from(JSON.stringify({ jql, lastId, offset, at: now.getTime() })).toString('base64url');

/** Where the page of a token begins; throws 400 for one that is no token, is too old, or was given out for another query. */
export function pageStart(
  token: string | undefined,
  jql: string,
  { now, ids }: { readonly now: Date; readonly ids: readonly string[] },
): number {
  if (token === undefined) return 0;
  const content = read(token);
  if (!content || content.jql !== jql || content.at + lifeMs < now.getTime())
    throw invalid('The provided next page token is invalid or expired.');
  const last = ids.indexOf(content.lastId);
  return last < 0 ? content.offset : last + 1;
}

function read(token: string): z.infer<typeof tokenContent> | undefined {
  try {
    return tokenContent.safeParse(JSON.parse(Buffer.from(token, 'base64url').toString('utf8'))).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
