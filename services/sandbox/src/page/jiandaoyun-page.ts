import type { JiandaoyunEntry, JiandaoyunSimulator } from '#channels/simulators';
import { html, type Html } from './html.js';
import type { Page } from './layout.js';
import { langAttribute } from './names.js';
import type { VendorPages } from './vendor-pages.js';

/** The tables. */
export const jiandaoyunPages = (jiandaoyun: JiandaoyunSimulator): VendorPages => ({
  view: 'jiandaoyun',
  label: 'Jiandaoyun',
  styleSheet: 'jiandaoyun.css',
  add: (app, show) => {
    app.get('/jiandaoyun', (_request, reply) => show(reply, jiandaoyunPage(jiandaoyun)));
  },
});

type Widget = JiandaoyunEntry['widgets'][number];

/** The forms of Jiandaoyun with their rows, as those who may see them do. */
function jiandaoyunPage(jiandaoyun: JiandaoyunSimulator): Page {
  return {
    title: 'Jiandaoyun',
    body: html`<main class="hours" id="main">
      <header class="title">
        <div>
          <h1>Tables</h1>
          <p>Forms of Jiandaoyun with the rows that were written to them. Dates are those of Shanghai.</p>
        </div>
      </header>
      <div class="scroll" id="scroll" data-from="start">
        ${[...jiandaoyun.entries.values()].map((form) => formHtml(jiandaoyun, form))}
      </div>
    </main>`,
  };
}

function formHtml(jiandaoyun: JiandaoyunSimulator, form: JiandaoyunEntry): Html {
  const rows = jiandaoyun.table(form.entryId);
  const app = jiandaoyun.apps.get(form.appId)?.name;
  const widgets = form.widgets.filter(({ type }) => type !== 'separator');
  return html`<section class="form">
    <h2>
      <span class="name" ${langAttribute(form.name)}>${form.name}</span>
      ${app !== undefined && html`<span ${langAttribute(app)}>${app}</span>`}
      <span>${rows.length === 1 ? '1 row' : `${rows.length} rows`}</span>
    </h2>
    <table>
      <thead>
        <tr>
          ${widgets.map(
            ({ label, type }) =>
              html`<th scope="col" class="${classOf(type)}" ${langAttribute(label)}>${label}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${widgets.map((widget, index) => cellHtml(widget, row[widget.label], index === 0))}
            </tr>`,
        )}
      </tbody>
    </table>
    ${rows.length === 0 && html`<p class="none">No rows yet: a Forward writes them when its month is over.</p>`}
  </section>`;
}

/** The first field names the row, and stays in sight. */
function cellHtml({ type }: Widget, value: unknown, first: boolean): Html {
  const text = textOf(type, value);
  return first
    ? html`<th scope="row" class="${classOf(type)}" ${langAttribute(text)}>${text}</th>`
    : html`<td class="${classOf(type)}" ${langAttribute(text)}>${text}</td>`;
}

const classOf = (type: Widget['type']): string =>
  type === 'number' ? 'right' : type === 'textarea' ? 'wide' : '';

const dates = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai', dateStyle: 'short' });

/** What people read in a field, given what the API has of it; nothing where it is empty. */
function textOf(type: Widget['type'], value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value))
    return type === 'subform'
      ? value.length === 0
        ? ''
        : `${value.length}条`
      : value.map((one) => textOf(type, one)).join('、');
  if (typeof value === 'object') return 'name' in value ? String(value.name) : '';
  if (type === 'datetime' && typeof value === 'string') return dates.format(new Date(value));
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
