/* What the page does by itself: times in the viewer's zone, unread counts, and looking again when something happened. */
/* global document, EventSource, fetch, localStorage, location, DOMParser, window */

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const cookie = `zone=${encodeURIComponent(zone)}`;
if (!document.cookie.split('; ').includes(cookie)) {
  document.cookie = `${cookie}; path=/; max-age=31536000; samesite=strict`;
  await refresh();
}

/** Messages not seen yet, per channel; the open one is seen. */
function countUnread() {
  const seen = JSON.parse(localStorage.getItem('seen') ?? '{}');
  for (const entry of document.querySelectorAll('[data-channel]')) {
    const { channel, count } = entry.dataset;
    const open =
      entry.getAttribute('aria-current') === 'page' && document.querySelector('main').checkVisibility();
    if (open || seen[channel] > Number(count)) seen[channel] = Number(count);
    const unread = Number(count) - (seen[channel] ?? 0);
    const badge = entry.querySelector('.count');
    badge.hidden = unread === 0;
    badge.textContent = unread > 99 ? '99+' : String(unread);
    entry.classList.toggle('unread', unread > 0);
  }
  localStorage.setItem('seen', JSON.stringify(seen));
}

/** How far to scroll for the newest message: to the end, but not past the beginning of a long one. */
function newestAt(scroll) {
  const end = scroll.scrollHeight - scroll.clientHeight;
  const newest = [...scroll.querySelectorAll('.message')].at(-1);
  if (!newest) return end;
  const above = newest.getBoundingClientRect().top - scroll.getBoundingClientRect().top;
  return Math.min(end, scroll.scrollTop + above - 8);
}

/** Puts the page as it is now in the place of what is shown, and leaves the reader where they were. */
async function refresh() {
  const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const changed = new Map([...document.querySelectorAll('details[id]')].map(({ id, open }) => [id, open]));
  for (const [id, open] of changed) {
    const details = fresh.getElementById(id);
    if (details) details.open = open;
  }
  const scroll = document.getElementById('scroll');
  const atNewest = scroll && scroll.dataset.from !== 'start' && scroll.scrollTop > newestAt(scroll) - 80;
  const from = scroll?.scrollTop ?? 0;
  const aside = scroll?.scrollLeft ?? 0;
  const sidebarFrom = document.getElementById('sidebar')?.scrollTop ?? 0;
  document.body.replaceChildren(...fresh.body.childNodes);
  document.title = fresh.title;
  const now = document.getElementById('scroll');
  if (now) now.scrollTo(aside, atNewest ? newestAt(now) : from);
  const sidebar = document.getElementById('sidebar');
  if (sidebar) sidebar.scrollTop = sidebarFrom;
  if (location.hash !== '') document.getElementById(location.hash.slice(1))?.classList.add('pointed');
  countUnread();
}

countUnread();
const target = location.hash === '' ? null : document.getElementById(location.hash.slice(1));
const scroll = document.getElementById('scroll');
if (target) {
  target.scrollIntoView({ block: 'center' });
  target.classList.add('pointed');
} else if (scroll && scroll.dataset.from !== 'start') scroll.scrollTop = newestAt(scroll);

const changes = new EventSource('/changes');
changes.addEventListener('message', () => void refresh());
// What happened before it was open, or while it was not, was told to nobody.
changes.addEventListener('open', () => void refresh());
// Whoever comes back to the tab sees it as it is now.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) void refresh();
});
