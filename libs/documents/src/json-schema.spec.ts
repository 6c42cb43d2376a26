import { z } from 'zod';
import { jsonSchemas } from './json-schema.js';
import { kindNames } from './kinds/index.js';

const schemas = jsonSchemas({
  sources: new Map([
    [
      'clockify',
      {
        settings: z.strictObject({
          apiKey: z.string().meta({ secret: true }).describe('Key of an admin'),
          baseUrl: z
            .url()
            .transform((text) => text)
            .default('https://api.clockify.me/api'),
        }),
        emits: ['work.hours' as const],
      },
    ],
  ]),
  channels: new Map(),
});

describe('the JSON schemas for editors', () => {
  it('are one for each kind and one for all', () => {
    expect(Object.keys(schemas).sort()).toEqual(
      [...kindNames.map((kind) => `${kind.toLowerCase()}.schema.json`), 'document.schema.json'].sort(),
    );
    expect(schemas['document.schema.json']).toMatchObject({
      oneOf: expect.arrayContaining([{ $ref: 'rule.schema.json' }]) as unknown,
    });
  });

  it.each(kindNames)('of a %s say its kind and refuse unknown keys', (kind) => {
    expect(schemas[`${kind.toLowerCase()}.schema.json`]).toMatchObject({
      properties: { kind: { const: kind } },
      required: expect.arrayContaining(['kind']) as unknown,
      additionalProperties: false,
    });
  });

  it('are about what is written, not about what it becomes', () => {
    expect(schemas['subscription.schema.json']).toMatchObject({
      properties: { until: { type: 'string', default: '12h' } },
    });
    expect(schemas['subscription.schema.json']?.required).not.toContain('until');
  });

  it('have the plugins’ settings, where a secret is a reference', () => {
    const [types, clockify] = schemas['source.schema.json']?.allOf as Record<string, unknown>[];

    expect(types).toEqual({ properties: { type: { enum: ['clockify'] } } });
    expect(clockify).toMatchObject({
      if: { properties: { type: { const: 'clockify' } } },
      then: {
        properties: {
          settings: {
            properties: {
              apiKey: {
                description: 'Key of an admin',
                type: 'object',
                properties: { secret: { type: 'string' } },
                additionalProperties: false,
              },
              baseUrl: { type: 'string' },
            },
            required: ['apiKey'],
          },
        },
      },
    });
  });
});
