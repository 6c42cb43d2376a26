import type { JiraIssueType, ScreenField } from './state.js';

/** What the screens of an issue type hold: always a summary, and for subtasks a parent, without which they cannot be. [S] */
export function screenOf({ screen, hierarchyLevel }: JiraIssueType): readonly ScreenField[] {
  const fields: readonly ScreenField[] = [
    { id: 'summary', required: true },
    ...screen.filter(({ id }) => id !== 'summary' && (hierarchyLevel >= 0 || id !== 'parent')),
  ];
  return hierarchyLevel < 0 ? [...fields, { id: 'parent', required: true }] : fields;
}
