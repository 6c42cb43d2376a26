import type { Locale } from '../../message.js';
import { en } from './en.js';
import { ko } from './ko.js';
import type { ConnectionPhrases } from './phrases.js';
import { ru } from './ru.js';
import { uk } from './uk.js';
import { zh } from './zh.js';

/** What can be said of a connection in each language. */
export const connectionCatalogue: Readonly<Record<Locale, ConnectionPhrases>> = { en, uk, ko, zh, ru };
