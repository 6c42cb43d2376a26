import { emojiNamed } from './emoji.js';
import { html, join, type Html } from './html.js';
import { mrkdwnHtml, plainHtml } from './mrkdwn.js';
import { broadcastMention, channelMention, langAttribute, link, userMention, type Names } from './names.js';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});
const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);
const stringOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Blocks as people see them in Slack, near enough to judge a message by. */
export const blocksHtml = (blocks: readonly unknown[], names: Names): Html =>
  join(blocks.map((block) => blockHtml(fieldsOf(block), names)));

function blockHtml(block: Fields, names: Names): Html {
  switch (block['type']) {
    case 'header': {
      const text = stringOf(fieldsOf(block['text'])['text']);
      return html`<h3 class="block header" ${langAttribute(text)}>${plainHtml(text)}</h3>`;
    }
    case 'section':
      return section(block, names);
    case 'context':
      return html`<div class="block context">
        ${listOf(block['elements']).map((element) =>
          element['type'] === 'image' ? picture(element) : html`<span>${textHtml(element, names)}</span>`,
        )}
      </div>`;
    case 'divider':
      return html`<hr class="block" />`;
    case 'actions':
      return html`<div class="block actions">${listOf(block['elements']).map(element)}</div>`;
    case 'table':
      return table(block, names);
    case 'rich_text':
      return html`<div class="block">${richText(block, names)}</div>`;
    case 'image':
      return html`<div class="block">${picture(block)}</div>`;
    case 'markdown':
      return html`<div class="block text">${stringOf(block['text'])}</div>`;
    case 'input':
      return html`<label class="block input"
        ><span>${stringOf(fieldsOf(block['label'])['text'])}</span><input disabled
      /></label>`;
    default:
      return html`<p class="block foreign">
        A <code>${stringOf(block['type'])}</code> block, which the sandbox does not draw.
      </p>`;
  }
}

/** A text object, with its line breaks. */
export function textHtml(text: Fields, names: Names): Html {
  const content = stringOf(text['text']);
  const inner = text['type'] === 'plain_text' ? plainHtml(content) : mrkdwnHtml(content, names);
  return html`<span class="text" ${langAttribute(content)}>${inner}</span>`;
}

function section(block: Fields, names: Names): Html {
  const fields = listOf(block['fields']);
  return html`<div class="block section">
    <div class="body">
      ${isFields(block['text']) && html`<div>${textHtml(block['text'], names)}</div>`}
      ${
        fields.length > 0 &&
        html`<div class="fields">${fields.map((field) => html`<div>${textHtml(field, names)}</div>`)}</div>`
      }
    </div>
    ${isFields(block['accessory']) && html`<div class="accessory">${element(block['accessory'])}</div>`}
  </div>`;
}

/** Buttons with a link work; all others are shown, and nobody would hear them. */
function element(element: Fields): Html {
  const label = plainHtml(stringOf(fieldsOf(element['text'])['text']));
  const style = stringOf(element['style']);
  const kind = style === 'primary' || style === 'danger' ? ` ${style}` : '';
  const url = stringOf(element['url']);
  switch (element['type']) {
    case 'button':
      return /^https?:/i.test(url)
        ? html`<a class="button${kind}" href="${url}" rel="noreferrer noopener" target="_blank">${label}</a>`
        : html`<button class="button${kind}" type="button" title="Nobody answers buttons in the sandbox">
            ${label}
          </button>`;
    case 'image':
      return picture(element);
    case 'overflow':
      return html`<button class="button" type="button" aria-label="More actions">⋯</button>`;
    default:
      return html`<span class="button select"
        >${stringOf(fieldsOf(element['placeholder'])['text']) || 'Select'} ▾</span
      >`;
  }
}

/** Pictures are not fetched: the sandbox talks to nobody. */
const picture = (image: Fields): Html =>
  html`<span class="picture" title="${stringOf(image['image_url'])}">🖼 ${stringOf(image['alt_text'])}</span>`;

function table(block: Fields, names: Names): Html {
  const rows = Array.isArray(block['rows']) ? block['rows'] : [];
  const settings = Array.isArray(block['column_settings']) ? block['column_settings'] : [];
  const align = (column: number): string => {
    const wanted = stringOf(fieldsOf(settings[column])['align']);
    return wanted === 'right' || wanted === 'center' ? wanted : 'left';
  };
  const cells = (row: unknown, tag: 'th' | 'td'): Html =>
    join(
      listOf(row).map((cell, column) => {
        const inner =
          cell['type'] === 'rich_text' ? richText(cell, names) : plainHtml(stringOf(cell['text']));
        return tag === 'th'
          ? html`<th scope="col" class="${align(column)}">${inner}</th>`
          : html`<td class="${align(column)}">${inner}</td>`;
      }),
    );
  return html`<div class="block table">
    <table>
      <thead>
        <tr>
          ${cells(rows[0], 'th')}
        </tr>
      </thead>
      <tbody>
        ${rows.slice(1).map(
          (row) =>
            html`<tr>
              ${cells(row, 'td')}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function richText(block: Fields, names: Names): Html {
  return join(listOf(block['elements']).map((part) => richTextPart(part, names)));
}

function richTextPart(part: Fields, names: Names): Html {
  const inner = (): Html => join(listOf(part['elements']).map((one) => richTextInline(one, names)));
  switch (part['type']) {
    case 'rich_text_list': {
      const items = listOf(part['elements']).map((item) => html`<li>${richTextPart(item, names)}</li>`);
      return part['style'] === 'ordered'
        ? html`<ol>
            ${items}
          </ol>`
        : html`<ul>
            ${items}
          </ul>`;
    }
    case 'rich_text_quote':
      return html`<blockquote>${inner()}</blockquote>`;
    case 'rich_text_preformatted':
      return html`<pre>${inner()}</pre>`;
    default:
      return html`<span class="text">${inner()}</span>`;
  }
}

function richTextInline(part: Fields, names: Names): Html {
  const text = stringOf(part['text']);
  const styles = fieldsOf(part['style']);
  switch (part['type']) {
    case 'user':
      return userMention(stringOf(part['user_id']), names);
    case 'channel':
      return channelMention(stringOf(part['channel_id']), names);
    case 'broadcast':
      return broadcastMention(stringOf(part['range']));
    case 'emoji':
      return html`${emojiNamed(stringOf(part['name'])) ?? `:${stringOf(part['name'])}:`}`;
    case 'link':
      return link(stringOf(part['url']), text || stringOf(part['url']));
    default: {
      let styled = html`${text || stringOf(part['fallback'])}`;
      if (styles['code'] === true) styled = html`<code>${styled}</code>`;
      if (styles['bold'] === true) styled = html`<strong>${styled}</strong>`;
      if (styles['italic'] === true) styled = html`<em>${styled}</em>`;
      if (styles['strike'] === true) styled = html`<del>${styled}</del>`;
      return styled;
    }
  }
}
