import type { Locale } from '../../message.js';
import { formatNumber } from '../format.js';
import type { KpiMessage, KpiPhrases } from './phrases.js';

/** How a number is written: `short` in a title and a change, `long` where it stands alone. Never below zero: the words say which side it is on. */
export interface Amounts {
  readonly short: (amount: number) => string;
  readonly long: (amount: number) => string;
}

/** Points, issues, days, or a share of one as per cent with one decimal at most; of the others two. */
export const amountsOf = (say: KpiMessage, locale: Locale, phrases: KpiPhrases): Amounts => {
  const plain = (amount: number): string => formatNumber(locale, amount);
  switch (say) {
    case 'kpi-index':
      return { short: plain, long: phrases.points };
    case 'kpi-count':
      return { short: plain, long: phrases.issues };
    case 'kpi-age':
      return { short: phrases.days, long: phrases.days };
    case 'kpi-share': {
      const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
      return { short: (share) => percent.format(share), long: (share) => percent.format(share) };
    }
  }
};
