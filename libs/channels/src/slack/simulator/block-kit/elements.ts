import { anything, flag, items, number, oneOf, shape, string, type Check } from './check.js';
import { confirm, option, picture, plainText, text } from './composition.js';

const actionId = string(255, 1);
const placed: Readonly<Record<string, Check>> = {
  action_id: actionId,
  confirm,
  focus_on_load: flag,
  placeholder: plainText(150),
};

const select = (own: Readonly<Record<string, Check>>): Check => shape({}, { ...placed, ...own });
const several = { max_selected_items: number };
const optionGroups = items(shape({ label: plainText(75), options: items(option(), 100) }), 100);
const picked = { options: items(option(), 100), option_groups: optionGroups };

/** Interactive elements by type. https://docs.slack.dev/reference/block-kit/block-elements */
export const interactive: Readonly<Record<string, Check>> = {
  button: shape(
    { text: plainText(75) },
    {
      action_id: actionId,
      value: string(2000),
      url: string(3000),
      style: oneOf('primary', 'danger'),
      confirm,
      accessibility_label: string(75),
    },
  ),
  workflow_button: shape(
    { text: plainText(75), workflow: anything },
    { action_id: actionId, style: oneOf('primary', 'danger'), accessibility_label: string(75) },
  ),
  overflow: shape({ options: items(option(), 5) }, { action_id: actionId, confirm }),
  checkboxes: shape(
    { options: items(option(text(75)), 10) },
    { ...placed, initial_options: items(option(text(75)), 10) },
  ),
  radio_buttons: shape(
    { options: items(option(text(75)), 10) },
    { ...placed, initial_option: option(text(75)) },
  ),
  static_select: select({ ...picked, initial_option: option() }),
  multi_static_select: select({ ...picked, ...several, initial_options: items(option(), 100) }),
  external_select: select({ min_query_length: number, initial_option: option() }),
  multi_external_select: select({ ...several, min_query_length: number, initial_options: anything }),
  users_select: select({ initial_user: string(255) }),
  multi_users_select: select({ ...several, initial_users: anything }),
  conversations_select: select({
    initial_conversation: string(255),
    default_to_current_conversation: flag,
    response_url_enabled: flag,
    filter: anything,
  }),
  multi_conversations_select: select({
    ...several,
    initial_conversations: anything,
    default_to_current_conversation: flag,
    filter: anything,
  }),
  channels_select: select({ initial_channel: string(255), response_url_enabled: flag }),
  multi_channels_select: select({ ...several, initial_channels: anything }),
  datepicker: select({ initial_date: string(10) }),
  timepicker: select({ initial_time: string(5), timezone: string(255) }),
  datetimepicker: select({ initial_date_time: number }),
};

/** What stands beside the text of a section. */
export const accessories: Readonly<Record<string, Check>> = { ...interactive, image: picture() };

const dispatched = { dispatch_action_config: anything };

/** What an input block may hold. */
export const inputs: Readonly<Record<string, Check>> = {
  ...Object.fromEntries(
    Object.entries(interactive).filter(
      ([type]) => type !== 'button' && type !== 'workflow_button' && type !== 'overflow',
    ),
  ),
  plain_text_input: select({
    ...dispatched,
    initial_value: string(3000),
    multiline: flag,
    min_length: number,
    max_length: number,
  }),
  email_text_input: select({ ...dispatched, initial_value: string(3000) }),
  url_text_input: select({ ...dispatched, initial_value: string(3000) }),
  number_input: select({
    ...dispatched,
    is_decimal_allowed: flag,
    initial_value: string(255),
    min_value: string(255),
    max_value: string(255),
  }),
  rich_text_input: select({ ...dispatched, initial_value: anything }),
  file_input: select({ filetypes: anything, max_files: number }),
};
