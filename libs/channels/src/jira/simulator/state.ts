/** What the simulated Jira site holds. Everything is JSON, so that a sandbox can keep it over a restart. */
export interface SiteState {
  people: JiraPerson[];
  projects: JiraProject[];
  customFields: JiraField[];
  issues: SimulatedIssue[];
  /** Keys of properties that an app of the site declared to be searchable. */
  indexedProperties: string[];
  /** Counts everything that got an id, so that no id comes twice. */
  ids: number;
}

export interface JiraPerson {
  readonly accountId: string;
  /** Apps and customers of a service desk are found by a search, too, and can be given no issue. */
  readonly accountType: 'atlassian' | 'app' | 'customer';
  readonly displayName: string;
  readonly emailAddress: string;
  /** Whether the person's privacy settings let others see the address. */
  emailVisible: boolean;
  /** IANA zone; dates in JQL are read in it. */
  readonly timeZone: string;
  active: boolean;
  /** Whether the person may use Jira at all. */
  hasAccess: boolean;
  /** "Browse users and groups": without it a search for people finds nobody. */
  browsesUsers: boolean;
  readonly administers: boolean;
}

export type JiraPermission =
  'browse' | 'create' | 'edit' | 'assign' | 'comment' | 'transition' | 'schedule' | 'be-assigned';

export type StatusCategory = 'new' | 'indeterminate' | 'done';

export interface JiraStatus {
  readonly id: string;
  readonly name: string;
  readonly category: StatusCategory;
}

export interface JiraTransition {
  readonly id: string;
  readonly name: string;
  /** Ids of the statuses that it leaves. */
  readonly from: readonly string[];
  readonly to: string;
  /** The fields of its screen; none where it has no screen. */
  readonly screen: readonly ScreenField[];
}

/** A field as it stands on a screen. */
export interface ScreenField {
  readonly id: string;
  readonly required: boolean;
  /** As a caller would send it. */
  readonly default?: unknown;
}

export interface JiraIssueType {
  readonly id: string;
  readonly name: string;
  /** -1 for subtasks, 0 for tasks, 1 for epics. */
  readonly hierarchyLevel: number;
  /** Of the screens for making and editing an issue, beside `project`, `issuetype` and `summary`, which are always there. */
  readonly screen: readonly ScreenField[];
}

export interface JiraProject {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  /** Account id of whoever gets issues that are assigned automatically; nobody where absent. */
  readonly lead?: string;
  readonly issueTypes: readonly JiraIssueType[];
  /** In the order of the board's columns; the first is where issues begin. */
  readonly statuses: readonly JiraStatus[];
  readonly transitions: readonly JiraTransition[];
  readonly priorities: readonly string[];
  /** By account id; whoever is not named may do everything. */
  permissions: Record<string, readonly JiraPermission[]>;
  lastNumber: number;
}

type FieldKind =
  | 'text'
  | 'document'
  | 'number'
  | 'date'
  | 'option'
  | 'person'
  | 'labels'
  | 'priority'
  | 'parent'
  | 'resolution';

export interface JiraField {
  readonly id: string;
  readonly name: string;
  readonly kind: FieldKind;
  /** Of an `option`. */
  readonly options?: readonly { readonly id: string; readonly value: string }[];
}

/** Text, number, labels, document, or the id of a priority, option, resolution, person or issue; by field. Absent where it has no value. */
export type FieldValues = Readonly<Record<string, unknown>>;

export interface ChangeItem {
  readonly field: string;
  /** Ids; `fromText` and `toText` are what people read. */
  readonly from: string | null;
  readonly fromText: string | null;
  readonly to: string | null;
  readonly toText: string | null;
}

export interface IssueChange {
  readonly id: string;
  /** RFC 3339, UTC, like every time here. */
  readonly at: string;
  readonly author: string;
  readonly items: readonly ChangeItem[];
}

export interface IssueComment {
  readonly id: string;
  readonly author: string;
  readonly body: unknown;
  readonly created: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface RemoteLink {
  readonly id: number;
  readonly globalId?: string;
  link: Readonly<Record<string, unknown>>;
}

/** What of an issue is found and shown, as it was at one time. */
export interface IssueView {
  readonly id: string;
  readonly key: string;
  readonly projectId: string;
  readonly issueTypeId: string;
  readonly statusId: string;
  readonly reporter: string;
  readonly created: string;
  readonly updated: string;
  readonly fields: FieldValues;
}

export interface SimulatedIssue extends IssueView {
  key: string;
  projectId: string;
  issueTypeId: string;
  statusId: string;
  updated: string;
  fields: FieldValues;
  /** Keys that it had before it was moved; they still lead to it. */
  formerKeys: string[];
  /** When it was deleted. It is gone for the API then, and kept for those who look. */
  deleted?: string;
  comments: IssueComment[];
  history: IssueChange[];
  properties: Record<string, unknown>;
  remoteLinks: RemoteLink[];
  /** What it was before its last changes, for a search index that runs behind; oldest first. */
  earlier: { readonly until: string; readonly view: IssueView }[];
}
