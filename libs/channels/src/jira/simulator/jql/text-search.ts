import { jqlError } from './tokens.js';

const special = '+-&|!(){}[]^~*?:\\';

const words = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/**
 * Whether a text has all the words asked for; in double quotes, in that order. Lucene's special characters have to be escaped; the only
 * one understood here is a `*` at the end. Jira takes them as operators; refusing shows text that nobody escaped.
 */
export function textSearch(asked: string): (text: string) => boolean {
  const isPhrase = asked.length > 1 && asked.startsWith('"') && asked.endsWith('"');
  const isPrefix = !isPhrase && /[^\\]\*$/.test(asked);
  const bare = isPhrase ? asked.slice(1, -1) : isPrefix ? asked.slice(0, -1) : asked;
  const wanted = words(unescaped(bare));
  if (wanted.length === 0) throw jqlError('The text to search for has no words.');
  return (text) => {
    const held = words(text);
    if (isPhrase) return ` ${held.join(' ')} `.includes(` ${wanted.join(' ')} `);
    return wanted.every((word, index) =>
      isPrefix && index === wanted.length - 1
        ? held.some((one) => one.startsWith(word))
        : held.includes(word),
    );
  };
}

function unescaped(text: string): string {
  let plain = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '\\' && at + 1 < text.length) {
      at += 1;
      plain += text[at] ?? '';
    } else if (special.includes(character))
      throw jqlError(`Unable to parse the text '${text}': the character '${character}' is not escaped.`);
    else plain += character;
  }
  return plain;
}
