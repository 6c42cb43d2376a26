import { isRecord } from '../call.js';
import { flag, oneOf, shape, string, variant, type Check } from './check.js';

/** Text objects. https://docs.slack.dev/reference/block-kit/composition-objects/text-object */
const plain = (max: number): Check => shape({ text: string(max, 1) }, { emoji: flag });
const mrkdwn = (max: number): Check => shape({ text: string(max, 1) }, { verbatim: flag });

/** `plain_text` and nothing else. */
export const plainText = (max: number): Check => variant({ plain_text: plain(max) });

/** `plain_text` or `mrkdwn`. */
export const text = (max: number): Check => variant({ plain_text: plain(max), mrkdwn: mrkdwn(max) });

/** Texts beside other things in one list, such as the elements of a context. */
export const textShapes = (max: number): Readonly<Record<string, Check>> => ({
  plain_text: plain(max),
  mrkdwn: mrkdwn(max),
});

/** https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object */
export const confirm: Check = shape(
  { text: text(300) },
  {
    title: plainText(100),
    confirm: plainText(30),
    deny: plainText(30),
    style: oneOf('primary', 'danger'),
  },
);

/** https://docs.slack.dev/reference/block-kit/composition-objects/option-object */
export const option = (label: Check = plainText(75)): Check =>
  shape({ text: label }, { value: string(150), url: string(3000), description: plainText(75) });

const pictureSource: Check = (value, at, errors) => {
  if (isRecord(value) && value['image_url'] === undefined && value['slack_file'] === undefined)
    errors.push(`missing required field: image_url [json-pointer:${at}]`);
};

/** The fields of an image, as a block and as an element. */
export const picture = (optional: Readonly<Record<string, Check>> = {}): Check => {
  const fields = shape(
    { alt_text: string(2000, 1) },
    {
      image_url: string(3000, 1),
      slack_file: shape({}, { id: string(255), url: string(3000) }),
      ...optional,
    },
  );
  return (value, at, errors) => {
    fields(value, at, errors);
    pictureSource(value, at, errors);
  };
};
