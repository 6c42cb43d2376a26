import { z } from 'zod';
import { kindNames, kinds, type Kind } from './kinds/index.js';
import type { Plugins } from './plugins.js';
import { isSecret } from './secrets.js';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** JSON Schemas for editors, by file name: one for each kind, and `document.schema.json` for files of all kinds. */
export function jsonSchemas(plugins: Plugins): Readonly<Record<string, JsonSchema>> {
  const byKind = kindNames.map(
    (kind) => [`${kind.toLowerCase()}.schema.json`, schemaFor(kind, plugins)] as const,
  );
  const any: JsonSchema = {
    $schema: draft,
    title: 'A document of Carillon',
    oneOf: byKind.map(([file]) => ({ $ref: file })),
  };
  return Object.fromEntries([...byKind, ['document.schema.json', any]]);
}

const draft = 'https://json-schema.org/draft/2020-12/schema';

function schemaFor(kind: Kind, plugins: Plugins): JsonSchema {
  const { properties, required, ...rest } = asWritten(kinds[kind].schema);
  return {
    ...rest,
    $schema: draft,
    title: kind,
    properties: { kind: { const: kind }, ...(properties as JsonSchema) },
    required: ['kind', ...((required as string[] | undefined) ?? [])],
    ...(kind === 'Source' && settingsByType(plugins.sources)),
    ...(kind === 'Channel' && settingsByType(plugins.channels)),
  };
}

/** Each `type` has the settings of its plugin. */
const settingsByType = (
  plugins: ReadonlyMap<string, { readonly settings: z.ZodType } | undefined>,
): JsonSchema => ({
  allOf: [
    { properties: { type: { enum: [...plugins.keys()] } } },
    ...[...plugins].map(([type, plugin]) => ({
      if: { properties: { type: { const: type } } },
      then: plugin ? { properties: { settings: asWritten(plugin.settings) } } : {},
    })),
  ],
});

/** A schema of what users write, before defaults and conversions; secrets as references. */
function asWritten(schema: z.ZodType): JsonSchema {
  const written = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (!isSecret(zodSchema)) return;
      const { description } = jsonSchema;
      for (const key of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, key);
      Object.assign(jsonSchema, {
        ...(description && { description }),
        type: 'object',
        properties: {
          secret: { type: 'string', description: 'The name of the secret.' },
          aws: { type: 'string', description: 'A secret of AWS Secrets Manager, by its whole name or ARN.' },
          key: { type: 'string', description: 'Which of its key/value pairs.' },
        },
        oneOf: [{ required: ['secret'] }, { required: ['aws'] }],
        dependentRequired: { key: ['aws'] },
        additionalProperties: false,
      });
    },
  });
  // Said once, by the file that this becomes a part of.
  return Object.fromEntries(Object.entries(written).filter(([key]) => key !== '$schema'));
}
