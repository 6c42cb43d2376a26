import { priorities } from './fields.js';
import type {
  JiraField,
  JiraIssueType,
  JiraPermission,
  JiraPerson,
  JiraProject,
  JiraStatus,
  JiraTransition,
  ScreenField,
} from './state.js';

/** A person to put into the site. */
export interface JiraPersonSpec {
  readonly displayName: string;
  readonly emailAddress: string;
  readonly accountId?: string;
  /** `atlassian`, a human, by default. */
  readonly accountType?: JiraPerson['accountType'];
  readonly emailVisible?: boolean;
  /** UTC by default. */
  readonly timeZone?: string;
  readonly active?: boolean;
  readonly hasAccess?: boolean;
  readonly browsesUsers?: boolean;
  /** Nobody does by default. */
  readonly administers?: boolean;
}

/** A field beside Jira's own; its id is `customfield_…`. */
export type JiraFieldSpec = Omit<JiraField, 'id'> & { readonly id?: string };

/** A project to put into the site; tasks, bugs, epics and subtasks with three statuses where nothing else is said. */
export interface JiraProjectSpec {
  readonly key: string;
  readonly name?: string;
  readonly lead?: string;
  readonly issueTypes?: readonly JiraIssueType[];
  /** Of every issue type, unless these name their own. */
  readonly screen?: readonly (string | ScreenField)[];
  readonly statuses?: readonly JiraStatus[];
  readonly transitions?: readonly JiraTransition[];
  /** Ids; all of the site's by default. */
  readonly priorities?: readonly string[];
  readonly permissions?: Readonly<Record<string, readonly JiraPermission[]>>;
}

/** Environment and resolution are on no screen unless somebody puts them there. */
const usualScreen = ['description', 'priority', 'labels', 'assignee', 'duedate', 'parent'];

const usualStatuses: readonly JiraStatus[] = [
  { id: '10000', name: 'To Do', category: 'new' },
  { id: '3', name: 'In Progress', category: 'indeterminate' },
  { id: '10002', name: 'Done', category: 'done' },
];

const usualTransitions: readonly JiraTransition[] = [
  { id: '11', name: 'To Do', from: ['3', '10002'], to: '10000', screen: [] },
  { id: '21', name: 'In Progress', from: ['10000', '10002'], to: '3', screen: [] },
  { id: '31', name: 'Done', from: ['3'], to: '10002', screen: [] },
];

const usualTypes = [
  { id: '10000', name: 'Epic', hierarchyLevel: 1 },
  { id: '10001', name: 'Task', hierarchyLevel: 0 },
  { id: '10002', name: 'Bug', hierarchyLevel: 0 },
  { id: '10003', name: 'Sub-task', hierarchyLevel: -1 },
];

const onScreen = (field: string | ScreenField): ScreenField =>
  typeof field === 'string' ? { id: field, required: false } : field;

export function personOf(spec: JiraPersonSpec, accountId: string): JiraPerson {
  return {
    accountId: spec.accountId ?? accountId,
    accountType: spec.accountType ?? 'atlassian',
    displayName: spec.displayName,
    emailAddress: spec.emailAddress,
    emailVisible: spec.emailVisible ?? true,
    timeZone: spec.timeZone ?? 'Etc/UTC',
    active: spec.active ?? true,
    hasAccess: spec.hasAccess ?? true,
    browsesUsers: spec.browsesUsers ?? true,
    administers: spec.administers ?? false,
  };
}

export function projectOf(spec: JiraProjectSpec, id: string): JiraProject {
  const screen = (spec.screen ?? usualScreen).map(onScreen);
  return {
    id,
    key: spec.key,
    name: spec.name ?? spec.key,
    issueTypes: spec.issueTypes ?? usualTypes.map((type) => ({ ...type, screen })),
    statuses: spec.statuses ?? usualStatuses,
    transitions: spec.transitions ?? usualTransitions,
    priorities: spec.priorities ?? priorities.map((priority) => priority.id),
    permissions: { ...spec.permissions },
    lastNumber: 0,
    ...(spec.lead === undefined ? {} : { lead: spec.lead }),
  };
}
