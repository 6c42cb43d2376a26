import type { Message } from '#domain';
import { RemoteError } from '#http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Address, Attempt, Receipt } from '../contract.js';
import type { JiraApi } from './api.js';
import type { Assignees } from './assignees.js';
import { FieldsRefused, wasAnswered } from './errors.js';
import { placeOf } from './place.js';
import { fieldOf, type Projects } from './project.js';
import { render } from './render.js';
import { createdIssue, mark, myself, searchReply, storedIssue, type StoredIssue } from './schema.js';
import type { JiraDestination } from './settings.js';
import { move } from './transitions.js';

/** What marks an issue as ours, and says which revision it shows. Plain API tokens cannot search by it, hence the label. */
const propertyKey = 'carillon.delivery';

/** The second key, by which an issue is found again whose id never reached us. */
const labelOf = ({ deliveryId }: Pick<Attempt, 'deliveryId'>): string => `carillon-${deliveryId}`;

interface IssueRef {
  readonly id: string;
  readonly key: string;
}

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
  constructor(private readonly tools: Tools) {}

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
      const revision = await this.#revision(there, attempt.signal);
      if (revision === undefined) return attempt.revision === 1 ? this.#receipt(there, to) : 'cannot-tell';
      // An older revision is the issue that the lost edit was to change.
      return revision >= attempt.revision ? this.#receipt(there, to) : 'absent';
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

  async #shows(issue: IssueRef, { revision, signal }: Attempt): Promise<boolean> {
    return ((await this.#revision(issue, signal)) ?? 0) >= revision;
  }

  async #revision(issue: IssueRef, signal: AbortSignal): Promise<number | undefined> {
    return (await this.#mark(issue, signal))?.revision;
  }

  async #mark({ id }: IssueRef, signal: AbortSignal) {
    try {
      const { value } = await this.tools.api.ask({
        label: 'property of an issue',
        method: 'GET',
        path: `issue/${id}/properties/${propertyKey}`,
        reply: mark,
        signal,
      });
      return value;
    } catch (error) {
      if (wasAnswered(error, 404)) return undefined;
      throw error;
    }
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
                value: markOf(attempt, message.withdraws ? attempt.revision - 1 : undefined),
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
        path: `issue/${encodeURIComponent(id)}?fields=status`,
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
   * Moves the issue where that is asked for, then edits it; the edit says which revision it shows, and comes last, so that a lost answer can be asked for.
   */
  async #bring(issue: StoredIssue, message: Message, to: Address, attempt: Attempt): Promise<Receipt> {
    const { api } = this.tools;
    const { resolve, reopen } = placeOf(to);
    const { signal } = attempt;
    let stuck: RemoteError | undefined;
    const isDone = issue.fields.status.statusCategory.key === 'done';
    const transition = message.withdraws
      ? isDone
        ? undefined
        : resolve
      : isDone && reopen !== undefined && (await this.#mark(issue, signal))?.withdrawn
        ? reopen
        : undefined;
    if (transition !== undefined) stuck = await move(api, issue, transition, signal);
    await api.tell({
      label: 'edit an issue',
      method: 'PUT',
      path: `issue/${issue.id}`,
      json: {
        fields: render(message),
        properties: [
          {
            key: propertyKey,
            value: { ...markOf(attempt), ...(message.withdraws ? { withdrawn: true } : {}) },
          },
        ],
      },
      signal,
    });
    if (stuck) throw stuck;
    return this.#receipt(issue, to);
  }

  #receipt({ id, key }: IssueRef, address: Address): Receipt {
    const { site } = this.tools;
    return { id, address, ...(site === undefined ? {} : { url: `${site}/browse/${key}` }) };
  }
}

const markOf = ({ deliveryId, revision }: Attempt, shown = revision): object => ({
  id: deliveryId,
  revision: shown,
});

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
