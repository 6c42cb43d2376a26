import type { Message, MessageAction, MessageBlock } from '#domain';
import type { Button, KnownBlock } from '@slack/web-api';
import { cut, ellipsis } from '../cut.js';
import { drawnValues, sparkLine } from '../spark-line.js';
import { escapeAndCut, mrkdwn, strong } from './mrkdwn.js';
import { nativeTable, preformattedTable } from './render-table.js';

/** What chat.postMessage and chat.update are given. */
export interface SlackPayload {
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

/** https://docs.slack.dev/reference/block-kit/blocks, https://docs.slack.dev/reference/methods/chat.update */
const limits = {
  /** chat.update refuses longer text with `msg_too_long`. */
  text: 3000,
  blocks: 50,
  header: 150,
  section: 3000,
  fields: 10,
  /** Of 2000 together, however much escaping makes of the label. */
  fieldLabel: 200,
  fieldValue: 900,
  /** All cells together. */
  table: 10_000,
  buttons: 25,
  buttonText: 75,
  /**
   * Of all blocks together, as JSON. Slack publishes no limit; above some 13,200 characters people get `msg_blocks_too_long`, and a bare
   * divider counts more than nothing: https://github.com/slackapi/bolt-js/issues/2509
   */
  everything: 12_000,
} as const;

/** Less text than this is not worth beginning a block for. */
const leastText = 100;

/**
 * A message in Slack's blocks. Outside text is escaped, over-long text is cut with `…`, and where the whole does not fit it ends with `…`.
 * `text` is what a notification and a screen reader say. Pure: the same message is the same payload.
 */
export function render(message: Message): SlackPayload {
  const title = oneLine(message.title);
  const blocks: KnownBlock[] = title
    ? [{ type: 'header', text: { type: 'plain_text', text: cut(title, limits.header), emoji: false } }]
    : [];
  const state = { room: limits.everything - size(blocks) - size([omission]), hasTable: false };

  for (const block of message.blocks) {
    const made = fitting(block, state);
    if (!made || blocks.length + made.length >= limits.blocks) {
      blocks.push(omission);
      break;
    }
    blocks.push(...made);
    state.room -= size(made);
    state.hasTable ||= made.some(({ type }) => type === 'table');
  }
  return {
    text: escapeAndCut(title || ellipsis, limits.text),
    blocks: blocks.length > 0 ? blocks : [omission],
  };
}

const omission: KnownBlock = { type: 'context', elements: [{ type: 'mrkdwn', text: ellipsis }] };

interface State {
  /** Characters of JSON left. */
  readonly room: number;
  readonly hasTable: boolean;
}

/** The block as large as goes in; undefined where nothing worth showing does. */
function fitting(block: MessageBlock, { room, hasTable }: State): readonly KnownBlock[] | undefined {
  for (let max = room; max >= leastText; max = Math.floor(max / 2)) {
    const made = slackBlocks(block, max, hasTable);
    if (size(made) <= room) return made;
  }
  return undefined;
}

/** None where there is nothing to show. `max`: characters of text. */
function slackBlocks(block: MessageBlock, max: number, hasTable: boolean): readonly KnownBlock[] {
  const maxText = Math.min(limits.section, max);
  switch (block.type) {
    case 'text':
      return section(mrkdwn(block.text, maxText));
    case 'fields':
      return fieldSections(block.fields, max);
    case 'table':
      if (block.columns.length === 0) return [];
      return [hasTable ? preformattedTable(block, maxText) : nativeTable(block, Math.min(limits.table, max))];
    case 'trend':
      return section(
        `${sparkLine(block.values)} ${escapeAndCut(block.text, maxText - drawnValues - 1)}`.trim(),
      );
    case 'note': {
      const text = mrkdwn(block.text, maxText);
      return text.trim() ? [{ type: 'context', elements: [{ type: 'mrkdwn', text }] }] : [];
    }
    case 'actions':
      return buttons(block.actions);
    case 'divider':
      return [{ type: 'divider' }];
  }
}

const section = (text: string): readonly KnownBlock[] =>
  text.trim() ? [{ type: 'section', text: { type: 'mrkdwn', text } }] : [];

function fieldSections(
  fields: readonly { readonly label: string; readonly value: string }[],
  max: number,
): readonly KnownBlock[] {
  const shown = fields.map(({ label, value }) => ({
    type: 'mrkdwn' as const,
    text: `${strong(cut(oneLine(label) || ' ', limits.fieldLabel))}\n${escapeAndCut(value, Math.min(limits.fieldValue, max))}`,
  }));
  return Array.from({ length: Math.ceil(shown.length / limits.fields) }, (_, index) => ({
    type: 'section',
    fields: shown.slice(index * limits.fields, (index + 1) * limits.fields),
  }));
}

/** Ids have to be unique in a message; of two the same the first is shown. */
function buttons(actions: readonly MessageAction[]): readonly KnownBlock[] {
  const elements = [...new Map(actions.toReversed().map((action) => [action.id, action])).values()]
    .toReversed()
    .slice(0, limits.buttons)
    .map(({ id, label, value, url }): Button => ({
      type: 'button',
      action_id: id,
      text: { type: 'plain_text', text: cut(oneLine(label) || id, limits.buttonText), emoji: false },
      ...(value === undefined ? {} : { value }),
      ...(url === undefined ? {} : { url }),
    }));
  return elements.length > 0 ? [{ type: 'actions', elements }] : [];
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

const size = (blocks: readonly KnownBlock[]): number => JSON.stringify(blocks).length;
