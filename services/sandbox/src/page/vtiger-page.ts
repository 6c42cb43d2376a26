import type { LocalDate } from '#domain';
import type { VtigerSimulator } from '#sources/simulators';
import { html, type Html } from './html.js';
import type { Page } from './layout.js';
import { langAttribute } from './names.js';
import { taskGroupsOf, type Task, type TaskGroup } from './tasks.js';
import type { VendorPages } from './vendor-pages.js';

/** The tasks. */
export const vtigerPages = (vtiger: VtigerSimulator): VendorPages => ({
  view: 'vtiger',
  label: 'Vtiger',
  styleSheet: 'vtiger.css',
  add: (app, show, today) => {
    app.get('/vtiger', (_request, reply) => show(reply, vtigerPage(vtiger, today)));
  },
});

/** The tasks of every group, as Vtiger has them: what the teams' figures can be compared with. */
function vtigerPage(vtiger: VtigerSimulator, today: LocalDate): Page {
  return {
    title: 'Vtiger',
    body: html`<main class="hours" id="main">
      <header class="title">
        <div>
          <h1>Tasks by group</h1>
          <p>
            Those of a person stand in the group that the person is in. A team’s figures come from the open
            ones.
          </p>
        </div>
      </header>
      <div class="scroll" id="scroll" data-from="start">
        ${taskGroupsOf(vtiger, today).map((group) => groupHtml(group, today))}
      </div>
    </main>`,
  };
}

function groupHtml({ name, open, done }: TaskGroup, today: LocalDate): Html {
  const late = open.filter((task) => isLate(task, today)).length;
  return html`<section class="tasks">
    <h2>
      ${name}
      <span>${open.length} open${late > 0 && `, ${late} overdue`}</span>
    </h2>
    ${tableHtml(open, today)}
    ${
      done.length > 0 &&
      html`<details id="done-${name}">
        <summary>${done.length} completed lately</summary>
        ${tableHtml(done, today)}
      </details>`
    }
  </section>`;
}

const tableHtml = (tasks: readonly Task[], today: LocalDate): Html =>
  html`<table>
    <thead>
      <tr>
        <th scope="col">Task</th>
        <th scope="col">Priority</th>
        <th scope="col" class="state">Status</th>
        <th scope="col">Due</th>
        <th scope="col" class="made">Created</th>
      </tr>
    </thead>
    <tbody>
      ${tasks.map((task) => rowHtml(task, today))}
    </tbody>
  </table>`;

const rowHtml = (task: Task, today: LocalDate): Html =>
  html`<tr id="t${task.number}">
    <td>
      <span ${langAttribute(task.title)}>${task.title}</span>
      ${task.person !== undefined && html`<span class="person" ${langAttribute(task.person)}>${task.person}</span>`}
      ${task.hidden && html`<span class="chip running">Carillon may not see it</span>`}
    </td>
    <td><span class="chip priority ${task.priority.toLowerCase()}">${task.priority}</span></td>
    <td class="state">${task.status}</td>
    <td class="${isLate(task, today) && 'late'}">${task.due}</td>
    <td class="made">${task.createdOn}</td>
  </tr>`;

const isLate = ({ due, isDone }: Task, today: LocalDate): boolean => !isDone && due !== '' && due < today;
