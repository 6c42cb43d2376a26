import type { Locale } from '../message.js';
import { en } from './en.js';
import { ko } from './ko.js';
import type { Phrases } from './phrases.js';
import { ru } from './ru.js';
import { uk } from './uk.js';
import { zh } from './zh.js';

/** What can be said in each language. */
export const catalogue: Readonly<Record<Locale, Phrases>> = { en, uk, ko, zh, ru };
