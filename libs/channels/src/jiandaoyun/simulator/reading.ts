import { z } from 'zod';
import { refuse } from './refusal.js';

export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The body: one JSON object. Anything else is code 1. */
export function readObject(body: string): Fields {
  let given: unknown;
  try {
    given = JSON.parse(body);
  } catch {
    throw refuse(1, 'the body is no JSON');
  }
  if (!isFields(given)) throw refuse(1, 'the body is no JSON object');
  return given;
}

export interface Parameters<T> {
  readonly values: T;
  /** Names that the vendor does not document, and pays no attention to. */
  readonly unknown: readonly string[];
}

/** The parameters by their schema, or 17017. Which of 1, 3005 and 17017 the vendor gives for which mistake is not documented. */
export function readParameters<Shape extends z.ZodRawShape>(
  given: Fields,
  shape: Shape,
): Parameters<z.output<z.ZodObject<Shape>>> {
  const result = z.object(shape).safeParse(given);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw refuse(17017, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`);
  }
  return { values: result.data, unknown: Object.keys(given).filter((name) => !(name in shape)) };
}
