import { addDays, type LocalDate } from '#domain';
import type { ClockifySimulator } from '#sources/simulators';
import { html, type Html } from './html.js';
import type { Page } from './layout.js';
import { langAttribute } from './names.js';
import { lastMondays, weeksOf, type PersonWeek, type PersonWeeks } from './weeks.js';
import type { VendorPages } from './vendor-pages.js';

/** The hours. */
export const clockifyPages = (clockify: ClockifySimulator): VendorPages => ({
  view: 'clockify',
  label: 'Clockify',
  add: (app, show, today) => {
    app.get('/clockify', (_request, reply) => show(reply, clockifyPage(clockify, today)));
  },
});

const shownWeeks = 6;

/** People by weeks, as Clockify has them: what messages can be compared with. */
function clockifyPage(clockify: ClockifySimulator, today: LocalDate): Page {
  const mondays = lastMondays(today, shownWeeks);
  const people = weeksOf(clockify, mondays);
  return {
    title: 'Clockify',
    body: html`<main class="hours">
      <header class="title">
        <div>
          <h1>Hours by week</h1>
          <p>Regular work in each person’s own zone, as Clockify has it. Weeks begin on Monday.</p>
        </div>
      </header>
      <div class="scroll" id="scroll" data-from="start">
        <table>
          <thead>
            <tr>
              <th scope="col">Person</th>
              ${mondays.map((monday, ago) => html`<th scope="col">${weekTitle(ago)}<span>${span(monday)}</span></th>`)}
            </tr>
          </thead>
          <tbody>
            ${people.map((person) => row(person))}
          </tbody>
        </table>
        <ul class="legend">
          <li>
            <span class="chip holiday">Holiday</span> a public holiday that Clockify knows for this person
          </li>
          <li><span class="chip leave">Leave 1 d</span> approved</li>
          <li><span class="chip leave pending">Leave? 1 d</span> waiting for approval</li>
          <li><span class="chip running">running</span> a timer that nobody stopped</li>
        </ul>
      </div>
    </main>`,
  };
}

const dayAndMonth = (day: LocalDate): string =>
  new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(new Date(day));

const span = (monday: LocalDate): string => `${dayAndMonth(monday)} – ${dayAndMonth(addDays(monday, 6))}`;

const weekTitle = (ago: number): string =>
  ago === 0 ? 'This week' : ago === 1 ? 'Last week' : `${ago} weeks ago`;

const row = (person: PersonWeeks): Html =>
  html`<tr class="${person.active ? '' : 'left'}">
    <th scope="row">
      <strong${langAttribute(person.name)}>${person.name}</strong>
      <span class="address">${person.email}</span><span>${person.weeklyHours} h a week${!person.active && ' · left'}</span>
    </th>
    ${person.weeks.map((week) => cell(week, person.weeklyHours))}
  </tr>`;

/** A bar of tenths beside the number: styles cannot be written inline under the page's policy. */
function cell(week: PersonWeek, due: number): Html {
  const hours = week.workedMs / 3_600_000;
  const tenths = due === 0 ? 0 : Math.min(10, Math.round((hours / due) * 10));
  return html`<td>
    <span class="figure${hours === 0 ? ' none' : ''}">${hours.toFixed(1)}</span>
    <span class="bar fill-${tenths}" aria-hidden="true"></span>
    ${week.holidays.map((name) => html`<span class="chip holiday" title="${name}" ${langAttribute(name)}>${name}</span>`)}
    ${week.leave
      .filter(({ status }) => status !== 'REJECTED')
      .map(
        ({ name, amount, status }) =>
          html`<span class="chip leave ${status === 'PENDING' ? 'pending' : ''}"
            >${name}${status === 'PENDING' && '?'} ${amount}</span
          >`,
      )}
    ${week.running && html`<span class="chip running">running</span>`}
  </td>`;
}
