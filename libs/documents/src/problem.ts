/** A place in a file; both counts begin at 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Keys and indexes from a document's top to one of its values. */
export type Path = readonly (string | number)[];

/** Something that is not right in what users configured. */
export interface Problem {
  /** Where; absent for documents that come from no file. */
  readonly at?: Place;
  /** Which document, such as `Rule low-hours`. */
  readonly document?: string;
  readonly path: Path;
  /** What is wrong. */
  readonly message: string;
  /** What would be right. */
  readonly remedy: string;
}

/** `rules.yaml:9:7 Rule low-hours: nothing here is called `housr` — did you mean `hours`?` */
export const formatProblem = ({ at, document, path, message, remedy }: Problem): string => {
  const place = at ? `${at.file}:${at.line}:${at.column}` : path.length > 0 ? formatPath(path) : '';
  const subject = [place, document].filter(Boolean).join(' ');
  return `${subject ? `${subject}: ` : ''}${message} — ${remedy}`;
};

/** `needs.clockify`, `holidays[3].day`. */
export const formatPath = (path: Path): string =>
  path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`),
    '',
  );

/** Files in order, and within them from top to bottom; what comes from no file last. */
export const inOrder = (problems: readonly Problem[]): Problem[] =>
  [...problems].sort((one, other) => {
    if (!one.at || !other.at) return Number(!one.at) - Number(!other.at);
    return (
      (one.at.file < other.at.file ? -1 : Number(one.at.file > other.at.file)) ||
      one.at.line - other.at.line ||
      one.at.column - other.at.column
    );
  });
