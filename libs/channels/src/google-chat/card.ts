/** What is used of Cards v2. https://developers.google.com/workspace/chat/api/reference/rest/v1/cards */

interface OnClick {
  readonly openLink: { readonly url: string };
}

export interface TextParagraph {
  readonly textParagraph: { readonly text: string };
}

export interface DecoratedText {
  readonly decoratedText: { readonly topLabel?: string; readonly text: string; readonly wrapText: true };
}

export interface Button {
  readonly text: string;
  readonly onClick: OnClick;
}

interface Columns {
  readonly columns: { readonly columnItems: readonly { readonly widgets: readonly DecoratedText[] }[] };
}

export type Widget =
  | TextParagraph
  | DecoratedText
  | Columns
  | { readonly buttonList: { readonly buttons: readonly Button[] } }
  | { readonly divider: object };

export interface Card {
  readonly header: { readonly title: string; readonly subtitle?: string };
  readonly sections?: readonly { readonly widgets: readonly Widget[] }[];
}

/** How many a widget counts of the hundred of a card; those in columns count too. */
export const countOf = (widget: Widget): number =>
  'columns' in widget
    ? 1 + widget.columns.columnItems.reduce((sum, { widgets }) => sum + widgets.length, 0)
    : 1;

export const paragraph = (text: string): TextParagraph => ({ textParagraph: { text } });
