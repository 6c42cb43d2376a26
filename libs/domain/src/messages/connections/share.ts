import type { Locale } from '../../message.js';
import { shownNumber } from '../format.js';

/** A share as whole per cents, rounded down, so that what is nearly all never looks like all: 0.929 is `92%`. */
export const formatShare = (locale: Locale, share: number): string =>
  new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(shownNumber(share));
