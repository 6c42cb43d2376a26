import { z } from 'zod';
import type { Path } from './problem.js';

/** The schemas that a value at this place may meet: through defaults, refinements, transformations and unions, down to what has a shape. */
function shapesOf(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (schema instanceof z.ZodPipe) return shapesOf(schema.def.in);
  if (schema instanceof z.ZodUnion) return schema.def.options.flatMap(shapesOf);
  if (schema instanceof z.ZodLazy) return shapesOf(schema.def.getter());
  const inner = innerOf(schema);
  return inner ? shapesOf(inner) : [schema];
}

/** What a wrapper (optional, default, …) wraps. */
const innerOf = (schema: z.core.$ZodType): z.core.$ZodType | undefined =>
  'innerType' in schema._zod.def ? (schema._zod.def.innerType as z.core.$ZodType) : undefined;

/** The schemas one step further in. */
export function stepInto(schema: z.core.$ZodType, key: string | number): z.core.$ZodType[] {
  return shapesOf(schema).flatMap((shape) => {
    if (shape instanceof z.ZodObject) {
      const field: z.core.$ZodType | undefined = shape.def.shape[String(key)];
      return field ? [field] : [];
    }
    if (shape instanceof z.ZodRecord) return [shape.def.valueType];
    if (shape instanceof z.ZodArray) return [shape.def.element];
    return [];
  });
}

/** What the schema says of itself at the path: an example, else its description. */
export function hintAt(schema: z.core.$ZodType, path: Path): string | undefined {
  const metas = reached(schema, path)
    .flatMap(withInner)
    .map((one) => z.globalRegistry.get(one));
  const [example] = metas.flatMap((meta) =>
    Array.isArray(meta?.examples) ? (meta.examples as unknown[]) : [],
  );
  if (example !== undefined) return `such as \`${String(example)}\``;
  const description = metas.find((meta) => meta?.description !== undefined)?.description;
  return description && description.charAt(0).toLowerCase() + description.slice(1).replace(/\.$/, '');
}

/** A schema and what it wraps, outermost first. */
export function withInner(schema: z.core.$ZodType): z.core.$ZodType[] {
  const inner = schema instanceof z.ZodPipe ? schema.def.in : innerOf(schema);
  return inner ? [schema, ...withInner(inner)] : [schema];
}

const reached = (schema: z.core.$ZodType, path: Path): z.core.$ZodType[] =>
  path.reduce<z.core.$ZodType[]>((schemas, key) => schemas.flatMap((one) => stepInto(one, key)), [schema]);

/** The keys that a map at the path may have; empty where any may be there. */
export function knownKeys(schema: z.core.$ZodType, path: Path): string[] {
  const keys = reached(schema, path)
    .flatMap(shapesOf)
    .flatMap((shape) => (shape instanceof z.ZodObject ? Object.keys(shape.def.shape) : []));
  return [...new Set(keys)];
}
