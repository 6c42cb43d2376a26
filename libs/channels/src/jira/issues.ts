import type { Message } from '#domain';
import { RemoteError } from '#http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Address, Attempt, Receipt } from '../contract.js';
import type { JiraApi } from './api.js';
import type { Assignees } from './assignees.js';
import { FieldsRefused, wasAnswered } from './errors.js';
import { fingerprintOf } from './fingerprint.js';
import { isComment, isDone, isTouched, markOf, Marks, propertyKey, type IssueRef } from './marks.js';
import { placeOf } from './place.js';
import { fieldOf, type Projects } from './project.js';
import { render, renderComment } from './render.js';
import { createdIssue, myself, searchReply, storedIssue, type Mark, type StoredIssue } from './schema.js';
import type { JiraDestination } from './settings.js';
import { move } from './transitions.js';

/** The second key, by which an issue is found again whose id never reached us. */
const labelOf = ({ deliveryId }: Pick<Attempt, 'deliveryId'>): string => `carillon-${deliveryId}`;

export interface Tools {
  readonly api: JiraApi;
  readonly projects: Projects;
  readonly assignees: Assignees;
  /** Where people read issues, where it is known. */
  readonly site: string | undefined;
  readonly searchLagMs: number;
}

/** What is said as issues: one for each delivery, whatever becomes of it. */
export class Issues {
  readonly #marks: Marks;

  constructor(private readonly tools: Tools) {
    this.#marks = new Marks(tools.api);
  }

  /** Makes the issue. What was tried before is looked for first, and brought up to date where it is there. */
  async send(message: Message, to: Address, attempt: Attempt): Promise<Receipt> {
    const place = placeOf(to);
    if (attempt.number > 1 || attempt.revision > 1) {
      const there = await this.#search(attempt);
      if (there)
        return (await this.#shows(there, attempt))
          ? this.#receipt(there, to)
          : this.#bring(await this.#read(there.id, attempt.signal), message, to, attempt);
    }
    const made = await this.#create(message, place, attempt);
    if (!message.withdraws) return this.#receipt(made, to);
    // It was wrong before anybody had heard of it: it is there for the record, and done.
    return this.#bring(await this.#read(made.id, attempt.signal), message, to, attempt);
  }

  /** Puts the new text in the place of the old, wherever the issue is by now. Throws `rejected` with the code `issue-gone` where it was deleted. */
  async update(previous: Receipt, message: Message, attempt: Attempt, to: Address): Promise<Receipt> {
    return this.#bring(await this.#read(previous.id, attempt.signal, previous.url), message, to, attempt);
  }

  /**
   * By the label. Search lags behind what was written, so it is asked again after a while; `absent` only where the account surely sees what there is:
   * Jira answers some questions of strangers with an empty list.
   */
  async find(attempt: Attempt, to: Address): Promise<Receipt | 'absent' | 'cannot-tell'> {
    const place = placeOf(to);
    const there = (await this.#search(attempt)) ?? (await this.#searchLater(attempt));
    if (there) {
      const mark = await this.#marks.of(there, attempt.signal);
      if (mark === undefined) return attempt.revision === 1 ? this.#receipt(there, to) : 'cannot-tell';
      // An older revision is the issue that the lost edit was to change.
      return (await this.#marks.isShown(there, mark, attempt)) ? this.#receipt(there, to) : 'absent';
    }
    return (await this.#sees(place, attempt.signal)) ? 'absent' : 'cannot-tell';
  }

  async #searchLater(attempt: Attempt): Promise<IssueRef | undefined> {
    await waited(this.tools.searchLagMs, attempt.signal);
    return this.#search(attempt);
  }

  /** The oldest, for a clone takes the label along. Wherever it was moved to. */
  async #search(attempt: Attempt): Promise<IssueRef | undefined> {
    const { issues } = await this.tools.api.ask({
      label: 'search by label',
      method: 'POST',
      path: 'search/jql',
      json: {
        jql: `labels = "${labelOf(attempt)}" ORDER BY created ASC`,
        fields: ['labels'],
        maxResults: 1,
      },
      reply: searchReply,
      signal: attempt.signal,
      reads: true,
    });
    return issues[0];
  }

  /** Whether an issue that search does not find is surely none: who asks is known, sees the project, and labels can be set there. */
  async #sees({ project, issueType }: JiraDestination, signal: AbortSignal): Promise<boolean> {
    const { api, projects } = this.tools;
    await api.ask({ label: 'own account', method: 'GET', path: 'myself', reply: myself, signal });
    try {
      return fieldOf(await projects.screen(project, issueType, signal), 'labels') !== undefined;
    } catch (error) {
      if (error instanceof RemoteError && ['project', 'issue-type'].includes(error.code ?? '')) return false;
      throw error;
    }
  }

  async #shows(issue: IssueRef, attempt: Attempt): Promise<boolean> {
    const mark = await this.#marks.of(issue, attempt.signal);
    return mark !== undefined && this.#marks.isShown(issue, mark, attempt);
  }

  async #create(message: Message, place: JiraDestination, attempt: Attempt): Promise<IssueRef> {
    const { api, assignees } = this.tools;
    const { signal } = attempt;
    const typeId = await this.#typeId(place, signal);
    const wanted = place.assignee?.trim() ?? '';
    let account = wanted === '' ? undefined : await assignees.find(wanted, signal);
    let hasLabels = true;
    for (;;) {
      const { summary, description } = render(
        message,
        wanted !== '' && account === undefined ? wanted : undefined,
      );
      try {
        return await api.ask({
          label: 'create an issue',
          method: 'POST',
          path: 'issue',
          json: {
            fields: {
              project: { key: place.project },
              issuetype: { id: typeId },
              summary,
              description,
              ...(hasLabels ? { labels: [labelOf(attempt), ...place.labels] } : {}),
              ...(place.priority === undefined ? {} : { priority: byNameOrId(place.priority) }),
              ...(account === undefined ? {} : { assignee: { accountId: account } }),
              ...(place.due === undefined ? {} : { duedate: dueDate(place.due, attempt) }),
              ...(place.parent === undefined ? {} : { parent: { key: place.parent } }),
              ...place.fields,
            },
            properties: [
              {
                key: propertyKey,
                value: {
                  ...markOf(attempt, message.withdraws ? attempt.revision - 1 : undefined),
                  text: fingerprintOf({ summary, description }),
                },
              },
            ],
          },
          reply: createdIssue,
          signal,
        });
      } catch (error) {
        if (!(error instanceof FieldsRefused)) throw error;
        // What the document does not ask for, or what people are better told in words, is left out: better an issue than none.
        const withoutAssignee = account !== undefined && error.fields.has('assignee');
        const withoutLabels = hasLabels && place.labels.length === 0 && error.fields.has('labels');
        if (!withoutAssignee && !withoutLabels) throw error;
        if (withoutAssignee) account = undefined;
        if (withoutLabels) hasLabels = false;
      }
    }
  }

  async #typeId({ project, issueType }: JiraDestination, signal: AbortSignal): Promise<string> {
    if (/^\d+$/.test(issueType)) return issueType;
    return (await this.tools.projects.screen(project, issueType, signal)).type.id;
  }

  /** As it is now: an id stays an issue's through every move. */
  async #read(id: string, signal: AbortSignal, url?: string): Promise<StoredIssue> {
    const { api } = this.tools;
    try {
      return await api.ask({
        label: 'issue',
        method: 'GET',
        path: `issue/${encodeURIComponent(id)}?fields=status,summary,description`,
        reply: storedIssue,
        signal,
      });
    } catch (error) {
      if (!wasAnswered(error, 404)) throw error;
      // Jira answers strangers the same.
      await api.ask({ label: 'own account', method: 'GET', path: 'myself', reply: myself, signal });
      throw new RemoteError(
        'jira',
        'rejected',
        'refused',
        `the issue ${url?.split('/').at(-1) ?? ''} was deleted, or the account may not see it any more; it is not made again`.replace(
          '  ',
          ' ',
        ),
        { status: 404, code: 'issue-gone' },
      );
    }
  }

  /**
   * Moves the issue where that is asked for, then says it: by an edit where nobody has touched the issue, else by a comment. Either says which revision
   * is shown, and comes last, so that a lost answer can be asked for.
   */
  async #bring(issue: StoredIssue, message: Message, to: Address, attempt: Attempt): Promise<Receipt> {
    const { signal } = attempt;
    const mark = await this.#marks.of(issue, signal);
    const transition = transitionFor(issue, mark, message, placeOf(to));
    const stuck =
      transition === undefined ? undefined : await move(this.tools.api, issue, transition, signal);
    const shows = {
      ...markOf(attempt),
      ...(message.withdraws ? { withdrawn: true } : {}),
    };
    if (isComment(mark, attempt) || isTouched(issue, mark))
      await this.#comment(issue, message, attempt, { ...shows, text: mark?.text }, mark);
    else await this.#edit(issue, message, shows, signal);
    if (stuck) throw stuck;
    return this.#receipt(issue, to);
  }

  async #edit({ id }: IssueRef, message: Message, shows: object, signal: AbortSignal): Promise<void> {
    const text = render(message);
    await this.tools.api.tell({
      label: 'edit an issue',
      method: 'PUT',
      path: `issue/${id}`,
      json: {
        fields: text,
        properties: [{ key: propertyKey, value: { ...shows, text: fingerprintOf(text) } }],
      },
      signal,
    });
  }

  /** First the mark, which says after which comment ours is to be looked for; then the comment. */
  async #comment(
    issue: IssueRef,
    message: Message,
    attempt: Attempt,
    shows: object,
    mark: Mark | undefined,
  ): Promise<void> {
    const { api } = this.tools;
    const { signal } = attempt;
    const begun = isComment(mark, attempt) ? mark.after : undefined;
    if (begun !== undefined && (await this.#marks.hasCommented(issue, begun, signal))) return;
    const after = begun ?? (await this.#marks.comments(issue, 1, signal)).at(0)?.id ?? '0';
    if (begun === undefined)
      await api.tell({
        label: 'mark an issue',
        method: 'PUT',
        path: `issue/${issue.id}/properties/${propertyKey}`,
        json: { ...shows, after },
        by: [200, 201],
        signal,
      });
    await api.tell({
      label: 'comment on an issue',
      method: 'POST',
      path: `issue/${issue.id}/comment`,
      json: { body: renderComment(message) },
      by: [201],
      signal,
    });
  }

  #receipt({ id, key }: IssueRef, address: Address): Receipt {
    const { site } = this.tools;
    return { id, address, ...(site === undefined ? {} : { url: `${site}/browse/${key}` }) };
  }
}

/** The transition that has to be made, if any: what people have closed is not opened. */
function transitionFor(
  { fields }: StoredIssue,
  mark: Mark | undefined,
  { withdraws }: Message,
  { resolve, reopen }: JiraDestination,
): string | undefined {
  if (withdraws) return isDone(fields) ? undefined : resolve;
  return isDone(fields) && mark?.withdrawn ? reopen : undefined;
}

const byNameOrId = (text: string): object => (/^\d+$/.test(text) ? { id: text } : { name: text });

const dueDate = ({ days, timezone }: NonNullable<JiraDestination['due']>, { beganAt }: Attempt): string =>
  beganAt.toZonedDateTimeISO(timezone).toPlainDate().add({ days }).toString();

/** Throws `RemoteError` `refused` where stopped meanwhile: only a question was to follow. */
async function waited(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (cause) {
    throw new RemoteError('jira', 'unavailable', 'refused', 'waiting for search was given up', { cause });
  }
}
