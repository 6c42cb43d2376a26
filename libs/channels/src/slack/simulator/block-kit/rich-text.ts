import { anything, flag, items, number, oneOf, shape, string, variant, type Check } from './check.js';

const style = shape(
  {},
  {
    bold: flag,
    italic: flag,
    strike: flag,
    code: flag,
    underline: flag,
    highlight: flag,
    client_highlight: flag,
    unlink: flag,
  },
);

const part = variant({
  text: shape({ text: string(12_000, 1) }, { style }),
  link: shape({ url: string(3000, 1) }, { text: string(12_000), style, unsafe: flag }),
  user: shape({ user_id: string(255, 1) }, { style }),
  usergroup: shape({ usergroup_id: string(255, 1) }, { style }),
  channel: shape({ channel_id: string(255, 1) }, { style }),
  team: shape({ team_id: string(255, 1) }, { style }),
  broadcast: shape({ range: oneOf('here', 'channel', 'everyone') }, { style }),
  emoji: shape({ name: string(255, 1) }, { unicode: string(255), skin_tone: number, style, url: anything }),
  date: shape(
    { timestamp: number, format: string(255, 1) },
    { fallback: string(3000), url: string(3000), style },
  ),
  color: shape({ value: string(7, 4) }, { style }),
});

const parts = items(part, 1000, 0);
const section = shape({ elements: parts });

/** https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */
export const richText: Check = shape(
  {
    elements: items(
      variant({
        rich_text_section: section,
        rich_text_list: shape(
          {
            style: oneOf('bullet', 'ordered'),
            elements: items(variant({ rich_text_section: section }), 1000),
          },
          { indent: number, offset: number, border: number },
        ),
        rich_text_quote: shape({ elements: parts }, { border: number }),
        rich_text_preformatted: shape({ elements: parts }, { border: number, language: string(255) }),
      }),
      1000,
      0,
    ),
  },
  { block_id: string(255) },
);
