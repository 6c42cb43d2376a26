import { RemoteError } from '#http';
import type { z } from 'zod';
import type { JiraApi } from './api.js';
import { misconfigured, wasAnswered } from './errors.js';
import { fieldsPage, issueTypesPage, myself, type IssueField, type IssueType } from './schema.js';

/** Somebody who changes a screen is heard of within this time. */
const KEEP_MS = 30_000;
const pageSize = 50;
/** No project has thousands of types or fields. */
const mostPages = 40;

/** What an issue of a type takes when it is made. */
export interface CreateScreen {
  readonly type: IssueType;
  readonly fields: readonly IssueField[];
}

export const fieldOf = ({ fields }: CreateScreen, id: string): IssueField | undefined =>
  fields.find(({ fieldId }) => fieldId === id);

/** How projects are set up, each read once in a while: createmeta by project and type. */
export class Projects {
  readonly #screens = new Map<string, { readonly until: number; readonly screen: Promise<CreateScreen> }>();

  constructor(private readonly api: JiraApi) {}

  /** Throws `RemoteError`: `unauthorized` where the project or the issue type is not there, and says what is. */
  async screen(project: string, issueType: string, signal: AbortSignal): Promise<CreateScreen> {
    const key = JSON.stringify([project, issueType]);
    const known = this.#screens.get(key);
    if (known && known.until > performance.now()) return known.screen;
    const screen = this.#read(project, issueType, signal);
    this.#screens.set(key, { until: performance.now() + KEEP_MS, screen });
    screen.catch(() => this.#screens.delete(key));
    return screen;
  }

  async #read(project: string, issueType: string, signal: AbortSignal): Promise<CreateScreen> {
    const path = `issue/createmeta/${encodeURIComponent(project)}/issuetypes`;
    const types = await this.#all(path, 'issue types of the project', issueTypesPage, signal).catch(
      async (error: unknown) => {
        if (!wasAnswered(error, 404)) throw error;
        // Jira answers strangers the same.
        await this.api.ask({ label: 'own account', method: 'GET', path: 'myself', reply: myself, signal });
        throw misconfigured(
          'project',
          `there is no project \`${project}\`, or the account may not make issues in it`,
        );
      },
    );
    const type =
      types.find(({ id }) => id === issueType) ??
      types.find(({ name }) => name.toLowerCase() === issueType.toLowerCase());
    if (!type)
      throw misconfigured(
        'issue-type',
        `the project \`${project}\` has no issue type \`${issueType}\`; it has ${listOf(types.map(({ name }) => name))}`,
      );
    const fields = await this.#all(
      `${path}/${encodeURIComponent(type.id)}`,
      'fields of the issue type',
      fieldsPage,
      signal,
    );
    return { type, fields };
  }

  async #all<Item>(
    path: string,
    label: string,
    reply: z.ZodType<{ readonly items: readonly Item[]; readonly total?: number | undefined }>,
    signal: AbortSignal,
  ): Promise<readonly Item[]> {
    const all: Item[] = [];
    for (let page = 0; page < mostPages; page += 1) {
      const query = new URLSearchParams({ startAt: String(all.length), maxResults: String(pageSize) });
      const { items, total } = await this.api.ask({
        label,
        method: 'GET',
        path: `${path}?${query.toString()}`,
        reply,
        signal,
      });
      all.push(...items);
      if (items.length === 0 || all.length >= (total ?? all.length)) return all;
    }
    throw new RemoteError('jira', 'unreadable', 'refused', `${label}: the list never ends`);
  }
}

const mostListed = 12;

/** `` `Task`, `Bug` `` */
export const listOf = (names: readonly string[]): string =>
  names.length === 0
    ? 'none'
    : `${names
        .slice(0, mostListed)
        .map((name) => `\`${name}\``)
        .join(', ')}${names.length > mostListed ? ', …' : ''}`;
