/** Which fields of a module say what is read of an issue. */
interface IssueFields {
  readonly status: string;
  readonly priority: string;
  readonly title: string;
  /** The day by which it is due; absent where the module has none. */
  readonly due?: string;
  /** The user or group that it is assigned to. */
  readonly owner: string;
  /** A group beside the owner, where the module has one. */
  readonly group?: string;
}

export interface IssueModule {
  /** What the API calls it. */
  readonly elementType: string;
  readonly fields: IssueFields;
  /** Values of `status` with which an issue is open no more; those that an installation does not have are passed over. */
  readonly closed: readonly string[];
}

/**
 * The modules that issues are usually kept in, with the fields and values of a fresh installation; all of them are picklists that an
 * administrator may change, and a Source document may name others. What the interface calls Tasks is `Calendar` in the API.
 */
export const issueModules: Readonly<Record<string, IssueModule>> = {
  Tasks: {
    elementType: 'Calendar',
    fields: {
      status: 'taskstatus',
      priority: 'taskpriority',
      title: 'subject',
      due: 'due_date',
      owner: 'assigned_user_id',
    },
    closed: ['Completed'],
  },
  HelpDesk: {
    elementType: 'HelpDesk',
    fields: {
      status: 'ticketstatus',
      priority: 'ticketpriorities',
      title: 'ticket_title',
      owner: 'assigned_user_id',
    },
    closed: ['Closed'],
  },
  Cases: {
    elementType: 'Cases',
    fields: {
      status: 'casestatus',
      priority: 'casepriority',
      title: 'title',
      owner: 'assigned_user_id',
      group: 'group_id',
    },
    closed: ['Resolved', 'Closed'],
  },
  ProjectTask: {
    elementType: 'ProjectTask',
    fields: {
      status: 'projecttaskstatus',
      priority: 'projecttaskpriority',
      title: 'projecttaskname',
      due: 'enddate',
      owner: 'assigned_user_id',
    },
    closed: ['Completed', 'Canceled'],
  },
};
