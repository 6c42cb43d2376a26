import type { Message, MessageBlock } from '#domain';
import { plainText } from './plain-text.js';

/** What a receiver gets of a message: its parts, to show in a form of its own, and its plain text. */
export interface WebhookContent {
  readonly message: Message;
  readonly text: string;
}

/**
 * Receivers are asked to expect less than 20 KB:
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#payload-size
 */
const limits = {
  /** Characters of any one text. */
  string: 2000,
  /** Bytes of the message, as JSON. */
  message: 12_000,
  /** Bytes. */
  text: 6000,
} as const;

const ellipsis = '…';
const omission: MessageBlock = { type: 'note', text: [ellipsis] };

/** The message, made to fit: over-long texts end with `…`, and so does a message of too many blocks. Pure. */
export function render(message: Message): WebhookContent {
  // Where all of it together is no longer than one text may be, nothing has to be cut.
  if (JSON.stringify(message).length <= limits.string) return { message, text: plainText(message) };
  const short = shorten(message) as Message;
  const blocks: MessageBlock[] = [];
  let room = limits.message - bytes({ ...short, blocks: [omission] });
  for (const block of short.blocks) {
    room -= bytes(block) + 1;
    if (room < 0) {
      blocks.push(omission);
      break;
    }
    blocks.push(block);
  }
  const fitting = { ...short, blocks };
  return { message: fitting, text: cutBytes(plainText(fitting), limits.text) };
}

/** Every text in it, however deep, cut to its limit. */
function shorten(value: unknown): unknown {
  if (typeof value === 'string') return cut(value, limits.string);
  if (Array.isArray(value)) return value.map(shorten);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shorten(part)]));
}

/** Never through the middle of a character that takes two units. */
function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  return text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '') + ellipsis;
}

function cutBytes(text: string, max: number): string {
  let shown = text;
  while (Buffer.byteLength(shown) > max)
    shown = cut(shown, Math.floor((shown.length * max) / Buffer.byteLength(shown)) - 1);
  return shown;
}

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
