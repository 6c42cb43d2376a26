import { Html } from './html.js';

const icon = (path: string, name = 'icon'): Html =>
  new Html(
    `<svg class="${name}" viewBox="0 0 20 20" width="16" height="16" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round">${path}</svg>`,
  );

export const lock = icon(
  '<rect x="4" y="9" width="12" height="8" rx="2"/><path d="M6.8 9V6.6a3.2 3.2 0 0 1 6.4 0V9"/>',
);
export const hash = icon('<path d="M8 3 6.5 17M13.5 3 12 17M3.5 7.5h13.3M3.2 12.5h13.3"/>');
export const back = icon('<path d="M12.5 4 6.5 10l6 6"/>');
export const bell = icon(
  '<path d="M4 14h12c-1.2-1.2-1.8-2.4-1.8-4.8V8.6a4.2 4.2 0 0 0-8.4 0v.6C5.8 11.6 5.2 12.8 4 14Z"/><path d="M8.6 16.5a1.5 1.5 0 0 0 2.8 0"/><path d="M10 2.5v1.5"/>',
);
export const people = icon(
  '<circle cx="7.5" cy="7" r="2.7"/><path d="M2.5 16c.300-3 2.2-4.6 5-4.6s4.7 1.6 5 4.6"/><path d="M13 4.6a2.5 2.5 0 0 1 0 4.8M14.8 11.8c1.6.600 2.5 2 2.7 4.2"/>',
);
