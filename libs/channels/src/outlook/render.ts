import type { Message } from '#domain';
import { cut, ellipsis } from '../cut.js';
import { blockHtml } from './blocks.js';
import { escaped, oneLine, plain } from './html-text.js';
import { styles, styleSheet } from './style.js';
import { missing, wordsOf } from '../left-out.js';

/** What a mail says, and to nobody yet. */
export interface Mail {
  readonly subject: string;
  readonly body: { readonly contentType: 'HTML'; readonly content: string };
}

const limits = {
  /** Of the whole HTML, in characters: Gmail hides what comes after some 102,000 bytes. */
  html: 85_000,
  /** In bytes of UTF-8, of which a letter of Korean takes three. */
  bytes: 98_000,
  subject: 200,
  title: 2000,
  /** As much as clients show behind a subject. */
  preheader: 100,
  figures: 4,
} as const;

/**
 * A message as an HTML mail: one column, at most 600 wide, in the colours of whoever reads it. Outside text is escaped, over-long text is cut
 * with how much is missing, and where the whole does not fit it ends with how many parts are not shown. Exchange makes the plain text from it.
 * Pure: the same message is the same mail.
 */
export function render(message: Message, { corrects = false } = {}): Mail {
  const { locale } = message;
  const title = oneLine(message.title) || ellipsis;
  const { correction } = wordsOf(locale);
  const head = `${corrects ? `<p class="quiet" style="${styles.correction}">${correction}</p>` : ''}<h1 style="${styles.title}">${escaped(cut(title, limits.title))}</h1>`;
  const blocks: string[] = [];
  const omission = (count: number): string =>
    `<p style="${styles.text}"><i>${missing(locale, 'partsNotShown', count)}</i></p>`;
  const frame = (content: string): string =>
    document(locale, title, preheaderOf(message, title, corrects ? correction : undefined), content);
  const shell = frame(`${head}${omission(message.blocks.length)}`);
  let room = limits.html - shell.length;
  let bytes = limits.bytes - Buffer.byteLength(shell);
  for (const [index, block] of message.blocks.entries()) {
    const made = blockHtml(block, locale);
    room -= made.length;
    bytes -= Buffer.byteLength(made);
    if (room < 0 || bytes < 0) {
      blocks.push(omission(message.blocks.length - index));
      break;
    }
    blocks.push(made);
  }
  return {
    subject: cut(title, limits.subject),
    body: { contentType: 'HTML', content: frame(`${head}${blocks.join('')}`) },
  };
}

/**
 * What lists of mails show behind the subject: the first figures, or else the first thing that is said. Who reads plain text has it above all
 * else, so a summary reads better there than a sentence that comes twice. A correction keeps the subject of what it corrects, so there it is
 * the title that is new.
 */
function preheaderOf({ blocks }: Message, title: string, correction: string | undefined): string {
  if (correction !== undefined) return cut(`${correction}: ${title}`, limits.preheader);
  const figures = blocks.find((block) => block.type === 'fields' && block.fields.length > 0);
  if (figures?.type === 'fields')
    return cut(
      figures.fields
        .slice(0, limits.figures)
        .map(({ label, value }) => `${oneLine(label)}: ${oneLine(value) || '–'}`)
        .join(' · '),
      limits.preheader,
    );
  const first = blocks.find((block) => block.type === 'text' && plain(block.text) !== '');
  return first?.type === 'text' ? cut(plain(first.text), limits.preheader) : '';
}

const document = (locale: string, title: string, preheader: string, content: string): string =>
  [
    `<!doctype html><html lang="${locale}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">',
    `<title>${escaped(cut(title, limits.subject))}</title><style>${styleSheet}</style></head>`,
    `<body style="${styles.body}">`,
    preheader === '' ? '' : `<div style="${styles.preheader}">${escaped(preheader)}</div>`,
    `<table role="presentation" align="center" cellpadding="0" cellspacing="0" style="${styles.frame}"><tr>`,
    `<td class="cell" style="${styles.cell}">${content}</td></tr></table></body></html>`,
  ].join('');
