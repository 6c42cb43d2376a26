import type { Locale } from '../message.js';
import { formatNumber, shownNumber } from './format.js';

/** The plural categories of each language, as CLDR has them: https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html */
interface PluralCategories {
  en: 'one' | 'other';
  uk: 'one' | 'few' | 'many' | 'other';
  ko: 'other';
  zh: 'other';
  ru: 'one' | 'few' | 'many' | 'other';
}

/** One text for each plural category of the language; `#` stands for the number. A missing category does not compile. */
type PluralForms<L extends Locale> = Readonly<Record<PluralCategories[L], string>>;

/**
 * A number with its noun, in the form the language asks for: `21,5 години`, `5 годин`. The form follows the number as it is shown (two
 * decimals, rounded down), so that 1.001 reads like 1.
 */
export const counted = <L extends Locale>(locale: L, forms: PluralForms<L>): ((count: number) => string) => {
  const rules = new Intl.PluralRules(locale, { maximumFractionDigits: 2 });
  const texts: Readonly<Record<string, string>> = forms;
  return (count) => {
    const shown = shownNumber(count);
    const text = texts[rules.select(shown)] ?? texts['other'] ?? '#';
    return text.replace('#', () => formatNumber(locale, shown));
  };
};
