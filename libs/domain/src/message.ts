/** The languages that Carillon speaks. */
export const locales = ['en', 'uk', 'ko', 'zh', 'ru'] as const;
export type Locale = (typeof locales)[number];

/**
 * A piece of running text. Plain strings are outside text: a channel escapes them, so that a project called `<!channel>` stays a name.
 * A `person` is shown as a mention where `externalId` is the channel's own id of that person, else by name.
 */
export type Inline =
  | string
  | { readonly strong: string }
  | { readonly person: string; readonly externalId?: string }
  | { readonly link: string; readonly url: string };

export type MessageBlock =
  | { readonly type: 'text'; readonly text: readonly Inline[] }
  /** Label and value pairs, side by side where the channel can. */
  | {
      readonly type: 'fields';
      readonly fields: readonly { readonly label: string; readonly value: string }[];
    }
  /** Small figures in rows; the first column is text, the others are aligned right. */
  | {
      readonly type: 'table';
      readonly columns: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  /** Numbers over time, oldest first, with the text to show where nothing can be drawn. */
  | { readonly type: 'trend'; readonly values: readonly number[]; readonly text: string }
  /** Small print: how it came about, how to object. */
  | { readonly type: 'note'; readonly text: readonly Inline[] }
  | { readonly type: 'actions'; readonly actions: readonly MessageAction[] }
  | { readonly type: 'divider' };

export interface MessageAction {
  readonly id: string;
  readonly label: string;
  readonly value?: string;
  readonly url?: string;
}

/** What is said, free of any channel's form. Each channel renders it in its own best way and cuts over-long text visibly. */
export interface Message {
  readonly locale: Locale;
  /** One line; also the notification's text and what a screen reader reads first. */
  readonly title: string;
  readonly blocks: readonly MessageBlock[];
  /** It takes the place of what no longer applies: the matter is over. */
  readonly withdraws?: true;
}
