import type { Inline, Message, MessageBlock } from '#domain';

/** A message as plain text, for a terminal. */
export const messageText = (message: Message): string =>
  [message.title, ...message.blocks.map(blockText)].join('\n');

function blockText(block: MessageBlock): string {
  switch (block.type) {
    case 'text':
    case 'note':
      return block.text.map(inlineText).join('');
    case 'fields':
      return block.fields.map(({ label, value }) => `${label}: ${value}`).join('\n');
    case 'table':
      return [block.columns, ...block.rows].map((row) => row.join(' | ')).join('\n');
    case 'trend':
      return block.text;
    case 'actions':
      return block.actions.map(({ label }) => `[${label}]`).join(' ');
    case 'divider':
      return '—';
  }
}

const inlineText = (inline: Inline): string => {
  if (typeof inline === 'string') return inline;
  if ('strong' in inline) return inline.strong;
  if ('person' in inline) return inline.person;
  return `${inline.link} (${inline.url})`;
};
