import type { Inline, Message, MessageBlock } from '#domain';

/** A message as plain text, for receivers that only want to show it. One paragraph for each block; nothing is markup, so nothing is escaped. */
export function plainText(message: Message): string {
  return [message.title, ...message.blocks.map(paragraph)].filter((text) => text.trim() !== '').join('\n\n');
}

function paragraph(block: MessageBlock): string {
  switch (block.type) {
    case 'text':
    case 'note':
      return block.text.map(inline).join('');
    case 'fields':
      return block.fields.map(({ label, value }) => `${label}: ${value}`).join('\n');
    case 'table':
      return table([block.columns, ...block.rows]);
    case 'trend':
      return block.text;
    case 'actions':
      return block.actions.flatMap(({ label, url }) => (url ? [`${label}: ${url}`] : [])).join('\n');
    case 'divider':
      return '';
  }
}

function inline(part: Inline): string {
  if (typeof part === 'string') return part;
  if ('strong' in part) return part.strong;
  if ('person' in part) return part.person;
  return `${part.link} (${part.url})`;
}

/** The first column to the left, the figures to the right. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      widths
        .map((width, column) =>
          column === 0 ? (row[column] ?? '').padEnd(width) : (row[column] ?? '').padStart(width),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
