import type { Inline } from '../message.js';

/**
 * A sentence with mentions and emphasis in it: ``inline`Hello ${person}!` ``. Neighbouring strings are joined, so that the same sentence is
 * always the same JSON.
 */
export const inline = (
  texts: TemplateStringsArray,
  ...parts: readonly (Inline | readonly Inline[])[]
): readonly Inline[] => {
  const sentence: Inline[] = [];
  const add = (part: Inline): void => {
    const last = sentence.at(-1);
    if (part === '') return;
    if (typeof part === 'string' && typeof last === 'string') sentence[sentence.length - 1] = last + part;
    else sentence.push(part);
  };
  texts.forEach((text, index) => {
    add(text);
    const part = parts[index];
    if (part === undefined) return;
    if (isList(part)) part.forEach(add);
    else add(part);
  });
  return sentence;
};

const isList = (part: Inline | readonly Inline[]): part is readonly Inline[] => Array.isArray(part);
