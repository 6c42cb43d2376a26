import { readFileSync } from 'node:fs';
import { z } from 'zod';

/**
 * What one owner needs of the environment: each field's schema carries its variable as `.meta({ env: 'LOG_LEVEL' })`, and where a wrong
 * value needs an explanation, what would be right as `examples` or `description`.
 */
export type SettingsPart = z.ZodObject;

export type Environment = Readonly<Record<string, string | undefined>>;

/** One variable that is missing or wrong. Its value is never in it: any of them may hold a password. */
export interface SettingsProblem {
  readonly name: string;
  readonly problem: string;
  /** What would be right. */
  readonly remedy: string;
}

/** The environment does not fit; every problem is in it. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  constructor(readonly problems: readonly SettingsProblem[]) {
    super(problems.map(({ name, problem, remedy }) => `${name}: ${problem} — ${remedy}`).join('\n'));
  }
}

/**
 * Reads every owner's part at once. A variable that is empty is not set. Where a field's meta says `file: true`, `NAME_FILE` may name a file
 * that holds the value instead, as the images of databases have it: then it is not in the environment.
 * @throws SettingsError naming all that is wrong
 */
export function readSettings<Parts extends Readonly<Record<string, SettingsPart>>>(
  parts: Parts,
  environment: Environment,
): { readonly [Name in keyof Parts]: Readonly<z.output<Parts[Name]>> } {
  const problems: SettingsProblem[] = [];
  const read = Object.entries(parts).map(([name, part]) => {
    const variables = Object.entries(part.shape).map(([field, schema]) => ({
      field,
      schema,
      name: variableOf(schema, field),
    }));
    const values = variables.map(({ field, name, schema }) => {
      const given = environment[name]?.trim() || undefined;
      const value = metaOf(schema)['file'] === true ? (given ?? inFile(name, environment, problems)) : given;
      return [field, value] as const;
    });
    const result = part.safeParse(Object.fromEntries(values.filter(([, value]) => value !== undefined)));
    if (result.success) return [name, frozen(result.data)] as const;
    for (const issue of result.error.issues) {
      const variable = variables.find(({ field }) => field === issue.path[0]);
      problems.push(explain(issue, variable?.name ?? name, variable?.schema));
    }
    return [name, undefined] as const;
  });
  if (problems.length > 0) throw new SettingsError(problems);
  return Object.freeze(Object.fromEntries(read)) as { [Name in keyof Parts]: z.output<Parts[Name]> };
}

/** What the file holds that `NAME_FILE` names; what is wrong with it is added to the problems. */
function inFile(name: string, environment: Environment, problems: SettingsProblem[]): string | undefined {
  const file = environment[`${name}_FILE`]?.trim();
  if (!file) return undefined;
  try {
    const text = readFileSync(file, 'utf8').trim();
    if (text !== '') return text;
    problems.push({
      name: `${name}_FILE`,
      problem: 'its file is empty',
      remedy: `put into it what ${name} would hold`,
    });
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    problems.push({
      name: `${name}_FILE`,
      problem: `its file cannot be read (${code})`,
      remedy: `the path of a file that holds what ${name} would, readable for this user`,
    });
  }
  return undefined;
}

/** A part that names no variable for a field is a mistake of ours, found by the first run. */
function variableOf(schema: z.core.$ZodType, field: string): string {
  const { env } = metaOf(schema);
  if (typeof env !== 'string')
    throw new TypeError(`the settings field ${field} names no environment variable`);
  return env;
}

/** What a schema and those it wraps say of themselves; the outer wins. */
function metaOf(schema: z.core.$ZodType): Readonly<Record<string, unknown>> {
  const { innerType, in: input } = schema._zod.def as {
    innerType?: z.core.$ZodType;
    in?: z.core.$ZodType;
  } & object;
  const inner = innerType ?? input;
  return { ...(inner && metaOf(inner)), ...z.globalRegistry.get(schema) };
}

function explain(
  issue: z.core.$ZodIssue,
  name: string,
  schema: z.core.$ZodType | undefined,
): SettingsProblem {
  const { examples, description } = schema ? metaOf(schema) : {};
  const words = [
    typeof description === 'string' ? description : undefined,
    Array.isArray(examples) ? `such as ${examples.join(' or ')}` : undefined,
  ].filter((part) => part !== undefined);
  if (issue.code === 'invalid_value')
    return { name, problem: 'it has a value that is not known', remedy: `one of ${issue.values.join(', ')}` };
  const missing =
    issue.code === 'invalid_type' && issue.input === undefined && !issue.message.includes('NaN');
  return {
    name,
    problem: missing ? 'it is not set' : issue.code === 'custom' ? issue.message : 'its value cannot be read',
    remedy: words.length > 0 ? words.join(', ') : 'see the documentation of this variable',
  };
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    for (const inside of Object.values(value)) frozen(inside);
  return Object.freeze(value);
}
