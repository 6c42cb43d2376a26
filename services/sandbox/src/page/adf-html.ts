import { html, type Html } from './html.js';
import { langAttribute, link } from './names.js';

interface Node {
  readonly type?: unknown;
  readonly text?: unknown;
  readonly attrs?: Readonly<Record<string, unknown>>;
  readonly marks?: readonly Node[];
  readonly content?: readonly Node[];
}

/** An Atlassian document as Jira shows it; what is in a node that is not known here is shown without it. */
export const adfHtml = (document: unknown): Html =>
  typeof document === 'object' && document !== null ? nodeHtml(document) : html``;

function nodeHtml(node: Node): Html {
  const inner = html`${(node.content ?? []).map(nodeHtml)}`;
  switch (node.type) {
    case 'text':
      return textHtml(node);
    case 'hardBreak':
      return html`<br />`;
    case 'mention':
      return html`<span class="mention">${String(node.attrs?.['text'] ?? '')}</span>`;
    case 'paragraph':
      return html`<p>${inner}</p>`;
    case 'heading':
      return html`<h3>${inner}</h3>`;
    case 'rule':
      return html`<hr />`;
    case 'panel':
      return html`<div class="panel ${panelOf(node)}">${inner}</div>`;
    case 'bulletList':
    case 'orderedList':
      return html`<ul>
        ${inner}
      </ul>`;
    case 'listItem':
      return html`<li>${inner}</li>`;
    case 'table':
      return html`<table>
        ${inner}
      </table>`;
    case 'tableRow':
      return html`<tr>
        ${inner}
      </tr>`;
    case 'tableHeader':
      return html`<th>${inner}</th>`;
    case 'tableCell':
      return html`<td>${inner}</td>`;
    default:
      return inner;
  }
}

const panelOf = ({ attrs }: Node): string => (attrs?.['panelType'] === 'warning' ? 'warning' : 'info');

function textHtml({ text, marks = [] }: Node): Html {
  const words = String(text ?? '');
  const plain =
    langAttribute(words).text === '' ? html`${words}` : html`<span ${langAttribute(words)}>${words}</span>`;
  return marks.reduce((inner, { type, attrs }) => {
    if (type === 'strong') return html`<strong>${inner}</strong>`;
    if (type === 'link') return link(String(attrs?.['href'] ?? ''), inner);
    return inner;
  }, plain);
}
