import type { Locale } from '../../message.js';
import { en } from './en.js';
import { ko } from './ko.js';
import type { KpiPhrases } from './phrases.js';
import { ru } from './ru.js';
import { uk } from './uk.js';
import { zh } from './zh.js';

/** What can be said of a team's numbers in each language. */
export const kpiCatalogue: Readonly<Record<Locale, KpiPhrases>> = { en, uk, ko, zh, ru };
