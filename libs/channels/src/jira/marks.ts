import type { Attempt } from '../contract.js';
import type { JiraApi } from './api.js';
import { wasAnswered } from './errors.js';
import { fingerprintOf } from './fingerprint.js';
import { commentsReply, markReply, myself, type Mark, type StoredIssue } from './schema.js';

/** What marks an issue as ours, and says which revision it shows. Plain API tokens cannot search by it, hence the label. */
export const propertyKey = 'carillon.delivery';

/** Nobody says more about an issue between two looks at it. */
const commentsLookedAt = 50;

export interface IssueRef {
  readonly id: string;
  readonly key: string;
}

/** What issues show, by what is marked on them and by the comments that stand there. */
export class Marks {
  constructor(private readonly api: JiraApi) {}

  async of({ id }: IssueRef, signal: AbortSignal): Promise<Mark | undefined> {
    try {
      const { value } = await this.api.ask({
        label: 'property of an issue',
        method: 'GET',
        path: `issue/${id}/properties/${propertyKey}`,
        reply: markReply,
        signal,
      });
      return value;
    } catch (error) {
      if (wasAnswered(error, 404)) return undefined;
      throw error;
    }
  }

  /** A mark is as old as the text that it was written with; one of a comment is written before it. */
  async isShown(issue: IssueRef, mark: Mark, attempt: Attempt): Promise<boolean> {
    if (!isComment(mark, attempt)) return mark.revision >= attempt.revision;
    return this.hasCommented(issue, mark.after, attempt.signal);
  }

  /** Newest first. */
  async comments({ id }: IssueRef, most: number, signal: AbortSignal) {
    const { comments } = await this.api.ask({
      label: 'comments of an issue',
      method: 'GET',
      path: `issue/${id}/comment?orderBy=-created&maxResults=${most}`,
      reply: commentsReply,
      signal,
    });
    return comments;
  }

  /** Whether there is a comment of our account that is newer than that one: their ids go up. */
  async hasCommented(issue: IssueRef, after: string, signal: AbortSignal): Promise<boolean> {
    const { accountId } = await this.api.ask({
      label: 'own account',
      method: 'GET',
      path: 'myself',
      reply: myself,
      signal,
    });
    return (await this.comments(issue, commentsLookedAt, signal)).some(
      ({ id, author }) => author?.accountId === accountId && BigInt(id) > BigInt(after),
    );
  }
}

export const markOf = ({ deliveryId, revision }: Attempt, shown = revision): object => ({
  id: deliveryId,
  revision: shown,
});

/** Whether this revision is said by a comment, as was decided by an attempt before. */
export const isComment = (
  mark: Mark | undefined,
  { revision }: Attempt,
): mark is Mark & { readonly after: string } => mark?.revision === revision && mark.after !== undefined;

/**
 * Whether people have made it theirs: they have changed a word of it, or begun with it, or closed it for a reason of their own. What they have written
 * and read is not written over then.
 */
export const isTouched = ({ fields }: StoredIssue, mark: Mark | undefined): boolean =>
  mark?.text !== fingerprintOf(fields) ||
  (fields.status.statusCategory.key !== 'new' && !(isDone(fields) && mark.withdrawn === true));

export const isDone = ({ status }: StoredIssue['fields']): boolean => status.statusCategory.key === 'done';
