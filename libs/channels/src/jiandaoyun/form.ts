import { nearestName, type Cell } from '#domain';
import type { TableRow } from '../contract.js';
import type { JiandaoyunApi } from './api.js';
import { fits, kindFor, typesFor } from './cells.js';
import { limits } from './limits.js';
import { widgetsReply, type Widget } from './schema.js';
import type { JiandaoyunDestination } from './settings.js';

/** Somebody who renames a field is heard of within this time. */
const KEEP_MS = 30_000;

/** A form's fields as it has them now. */
export class Form {
  constructor(readonly widgets: readonly Widget[]) {}

  /** By the name that the API wants, or by the one that never changes. */
  find(field: string): Widget | undefined {
    return this.widgets.find(({ name, widgetName }) => name === field || widgetName === field);
  }

  /** The name to send: an alias that somebody gives a field later takes the place of its own. */
  nameOf(field: string): string {
    return this.find(field)?.name ?? field;
  }

  /** What of the rows this form would drop in silence, each said once; empty where it takes them whole. */
  misfits(rows: readonly TableRow[]): readonly string[] {
    const cells = new Map<string, Cell>(rows.flatMap(({ values }) => Object.entries(values)));
    const wrong = [...cells].flatMap(([field, cell]) => this.#misfit(field, cell));
    const [row] = rows;
    const key = row?.by.filter((field) => canBeAsked(this.find(field)?.type)) ?? [];
    if (wrong.length === 0 && row && key.length === 0)
      wrong.push(
        `rows cannot be looked up by ${row.by.map((field) => `\`${field}\``).join(' and ')}: name a text, member or department field in the Forward’s \`key\``,
      );
    return wrong;
  }

  #misfit(field: string, { as }: Cell): readonly string[] {
    const widget = this.find(field);
    if (!widget) return [`the form has no field \`${field}\`: ${this.#meant(field)}`];
    if (fits(as, widget.type)) return [];
    const kind = kindFor(widget.type);
    return [
      `the field \`${field}\` (${widget.label}) has the type \`${widget.type}\`, and ${as} goes into ${typesFor(as)}: ${
        kind === undefined
          ? 'nothing can be written to it'
          : `let \`as\` make ${kind} of it, or change the field back`
      }`,
    ];
  }

  #meant(field: string): string {
    const labelled = this.widgets.find(({ label }) => label === field);
    const near =
      labelled?.name ??
      nearestName(
        field,
        this.widgets.map(({ name }) => name),
      );
    return near === undefined
      ? `it has ${this.widgets
          .slice(0, 12)
          .map(({ name }) => `\`${name}\``)
          .join(', ')}`
      : `did you mean \`${near}\`? Change the Forward, or the field’s alias back`;
  }
}

/** The types that `data/list` looks up several values of in one call. */
export const canBeAsked = (type: string | undefined): boolean =>
  type !== undefined && ['text', 'radiogroup', 'combo', 'user', 'dept'].includes(type);

/** The forms that are written to, each read once in a while. */
export class Forms {
  readonly #read = new Map<string, { readonly until: number; readonly form: Promise<Form> }>();

  constructor(private readonly api: JiandaoyunApi) {}

  async get({ app, form }: JiandaoyunDestination, signal: AbortSignal): Promise<Form> {
    const key = `${app}/${form}`;
    const known = this.#read.get(key);
    if (known && known.until > performance.now()) return known.form;
    const read = this.api
      .post('app/entry/widget/list', {
        label: 'fields of the form',
        limit: limits.widgets,
        json: { app_id: app, entry_id: form },
        reply: widgetsReply,
        signal,
        reads: true,
      })
      .then(({ widgets }) => new Form(widgets));
    const entry = { until: performance.now() + KEEP_MS, form: read };
    this.#read.set(key, entry);
    read.catch(() => this.#read.delete(key));
    return read;
  }

  /** It may be another by now. */
  forget({ app, form }: JiandaoyunDestination): void {
    this.#read.delete(`${app}/${form}`);
  }
}
