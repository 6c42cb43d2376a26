import { textOf } from './adf.js';
import { priorities, resolutions } from './fields.js';
import type { Site } from './site.js';
import type { ChangeItem, IssueView, JiraField } from './state.js';

type Said = Pick<ChangeItem, 'from' | 'fromText'>;

const nothing: Said = { from: null, fromText: null };

/** What differs between two states of an issue, as its history tells it. */
export function changesOf(site: Site, before: IssueView, after: IssueView): readonly ChangeItem[] {
  const items: ChangeItem[] = [];
  const add = (field: string, from: Said, to: Said): void => {
    if (from.from !== to.from || from.fromText !== to.fromText)
      items.push({ field, ...from, to: to.from, toText: to.fromText });
  };
  const named = (found: { readonly id: string; readonly name: string } | undefined): Said =>
    found ? { from: found.id, fromText: found.name } : nothing;

  add('status', named(site.statusOf(before)), named(site.statusOf(after)));
  add('issuetype', named(site.typeOf(before)), named(site.typeOf(after)));
  for (const id of new Set([...Object.keys(before.fields), ...Object.keys(after.fields)])) {
    const field = site.field(id);
    if (!field) continue;
    add(id, saidOf(site, field, before.fields[id]), saidOf(site, field, after.fields[id]));
  }
  return items;
}

function saidOf(site: Site, field: JiraField, value: unknown): Said {
  if (value === undefined) return nothing;
  const text = String(value);
  const found = (shown: string | undefined): Said => ({ from: text, fromText: shown ?? text });
  switch (field.kind) {
    case 'document':
      // Marks alone make a difference, too.
      return { from: JSON.stringify(value), fromText: textOf(value) };
    case 'labels':
      return { from: null, fromText: (value as readonly string[]).join(' ') };
    case 'priority':
      return found(priorities.find(({ id }) => id === value)?.name);
    case 'resolution':
      return found(resolutions.find(({ id }) => id === value)?.name);
    case 'option':
      return found(field.options?.find(({ id }) => id === value)?.value);
    case 'person':
      return found(site.person(text)?.displayName);
    case 'parent':
      return found(site.issue(text)?.key);
    default:
      return { from: null, fromText: text };
  }
}
