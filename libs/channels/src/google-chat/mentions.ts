import type { Inline, Message } from '#domain';

/** Chat's ids of people. E-mail addresses are none: an app is not told whose they are. */
const userId = /^(?:users\/)?(\d{1,30})$/;
/** Who is one of more is not called by name any more. */
const most = 20;

/** Mentions of everybody in running text whose Chat id is known, each once, in the order of the text. */
export function mentionsIn({ blocks }: Message): string {
  const sentences = blocks.flatMap((block): readonly (readonly Inline[])[] =>
    block.type === 'text' || block.type === 'note' ? [block.text] : [],
  );
  const ids = sentences.flat().flatMap((part) => {
    const id =
      typeof part === 'object' && 'person' in part ? userId.exec(part.externalId ?? '')?.[1] : undefined;
    return id ?? [];
  });
  return [...new Set(ids)]
    .slice(0, most)
    .map((id) => `<users/${id}>`)
    .join(' ');
}
