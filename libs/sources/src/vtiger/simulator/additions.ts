import type { Field, FieldType, Module } from './model.js';

/** What a test adds. Ids are whole (`17x901`), and of their module's prefix; left out, they are minted. Times are instants, `2026-03-02T07:12:44Z`. */
export interface NewUser {
  readonly id?: string;
  /** The name to log in with. */
  readonly name: string;
  readonly firstName?: string;
  readonly lastName?: string;
  /** By default the name, where that is an e-mail. */
  readonly email?: string;
  /** Without one the user cannot log in: `ACCESSKEY_UNDEFINED`. */
  readonly accessKey?: string;
  readonly status?: 'Active' | 'Inactive';
  readonly zone?: string;
  /** Sees hidden records and denied modules, and may ask for `syncType=application`; false by default. */
  readonly admin?: boolean;
  readonly roleId?: string;
  /** From everybody who is no administrator. */
  readonly hidden?: boolean;
}

export interface NewGroup {
  readonly id?: string;
  readonly name: string;
  readonly description?: string;
  readonly userIds?: readonly string[];
}

export interface NewRecord {
  readonly module: string;
  readonly id?: string;
  /** By name of the field. What is left out is the field's default, or empty. */
  readonly values?: Readonly<Record<string, string>>;
  /** A user or a group; by default the first user. */
  readonly owner?: string;
  /** Now by default. */
  readonly createdAt?: string;
  /** By default `createdAt`. */
  readonly modifiedAt?: string;
  /** From everybody who is no administrator: taken out of pages after their LIMIT. */
  readonly hidden?: boolean;
  /** Shown instead of, or besides, the values, whatever its type: malformed and surplus fields. No query sees it. */
  readonly shown?: Readonly<Record<string, unknown>>;
  /** Fields that are left out where the record is shown. */
  readonly missing?: readonly string[];
}

/** `at` is when it was changed: now by default. */
export type RecordChanges = Partial<Omit<NewRecord, 'module' | 'id' | 'createdAt' | 'modifiedAt'>> & {
  readonly at?: string;
};

export interface UserChanges {
  readonly status?: 'Active' | 'Inactive';
  /** Null takes it away. */
  readonly accessKey?: string | null;
  readonly name?: string;
  readonly email?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly zone?: string;
}

export type NewModule = Pick<Module, 'name' | 'idPrefix'> &
  Partial<Pick<Module, 'label' | 'singular' | 'labelFields'>> & {
    /** Besides owner, description, times and id, which every module has. The first names the record. */
    readonly fields: readonly NewField[];
  };

/** Only its name and type are needed: by default neither mandatory nor anything else. */
export type NewField = Pick<Field, 'name'> &
  Partial<Omit<Field, 'name' | 'type'>> & { readonly type: FieldType['name'] | FieldType };
