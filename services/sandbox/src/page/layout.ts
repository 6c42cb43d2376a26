import { html, Html } from './html.js';
import type { VendorPages } from './vendor-pages.js';

/** What of a page is its own. */
export interface Page {
  readonly title: string;
  readonly body: Html;
  /** Put on `body`, for the narrow layout. */
  readonly classes?: string;
}

type Framed = Pick<VendorPages, 'view' | 'label' | 'styleSheet'>;

/** The frame around all views. The script replaces what is inside `body` when something changed. */
export function layout({ title, body, classes }: Page, { view }: Framed, all: readonly Framed[]): string {
  return html`${new Html('<!doctype html>')}
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Sandbox</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/page.css" />
        ${all.map(({ styleSheet }) => styleSheet !== undefined && html`<link rel="stylesheet" href="/${styleSheet}" />`)}
        <script src="/page.js" type="module"></script>
      </head>
      <body class="${view} ${classes ?? ''}">
        <div class="banner">
          <p>
            <strong>Sandbox.</strong>
            <span>Simulated services, invented people. Nothing leaves this machine.</span>
          </p>
          <nav aria-label="Services">
            ${all.map((each) => html`<a href="/${each.view}" ${each.view === view && new Html(' aria-current="page"')}>${each.label}</a>`)}
          </nav>
        </div>
        ${body}
      </body>
    </html>`.text;
}
