const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  nbsp: ' ',
  '#39': "'",
  apos: "'",
};

/** What a reader of plain text sees of HTML. */
export const textOfHtml = (html: string): string =>
  html
    .replace(/<(script|style|head|title)\b[^>]*>[\s\S]*?<\/\1\s*>/gi, '')
    .replace(/\s+/g, ' ')
    .replace(/<(?:br|\/p|\/div|\/tr|\/li|\/h\d)\b[^>]*>/gi, '\n')
    .replace(/<\/t[dh]\b[^>]*>/gi, '\t')
    .replace(/<[^>]*>/g, '')
    .replace(/&(amp|lt|gt|quot|nbsp|apos|#39);/g, (_, name: string) => entities[name] ?? '')
    .replace(/[^\S\n]*\n[^\S\n]*/g, '\n')
    .trim();

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign] ?? '&quot;');

/** An adaptive card travels in a script of its own type, which stays. [D] */
const script =
  /<script\b(?![^>]*\btype\s*=\s*["']?application\/adaptivecard\+json)[^>]*>[\s\S]*?(?:<\/script\s*>|$)/gi;

/** Graph takes scripts out of HTML without a word. [D] */
export function sanitised(html: string): { readonly html: string; readonly removed: number } {
  const removed = html.match(script)?.length ?? 0;
  return { html: removed === 0 ? html : html.replace(script, ''), removed };
}
