import {
  blockErrors,
  blockLimits,
  characters,
  hasTwoTables,
  markdownCharacters,
} from './block-kit/blocks.js';
import { isRecord } from './call.js';
import type { Context } from './context.js';
import { invalidArguments, invalidBlocks, Refusal } from './refusal.js';
import type { MessageMetadata } from './state.js';

/** Longer texts are cut without a word. https://docs.slack.dev/reference/methods/chat.postMessage#truncating */
const longestText = 40_000;
const mostAttachments = 100;
/** Slack publishes no number for `metadata_too_large`; this one is ours. */
const longestMetadata = 8_000;

/** What a message is to say. A field that was not sent is absent: on an update that means "as before". */
export interface Content {
  readonly text?: string;
  readonly blocks?: readonly unknown[];
  readonly attachments?: readonly unknown[];
}

/** Reads and checks text, blocks and attachments as chat.postMessage and chat.update take them. Throws `Refusal`. */
export function readContent(context: Context, firstBlockId: () => string): Content {
  const { args } = context;
  const text = args.text('text');
  const blocks = readBlocks(context);
  const attachments = readAttachments(context);
  const markdown = args.text('markdown_text');
  if (markdown !== undefined && markdown !== '') {
    if ((text ?? '') !== '' || blocks !== undefined) throw new Refusal('markdown_text_conflict');
    if (markdown.length > blockLimits.markdown)
      throw invalidArguments(
        `must be less than ${blockLimits.markdown + 1} characters [json-pointer:/markdown_text]`,
      );
    return { text: markdown, blocks: identified([{ type: 'markdown', text: markdown }], firstBlockId) };
  }
  return {
    ...(text === undefined || text === '' ? {} : { text: text.slice(0, longestText) }),
    ...(blocks === undefined ? {} : { blocks: identified(blocks, firstBlockId) }),
    ...(attachments === undefined ? {} : { attachments }),
  };
}

/** Every block has an id in what Slack keeps, given by the sender or made up. */
const identified = (blocks: readonly unknown[], makeId: () => string): readonly unknown[] =>
  blocks.map((block) => (isRecord(block) ? { ...block, block_id: block['block_id'] ?? makeId() } : block));

function readBlocks(context: Context): readonly unknown[] | undefined {
  const blocks = context.args.nested('blocks', () => new Refusal('invalid_blocks_format'));
  if (blocks === undefined) return undefined;
  if (!Array.isArray(blocks)) throw new Refusal('invalid_blocks_format');
  checkBlocks(blocks, '/blocks');
  return blocks;
}

function checkBlocks(blocks: readonly unknown[], at: string): void {
  const errors = blockErrors(blocks, at);
  if (errors.length > 0) throw invalidBlocks(errors);
  if (hasTwoTables(blocks))
    throw new Refusal('invalid_attachments', {
      response_metadata: { messages: ['[ERROR] only_one_table_allowed'] },
    });
  if (markdownCharacters(blocks) > blockLimits.markdown || characters(blocks) > blockLimits.allText)
    throw new Refusal('msg_blocks_too_long');
}

function readAttachments(context: Context): readonly unknown[] | undefined {
  const attachments = context.args.nested('attachments', () => new Refusal('invalid_attachments'));
  if (attachments === undefined) return undefined;
  if (!Array.isArray(attachments) || !attachments.every(isRecord)) throw new Refusal('invalid_attachments');
  if (attachments.length > mostAttachments) throw new Refusal('too_many_attachments');
  attachments.forEach((attachment, index) => {
    if (Array.isArray(attachment['blocks']))
      checkBlocks(attachment['blocks'], `/attachments/${index}/blocks`);
  });
  return attachments;
}

/** Reads `metadata`; `'remove'` is an empty object, which takes it away on an update. https://docs.slack.dev/messaging/message-metadata */
export function readMetadata(context: Context): MessageMetadata | 'remove' | undefined {
  const metadata = context.args.nested('metadata', () => new Refusal('invalid_metadata_format'));
  if (metadata === undefined) return undefined;
  if (!isRecord(metadata)) throw new Refusal('invalid_metadata_format');
  if (Object.keys(metadata).length === 0) return 'remove';
  const { event_type: type, event_payload: payload } = metadata;
  if (typeof type !== 'string' || type === '' || !isRecord(payload))
    throw new Refusal('invalid_metadata_format');
  if (!Object.values(payload).every(isPayloadValue)) throw new Refusal('invalid_metadata_schema');
  if (JSON.stringify(metadata).length > longestMetadata) throw new Refusal('metadata_too_large');
  return { event_type: type, event_payload: payload };
}

const isPlain = (value: unknown): boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** Plain values, objects of plain values, and arrays of such objects; nothing deeper. */
function isPayloadValue(value: unknown): boolean {
  const flat = (one: unknown): boolean => isRecord(one) && Object.values(one).every(isPlain);
  return isPlain(value) || flat(value) || (Array.isArray(value) && value.every(flat));
}
