import { z } from 'zod';
import type { Configuration } from './configuration.js';
import { formatPath, type Path, type Problem } from './problem.js';
import { problemIn, type RawDocument } from './raw-document.js';
import { stepInto, withInner } from './schema-shape.js';

/** A secret's name and who needs it. */
export interface SecretReference {
  readonly name: string;
  /** `Source clockify`. */
  readonly document: string;
  readonly path: Path;
}

const referenceSchema = z.union([
  z.strictObject({ secret: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/) }),
  /** A secret of AWS Secrets Manager by its whole name or ARN, and the key where it holds several. */
  z.strictObject({
    aws: z.string().regex(/^[\w/+=.@:-]{1,2048}$/),
    key: z
      .string()
      .regex(/^[^#]{1,200}$/)
      .exactOptional(),
  }),
]);
type Reference = z.infer<typeof referenceSchema>;

const isReference = (value: unknown): value is Reference => referenceSchema.safeParse(value).success;

/** `slack-bot-token`; or `aws:carillon/slack#botToken` for what is placed in AWS, which no other name can be. */
const nameOf = (reference: Reference): string =>
  'secret' in reference
    ? reference.secret
    : `aws:${reference.aws}${reference.key === undefined ? '' : `#${reference.key}`}`;

/** Every secret that the configuration names, in the order of its documents. */
export const secretReferences = ({ sources, channels }: Configuration): SecretReference[] => [
  ...sources.flatMap(({ name, settings }) => within(settings, `Source ${name}`)),
  ...channels.flatMap(({ name, settings }) => within(settings, `Channel ${name}`)),
];

const within = (settings: unknown, document: string): SecretReference[] =>
  values(settings, ['settings']).flatMap(({ value, path }) =>
    isReference(value) ? [{ name: nameOf(value), document, path }] : [],
  );

/** All maps in some data, with their paths. */
function values(value: unknown, path: Path): { value: unknown; path: Path }[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.entries(value).flatMap(([key, one]) =>
    values(one, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return [{ value, path }, ...inside];
}

/** Whether a plugin's schema marks this value as secret. */
export const isSecret = (schema: z.core.$ZodType): boolean =>
  withInner(schema).some((one) => z.globalRegistry.get(one)?.secret === true);

/** Settings with every reference in its place checked and a text put there, so that the plugin's own schema can look at the rest. */
export interface Unsealed {
  readonly settings: unknown;
  /** Where texts were put: what the schema says about them says nothing. */
  readonly sealed: readonly string[];
  readonly problems: readonly Problem[];
}

/** Checks that secret settings are references, and that only they are. */
export function unseal(document: RawDocument, settings: unknown, schema: z.core.$ZodType): Unsealed {
  const sealed: string[] = [];
  const problems: Problem[] = [];
  const visit = (value: unknown, schemas: readonly z.core.$ZodType[], path: Path): unknown => {
    if (schemas.some(isSecret)) {
      sealed.push(formatPath(path));
      if (!isReference(value)) problems.push(notReferred(document, value, path));
      return 'secret';
    }
    if (schemas.length > 0 && isReference(value)) {
      sealed.push(formatPath(path));
      problems.push(needlessReference(document, path));
      return value;
    }
    if (Array.isArray(value))
      return value.map((one, index) => visit(one, next(schemas, index), [...path, index]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, visit(one, next(schemas, key), [...path, key])]),
    );
  };
  return { settings: visit(settings, [schema], ['settings']), sealed, problems };
}

const next = (schemas: readonly z.core.$ZodType[], key: string | number): z.core.$ZodType[] =>
  schemas.flatMap((schema) => stepInto(schema, key));

/** Never shows the value: it may be the secret itself. */
function notReferred(document: RawDocument, value: unknown, path: Path): Problem {
  const field = String(path.at(-1));
  const message =
    typeof value === 'string'
      ? `\`${field}\` is a secret and must not be written here`
      : `\`${field}\` must name a secret`;
  return problemIn(
    document,
    path,
    message,
    `\`{ secret: ${document.name}-${kebab(field)} }\`, and the secret itself where secrets are kept`,
  );
}

const kebab = (name: string): string => name.replaceAll(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();

const needlessReference = (document: RawDocument, path: Path): Problem =>
  problemIn(document, path, `\`${String(path.at(-1))}\` is no secret`, 'write its value');
