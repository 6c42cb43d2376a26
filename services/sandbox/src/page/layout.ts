import { html, Html } from './html.js';

interface Page {
  readonly title: string;
  readonly view: 'slack' | 'google-chat' | 'outlook' | 'jira' | 'clockify' | 'vtiger' | 'jiandaoyun';
  readonly body: Html;
  /** Put on `body`, for the narrow layout. */
  readonly classes?: string;
}

/** The frame around all views. The script replaces what is inside `body` when something changed. */
export function layout({ title, view, body, classes }: Page): string {
  const tab = (id: Page['view'], label: string): Html =>
    html`<a href="/${id}" ${view === id && new Html(' aria-current="page"')}>${label}</a>`;
  return html`${new Html('<!doctype html>')}
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Sandbox</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/page.css" />
        <link rel="stylesheet" href="/google-chat.css" />
        <link rel="stylesheet" href="/jira.css" />
        <link rel="stylesheet" href="/outlook.css" />
        <link rel="stylesheet" href="/vtiger.css" />
        <link rel="stylesheet" href="/jiandaoyun.css" />
        <script src="/page.js" type="module"></script>
      </head>
      <body class="${view} ${classes ?? ''}">
        <div class="banner">
          <p>
            <strong>Sandbox.</strong>
            <span>Simulated services, invented people. Nothing leaves this machine.</span>
          </p>
          <nav aria-label="Services">
            ${tab('slack', 'Slack')}${tab('google-chat', 'Google Chat')}${tab('outlook', 'Outlook')}${tab('jira', 'Jira')}${tab('clockify', 'Clockify')}${tab('vtiger', 'Vtiger')}${tab('jiandaoyun', 'Jiandaoyun')}
          </nav>
        </div>
        ${body}
      </body>
    </html>`.text;
}
