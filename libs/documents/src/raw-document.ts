import type { Path, Place, Problem } from './problem.js';

/** Where the values of one document stand. */
export interface Origin {
  readonly file: string;
  /** The value at the path, or the nearest thing around it that is written. */
  valueAt(path: Path): Place;
  /** The key at the end of the path, or the value around it. */
  keyAt(path: Path): Place;
  /** A place inside the text at the path, counted from 1 as the text is once read. */
  insideText(path: Path, line: number, column: number): Place;
}

/** A document before its fields are looked at: a part of a file, a row of the database, what the console sent. */
export interface RawDocument {
  readonly kind: string;
  /** Unique within its kind: the `name`; a person's e-mail; what an exception is about. */
  readonly name: string;
  /** All fields as written, without `kind`. */
  readonly content: Readonly<Record<string, unknown>>;
  /** Absent for what is in no file. */
  readonly origin?: Origin;
}

/** `Rule low-hours`, as people call it. */
export const titleOf = ({ kind, name }: Pick<RawDocument, 'kind' | 'name'>): string => `${kind} ${name}`;

/** A problem with the value, or with `part: 'key'` with the key, at a path of the document. */
export const problemIn = (
  document: RawDocument,
  path: Path,
  message: string,
  remedy: string,
  part: 'value' | 'key' = 'value',
): Problem => {
  const at = part === 'key' ? document.origin?.keyAt(path) : document.origin?.valueAt(path);
  return { ...(at && { at }), document: titleOf(document), path, message, remedy };
};
