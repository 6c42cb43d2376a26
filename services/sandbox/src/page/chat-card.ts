import type { MessageCard } from '#channels/simulators';
import { cardTextHtml } from './chat-text.js';
import { html, join, type Html } from './html.js';
import { langAttribute } from './names.js';

type Card = MessageCard['card'];
type Section = NonNullable<Card['sections']>[number];
type Widget = Section['widgets'][number];
type DecoratedText = NonNullable<Widget['decoratedText']>;
type Columns = NonNullable<Widget['columns']>;
type Button = NonNullable<Widget['buttonList']>['buttons'][number];
type Icon = NonNullable<DecoratedText['startIcon']>;

/** A card as people see it in Chat, near enough to judge a message by. */
export const cardHtml = ({ header, sections = [] }: Card): Html =>
  html`<div class="card">
    ${
      header &&
      html`<header class="card-header">
        ${header.imageUrl !== undefined && picture(header.imageUrl, '')}
        <div>
          <h3 ${langAttribute(header.title)}>${header.title}</h3>
          ${header.subtitle !== undefined && html`<p>${header.subtitle}</p>`}
        </div>
      </header>`
    }
    ${sections.map(sectionHtml)}
  </div>`;

function sectionHtml({ header, collapsible, uncollapsibleWidgetsCount = 0, widgets }: Section): Html {
  const shown = collapsible ? widgets.slice(0, uncollapsibleWidgetsCount) : widgets;
  const hidden = widgets.slice(shown.length);
  return html`<section>
    ${header !== undefined && html`<h4>${cardTextHtml(header)}</h4>`} ${shown.map(widgetHtml)}
    ${
      hidden.length > 0 &&
      html`<details class="more">
        <summary>Show more</summary>
        ${hidden.map(widgetHtml)}
      </details>`
    }
  </section>`;
}

function widgetHtml(widget: Widget): Html {
  if (widget.textParagraph) return paragraph(widget.textParagraph.text);
  if (widget.decoratedText) return decorated(widget.decoratedText);
  if (widget.columns) return columns(widget.columns);
  if (widget.buttonList) return buttonsHtml(widget.buttonList.buttons);
  if (widget.divider) return html`<hr />`;
  if (widget.image)
    return html`<p class="widget">${picture(widget.image.imageUrl, widget.image.altText ?? '')}</p>`;
  const [kind = ''] = Object.keys(widget);
  return html`<p class="widget foreign">A <code>${kind}</code> widget, which the sandbox does not draw.</p>`;
}

const paragraph = (text: string): Html =>
  html`<div class="widget paragraph" ${langAttribute(text)}>${cardTextHtml(text)}</div>`;

/** A label over a text over a label, with an icon before and a button behind. */
function decorated({
  topLabel,
  text,
  bottomLabel,
  startIcon,
  button,
  switchControl,
  wrapText,
}: DecoratedText): Html {
  return html`<div class="widget decorated">
    ${startIcon && iconHtml(startIcon)}
    <div class="body">
      ${topLabel !== undefined && html`<p class="label" ${langAttribute(topLabel)}>${topLabel}</p>`}
      <p class="${wrapText ? '' : 'one-line'}" ${langAttribute(text)}>${cardTextHtml(text)}</p>
      ${bottomLabel !== undefined && html`<p class="label" ${langAttribute(bottomLabel)}>${bottomLabel}</p>`}
    </div>
    ${button && buttonHtml(button)}
    ${switchControl && html`<input type="checkbox" disabled aria-label="Switch" />`}
  </div>`;
}

const columns = ({ columnItems }: Columns): Html =>
  html`<div class="widget columns">
    ${columnItems.map(({ widgets }) => html`<div>${widgets.map((widget) => widgetHtml(widget))}</div>`)}
  </div>`;

/** The row under a message, or in a card. */
export const buttonsHtml = (buttons: readonly Button[]): Html =>
  html`<div class="widget actions">${join(buttons.map(buttonHtml))}</div>`;

/** Buttons with a link work; all others are shown, and nobody would hear them. */
function buttonHtml({ text, icon, onClick, type, disabled, altText }: Button): Html {
  const label = html`${icon && iconHtml(icon)}${text ?? altText ?? ''}`;
  const look = `button ${(type ?? 'OUTLINED').toLowerCase().replace('_', '-')}`;
  const url = onClick.openLink?.url ?? '';
  return /^https?:/i.test(url) && !disabled
    ? html`<a class="${look}" href="${url}" rel="noreferrer noopener" target="_blank">${label}</a>`
    : html`<button
        class="${look}"
        type="button"
        title="Nobody answers buttons in the sandbox"
        ${disabled && html`disabled`}
      >
        ${label}
      </button>`;
}

/** Icons come from Google, and the sandbox talks to nobody: a dot with the icon's name. */
const iconHtml = ({ knownIcon, materialIcon, altText }: Icon): Html =>
  html`<span class="dot" title="${altText ?? materialIcon?.name ?? knownIcon ?? ''}" aria-hidden="true"
    >●</span
  >`;

const picture = (url: string, alternative: string): Html =>
  html`<span class="picture" title="${url}">🖼 ${alternative}</span>`;
