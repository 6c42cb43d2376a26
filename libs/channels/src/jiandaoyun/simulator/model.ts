/** What the simulated company holds. Everything is JSON, so that a sandbox can keep it over a restart. */
export interface CompanyState {
  readonly version: 1;
  /** Counts everything that got an id, so that no id comes twice. */
  ids: number;
  widgetIds: number;
  members: Member[];
  departments: Department[];
  apps: App[];
  forms: FormState[];
  transactions: Transaction[];
}

/** -1 left, 0 not joined, 1 joined. */
export type MemberStatus = -1 | 0 | 1;

export interface Member {
  readonly username: string;
  name: string;
  status: MemberStatus;
  /** 0 of this company, 2 of a partner company. */
  readonly type: 0 | 2;
  /** Numbers of departments. */
  departments: number[];
}

export interface Department {
  readonly dept_no: number;
  readonly name: string;
  readonly parent_no: number;
  readonly type: 0 | 2;
  readonly status: -1 | 1;
}

export interface App {
  readonly app_id: string;
  readonly name: string;
}

export const widgetTypes = [
  'text',
  'textarea',
  'number',
  'datetime',
  'radiogroup',
  'combo',
  'checkboxgroup',
  'combocheck',
  'address',
  'location',
  'phone',
  'user',
  'usergroup',
  'dept',
  'deptgroup',
  'lookup',
  'linkdata',
  'sn',
  'signature',
  'separator',
  'query',
  'aggregation',
  'image',
  'upload',
  'richtext',
  'subform',
] as const;
export type WidgetType = (typeof widgetTypes)[number];

export interface Widget {
  readonly label: string;
  readonly type: WidgetType;
  /** `_widget_<digits>`; stays as long as the widget. */
  readonly widgetName: string;
  /** The field's key where an administrator set one, instead of `widgetName`. */
  readonly alias?: string;
  /** What the form's page insists on. The API checks neither of the two, and `widget/list` does not tell them. */
  readonly required: boolean;
  readonly unique: boolean;
  /** Of a sub-form. */
  readonly items?: readonly Widget[];
}

/** The name by which the API knows a field now. */
export const keyOf = (widget: Widget): string => widget.alias ?? widget.widgetName;

export interface Form {
  readonly appId: string;
  readonly entryId: string;
  readonly name: string;
  /** Whether it is a workflow form. */
  readonly workflow: boolean;
  widgets: readonly Widget[];
  /** The last serial number given out. */
  serial: number;
  /** ISO, UTC. */
  dataModifyTime: string;
}

export interface FormState extends Form {
  rows: Row[];
}

/** By `widgetName`; what is not there is empty. */
export type Values = Record<string, Value>;

/** Members are held by `username`, departments by number, moments as ISO texts in UTC. */
export type Value =
  string | number | readonly string[] | readonly number[] | Place | Phone | readonly SubRow[];

export interface Place {
  readonly province: string;
  readonly city: string;
  readonly district: string;
  readonly detail: string;
  /** Of a location. */
  readonly lnglatXY?: readonly [number, number];
}

export interface Phone {
  readonly phone: string;
  readonly verified: boolean;
}

export interface SubRow {
  readonly _id: string;
  readonly values: Values;
}

export interface Row {
  readonly _id: string;
  /** A `username`. */
  readonly creator: string;
  updater: string;
  /** ISO, UTC. */
  readonly createTime: string;
  updateTime: string;
  /** 0 running, 1 finished, 2 closed by hand, 3 rejected; not there where no workflow began. */
  flowState?: 0 | 1 | 2 | 3;
  values: Values;
}

/** A `batch_create` with a `transaction_id`. */
export interface Transaction {
  readonly id: string;
  readonly entryId: string;
  /** When it began, in ms. */
  readonly at: number;
  /** For each item of the list the row it became, null where it was lost. */
  rowIds: (string | null)[];
}
