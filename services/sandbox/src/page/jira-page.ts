import type { JiraPerson, JiraProject, JiraSimulator, SimulatedIssue } from '#channels/simulators';
import { adfHtml } from './adf-html.js';
import { personAvatar } from './avatar.js';
import { html, type Html } from './html.js';
import { back } from './icons.js';
import type { Page } from './layout.js';
import { langAttribute } from './names.js';
import type { VendorPages } from './vendor-pages.js';
import { clockTime, dayTitle, fullTime, viewerOf, type Viewer } from './viewer.js';

/** The boards, and each issue. */
export const jiraPages = (jira: JiraSimulator): VendorPages => ({
  view: 'jira',
  label: 'Jira',
  styleSheet: 'jira.css',
  add: (app, show) => {
    app.get('/jira', (_request, reply) => show(reply, jiraBoardPage(jira)));
    app.get<{ Params: { key: string } }>('/jira/:key', (request, reply) =>
      show(reply, jiraIssuePage(jira, request.params.key, viewerOf(request.headers.cookie))),
    );
    // Where issues are read at a real site.
    app.get<{ Params: { key: string } }>('/browse/:key', (request, reply) =>
      reply.redirect(`/jira/${encodeURIComponent(request.params.key)}`),
    );
  },
});

/** Ids of Jira's own priorities. */
const priorities: Readonly<Record<string, string>> = {
  '1': 'Highest',
  '2': 'High',
  '3': 'Medium',
  '4': 'Low',
  '5': 'Lowest',
};

/** The board of each project: a column for each status. */
const jiraBoardPage = (jira: JiraSimulator): Page => ({
  title: 'Jira',
  body: html`<main class="hours" id="main">
    <div class="scroll" id="scroll" data-from="start">
      ${jira.projects().map((project) => boardHtml(jira, project))}
    </div>
  </main>`,
});

function boardHtml(jira: JiraSimulator, { key, name }: JiraProject): Html {
  return html`<section class="board">
    <h1><span class="project">${key}</span>${name}</h1>
    <div class="columns">
      ${jira.board(key).map(
        ({ status, issues }) =>
          html`<section class="column ${status.category}">
            <h2>${status.name} <span>${issues.length}</span></h2>
            ${issues.length === 0 && html`<p class="none">No issues</p>`}
            ${issues.toReversed().map((issue) => cardHtml(jira, issue))}
          </section>`,
      )}
    </div>
  </section>`;
}

function cardHtml(jira: JiraSimulator, issue: SimulatedIssue): Html {
  const summary = summaryOf(issue);
  const assignee = personOf(jira, issue.fields['assignee']);
  return html`<a class="issue-card" href="/jira/${issue.key}" id="${issue.key}">
    <strong ${langAttribute(summary)}>${summary}</strong>
    <span class="foot">
      <span class="key">${issue.key}</span>
      ${priorityHtml(issue)}
      ${
        assignee
          ? html`<span class="assignee" title="${assignee.displayName}"
              >${personAvatar(assignee.accountId, assignee.displayName)}</span
            >`
          : html`<span class="assignee nobody">Unassigned</span>`
      }
    </span>
  </a>`;
}

/** One issue; undefined where there is none of that key, which may be a former one. */
function jiraIssuePage(jira: JiraSimulator, key: string, viewer: Viewer): Page | undefined {
  const issue = jira.issue(key);
  const project = jira.projects().find(({ id }) => id === issue?.projectId);
  if (!issue || !project) return undefined;
  const summary = summaryOf(issue);
  return {
    title: issue.key,
    body: html`<main class="hours" id="main">
      <header class="title">
        <a class="back always" href="/jira" aria-label="The board">${back}</a>
        <div>
          <p class="key">${issue.key}</p>
          <h1 ${langAttribute(summary)}><span>${summary}</span></h1>
        </div>
      </header>
      <div class="scroll" id="scroll" data-from="start">
        <div class="issue">
          <article>
            <h2>Description</h2>
            <div class="adf">${adfHtml(issue.fields['description'])}</div>
            ${commentsHtml(jira, issue, viewer)}
          </article>
          ${detailsHtml(jira, project, issue, viewer)}
        </div>
      </div>
    </main>`,
  };
}

function commentsHtml(jira: JiraSimulator, { comments }: SimulatedIssue, viewer: Viewer): Html {
  return html`<h2>Comments</h2>
    ${comments.length === 0 && html`<p class="none">Nobody has said anything about it yet.</p>`}
    ${comments.map(({ author, body, created }) => {
      const who = personOf(jira, author)?.displayName ?? author;
      return html`<div class="comment">
        ${personAvatar(author, who)}
        <div>
          <p><strong ${langAttribute(who)}>${who}</strong> ${momentHtml(created, viewer)}</p>
          <div class="adf">${adfHtml(body)}</div>
        </div>
      </div>`;
    })}`;
}

/** `Wednesday 25 November 2026` */
const dayOf = (date: string): string =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone: 'UTC' }).format(new Date(date));

function detailsHtml(jira: JiraSimulator, project: JiraProject, issue: SimulatedIssue, viewer: Viewer): Html {
  const { fields, statusId, issueTypeId, updated } = issue;
  const status = project.statuses.find(({ id }) => id === statusId);
  const assignee = personOf(jira, fields['assignee'])?.displayName;
  const rows: readonly (readonly [string, Html | string])[] = [
    ['Status', html`<span class="chip status ${status?.category}">${status?.name}</span>`],
    ['Type', project.issueTypes.find(({ id }) => id === issueTypeId)?.name ?? ''],
    ['Priority', priorityHtml(issue)],
    [
      'Assignee',
      assignee === undefined ? 'Unassigned' : html`<span ${langAttribute(assignee)}>${assignee}</span>`,
    ],
    ['Due', typeof fields['duedate'] === 'string' ? dayOf(fields['duedate']) : '–'],
    ['Labels', html`${labelsOf(issue).map((label) => html`<span class="chip label">${label}</span>`)}`],
    ['Updated', momentHtml(updated, viewer)],
    ...(issue.formerKeys.length > 0 ? [['Formerly', issue.formerKeys.join(', ')] as const] : []),
  ];
  return html`<aside>
    <dl>
      ${rows.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
  </aside>`;
}

function momentHtml(at: string, viewer: Viewer): Html {
  const seconds = String(Date.parse(at) / 1000);
  return html`<time title="${fullTime(seconds, viewer)}"
    >${dayTitle(seconds, viewer)}, ${clockTime(seconds, viewer)}</time
  >`;
}

const priorityHtml = ({ fields }: SimulatedIssue): Html => {
  const name = priorities[String(fields['priority'])];
  return name === undefined
    ? html``
    : html`<span class="chip jira-priority p-${name.toLowerCase()}">${name}</span>`;
};

const summaryOf = ({ fields }: SimulatedIssue): string => String(fields['summary'] ?? '');

const labelsOf = ({ fields }: SimulatedIssue): readonly string[] =>
  Array.isArray(fields['labels']) ? fields['labels'].map(String) : [];

const personOf = (jira: JiraSimulator, id: unknown): JiraPerson | undefined =>
  jira.people().find(({ accountId }) => accountId === id);
