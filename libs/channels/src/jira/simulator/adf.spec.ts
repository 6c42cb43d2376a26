import { documentTrouble, textOf } from './adf.js';
import { doc, paragraph, text } from './session.js';

const list = (type: string, ...items: readonly unknown[]) => ({
  type,
  content: items.map((item) => ({ type: 'listItem', content: [item] })),
});
const cell = (type: string, said: string) => ({ type, content: [paragraph(text(said))] });

describe('a document', () => {
  it('may hold every node that is known', () => {
    const everything = doc(
      { type: 'heading', attrs: { level: 2 }, content: [text('Hours')] },
      paragraph(
        text('strong', { type: 'strong' }, { type: 'em' }),
        text('code', { type: 'code' }, { type: 'link', attrs: { href: 'https://a.example' } }),
        { type: 'hardBreak' },
        { type: 'mention', attrs: { id: '5b10', text: '@Olena' } },
        { type: 'emoji', attrs: { shortName: ':smile:' } },
        { type: 'inlineCard', attrs: { url: 'https://a.example' } },
        { type: 'date', attrs: { timestamp: '1767225600000' } },
        { type: 'status', attrs: { text: 'Late', color: 'red' } },
      ),
      list('bulletList', paragraph(text('one'))),
      list('orderedList', paragraph(text('two'))),
      { type: 'codeBlock', attrs: { language: 'json' }, content: [text('{}')] },
      { type: 'blockquote', content: [paragraph(text('said'))] },
      { type: 'panel', attrs: { panelType: 'info' }, content: [paragraph(text('note'))] },
      { type: 'rule' },
      {
        type: 'table',
        content: [{ type: 'tableRow', content: [cell('tableHeader', 'Day'), cell('tableCell', 'Mon')] }],
      },
      { type: 'paragraph' },
    );

    expect(documentTrouble(everything)).toBeUndefined();
    expect(documentTrouble(doc())).toBeUndefined();
    expect(textOf(everything)).toContain('@Olena');
  });

  it.each<[string, unknown]>([
    ['a string', 'plain'],
    ['nothing', undefined],
    ['another version', { ...doc(), version: 2 }],
    ['no content', { type: 'doc', version: 1 }],
    ['text at the top', doc(text('x'))],
    ['empty text', doc(paragraph(text('')))],
    ['an unknown node', doc({ type: 'expand', content: [] })],
    ['an unknown attribute', doc({ type: 'paragraph', attrs: { align: 'left' }, content: [] })],
    ['an unknown mark', doc(paragraph(text('x', { type: 'blink' })))],
    ['a mark given twice', doc(paragraph(text('x', { type: 'em' }, { type: 'em' })))],
    ['code that is strong', doc(paragraph(text('x', { type: 'code' }, { type: 'strong' })))],
    ['a link to nowhere', doc(paragraph(text('x', { type: 'link', attrs: { href: 'nowhere' } })))],
    ['a heading of level 7', doc({ type: 'heading', attrs: { level: 7 }, content: [] })],
    ['a list item without a paragraph', doc(list('bulletList', text('x')))],
    ['an empty list', doc(list('bulletList'))],
    ['marks in a code block', doc({ type: 'codeBlock', content: [text('x', { type: 'em' })] })],
    ['a panel of another type', doc({ type: 'panel', attrs: { panelType: 'fun' }, content: [paragraph()] })],
    ['text in a cell', doc({ type: 'table', content: [{ type: 'tableRow', content: [text('x')] }] })],
    ['a status of another colour', doc(paragraph({ type: 'status', attrs: { text: 'x', color: 'pink' } }))],
    ['media', doc({ type: 'mediaSingle', content: [] })],
  ])('is refused: %s', (_, value) => {
    expect(documentTrouble(value)).toMatch(/^Operation value must be an Atlassian Document/);
  });

  it('has 32,767 characters of text at most', () => {
    expect(documentTrouble(doc(paragraph(text('x'.repeat(32_767)))))).toBeUndefined();
    expect(documentTrouble(doc(paragraph(text('x'.repeat(32_768)))))).toContain('too long');
  });
});
