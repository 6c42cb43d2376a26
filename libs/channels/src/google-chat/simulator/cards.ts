import { z } from 'zod';

/**
 * Cards v2 as a message may hold them: what is not listed is refused. The fields of `grid`, `chipList`, `carousel` and `dateTimePicker` are not
 * looked at. https://developers.google.com/workspace/chat/api/reference/rest/v1/cards [S]; shapes marked [I] are the strict reading of a name alone.
 */

/** "100 widgets per card": the section that crosses it and all later ones are not shown. [S] */
const mostWidgets = 100;
/** https://developers.google.com/workspace/chat/api/reference/rest/v1/cards#selectioninput [S] */
const mostItems = 100;
/** Of a multiselect menu that names no number of its own. [S] */
const mostSelected = 3;

const url = z.string().refine((text) => URL.canParse(text), 'Invalid URL.');

const oneOf = (what: string) => (value: Readonly<Record<string, unknown>>) => {
  const set = Object.keys(value).filter((name) => value[name] !== undefined);
  return set.length === 1 ? true : `Exactly one field of ${what} must be set, not ${set.length}.`;
};
/** Refines an object of alternatives, of which exactly one is there. */
const exactlyOne = <Shape extends z.ZodRawShape>(what: string, shape: Shape) =>
  z.strictObject(shape).superRefine((value, context) => {
    const verdict = oneOf(what)(value);
    if (verdict !== true) context.addIssue({ code: 'custom', message: verdict });
  });

const action = z.strictObject({
  function: z.string().min(1, 'Action function must not be empty.'),
  parameters: z.array(z.strictObject({ key: z.string(), value: z.string() })).optional(),
  interaction: z.enum(['INTERACTION_UNSPECIFIED', 'OPEN_DIALOG']).optional(),
  loadIndicator: z.enum(['SPINNER', 'NONE']).optional(),
  persistValues: z.boolean().optional(),
  requiredWidgets: z.array(z.string()).optional(),
  allWidgetsAreRequired: z.boolean().optional(),
});

const onClick = exactlyOne('onClick', {
  openLink: z.strictObject({ url }).optional(),
  action: action.optional(),
});

// The vendor's table of known icons is not checked. [I]
const icon = z
  .strictObject({
    knownIcon: z.string().optional(),
    iconUrl: url.optional(),
    materialIcon: z.strictObject({ name: z.string() }).optional(),
    altText: z.string().optional(),
    imageType: z.enum(['SQUARE', 'CIRCLE']).optional(),
  })
  .refine(
    ({ knownIcon, iconUrl, materialIcon }) =>
      [knownIcon, iconUrl, materialIcon].filter((one) => one !== undefined).length === 1,
    'An icon is a known icon, a material icon or a URL.',
  );

const button = z
  .strictObject({
    text: z.string().optional(),
    icon: icon.optional(),
    onClick,
    type: z.enum(['OUTLINED', 'FILLED', 'FILLED_TONAL', 'BORDERLESS']).optional(),
    disabled: z.boolean().optional(),
    altText: z.string().optional(),
  })
  .refine(({ text, icon }) => (text ?? '') !== '' || icon !== undefined, 'A button needs text or an icon.');

const buttonList = z.strictObject({
  buttons: z.array(button).min(1, 'A button list must have at least one button.'),
});

const selectionInput = z
  .strictObject({
    name: z.string().min(1, 'A selection input needs a name.'),
    label: z.string().optional(),
    type: z.enum(['CHECK_BOX', 'RADIO_BUTTON', 'SWITCH', 'DROPDOWN', 'MULTI_SELECT']).optional(),
    items: z
      .array(
        z.strictObject({ text: z.string(), value: z.string().optional(), selected: z.boolean().optional() }),
      )
      .max(mostItems, `A selection input can have at most ${mostItems} items.`)
      .optional(),
  })
  .refine(
    ({ type, items = [] }) =>
      items.filter(({ selected }) => selected).length <= (limitOfSelected[type ?? 'CHECK_BOX'] ?? mostItems),
    'Too many items are selected.',
  );

const limitOfSelected: Readonly<Record<string, number>> = {
  RADIO_BUTTON: 1,
  DROPDOWN: 1,
  MULTI_SELECT: mostSelected,
};

/** A switch beside a text; its fields are not given. [I] */
const switchControl = z.looseObject({ name: z.string().min(1, 'A switch control needs a name.') });

const simpleWidgets = {
  textParagraph: z
    .strictObject({
      text: z.string(),
      textSyntax: z.enum(['TEXT_SYNTAX_UNSPECIFIED', 'HTML', 'MARKDOWN']).optional(),
    })
    .optional(),
  decoratedText: z
    .strictObject({
      topLabel: z.string().optional(),
      text: z.string().min(1, 'A decorated text needs text.'),
      bottomLabel: z.string().optional(),
      startIcon: icon.optional(),
      button: button.optional(),
      switchControl: switchControl.optional(),
      wrapText: z.boolean().optional(),
      onClick: onClick.optional(),
    })
    .refine(
      (value) => !(value.button && value.switchControl),
      'A decorated text has a button or a switch control, not both.',
    )
    .optional(),
  buttonList: buttonList.optional(),
  // [I]
  image: z
    .strictObject({ imageUrl: url, altText: z.string().optional(), onClick: onClick.optional() })
    .optional(),
  chipList: z.looseObject({}).optional(),
  textInput: z
    .strictObject({
      name: z.string().min(1, 'A text input needs a name.'),
      label: z.string().optional(),
      type: z.enum(['SINGLE_LINE', 'MULTIPLE_LINE']).optional(),
      value: z.string().optional(),
    })
    .optional(),
  selectionInput: selectionInput.optional(),
  dateTimePicker: z
    .looseObject({ name: z.string().min(1, 'A date and time picker needs a name.') })
    .optional(),
};

/** What stands in a column has no columns of its own. [I] */
const columnItem = z.strictObject({
  horizontalSizeStyle: z.enum(['FILL_AVAILABLE_SPACE', 'FILL_MINIMUM_SPACE']).optional(),
  horizontalAlignment: z.enum(['START', 'CENTER', 'END']).optional(),
  verticalAlignment: z.enum(['CENTER', 'TOP', 'BOTTOM']).optional(),
  widgets: z.array(exactlyOne('a widget', simpleWidgets)),
});

const widget = exactlyOne('a widget', {
  ...simpleWidgets,
  divider: z.strictObject({}).optional(),
  grid: z.looseObject({}).optional(),
  carousel: z.looseObject({}).optional(),
  columns: z
    .strictObject({ columnItems: z.array(columnItem).min(1).max(2, 'Columns can have at most 2 items.') })
    .optional(),
});

const section = z.strictObject({
  header: z.string().optional(),
  collapsible: z.boolean().optional(),
  uncollapsibleWidgetsCount: z.int().min(0).optional(),
  widgets: z.array(widget).min(1, 'A section must have at least one widget.'),
});

/** `fixedFooter` stands in dialogs only, so it is unknown here. [S] */
export const card = z
  .strictObject({
    header: z
      .strictObject({
        title: z.string().min(1, 'A card header needs a title.'),
        subtitle: z.string().optional(),
        imageUrl: url.optional(),
        imageType: z.enum(['SQUARE', 'CIRCLE']).optional(),
      })
      .optional(),
    sections: z.array(section).optional(),
  })
  .refine(
    ({ header, sections = [] }) => header !== undefined || sections.length > 0,
    'A card needs a header or a section.',
  );

export type Card = z.infer<typeof card>;
type Section = z.infer<typeof section>;

/** The button row under a message. [S] Only buttons are known of it. */
export const accessoryWidget = z.strictObject({ buttonList });

/** Widgets of a section, those in columns counted too. [I] */
const widgetsIn = ({ widgets }: Section): number =>
  widgets.reduce(
    (sum, { columns }) =>
      sum + 1 + (columns?.columnItems.reduce((inner, item) => inner + item.widgets.length, 0) ?? 0),
    0,
  );

/** The card as Chat shows it, without the sections that are too many, and how many those were. */
export function shownOf(whole: Card): { readonly card: Card; readonly dropped: number } {
  const sections = whole.sections ?? [];
  let sum = 0;
  const kept = sections.findIndex((one) => (sum += widgetsIn(one)) > mostWidgets);
  if (kept < 0) return { card: whole, dropped: 0 };
  return { card: { ...whole, sections: sections.slice(0, kept) }, dropped: sections.length - kept };
}

/** Whether something in it, however deep, calls the app back. */
export function callsBack(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(callsBack);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([name, inner]) =>
      (name === 'onClick' && typeof inner === 'object' && inner !== null && 'action' in inner) ||
      callsBack(inner),
  );
}

/** https://developers.google.com/workspace/chat/format-messages#card-formatting [D] */
const knownTags = new Set(['b', 'i', 'u', 's', 'font', 'a', 'br', 'time']);

/** Tags in the card's formatted texts that Chat does not know, such as those of data that nobody escaped. */
export function unknownTags({ sections = [] }: Card): readonly string[] {
  const inner = sections.flatMap(({ widgets }) =>
    widgets.flatMap((one) => [one, ...(one.columns?.columnItems.flatMap((item) => item.widgets) ?? [])]),
  );
  const texts = inner.flatMap(({ textParagraph, decoratedText }) => [
    ...(textParagraph && textParagraph.textSyntax !== 'MARKDOWN' ? [textParagraph.text] : []),
    ...(decoratedText ? [decoratedText.text] : []),
  ]);
  const tags = texts.flatMap((text) => [...text.matchAll(/<\/?([a-z][a-z0-9]*)\b[^>]*>/gi)]);
  return [...new Set(tags.map(([, tag = '']) => tag.toLowerCase()))].filter((tag) => !knownTags.has(tag));
}
