import type { Retention } from '#domain';
import { z } from 'zod';
import { durationField } from './fields.js';

/** There is one, so nobody has to think of a name. */
export const retentionName = (): string => 'of-everything';

export const retentionSchema = z
  .strictObject({
    facts: durationField.exactOptional().meta({
      description:
        'How long facts are kept after the end of what they tell of, or after they were superseded; for ever without it.',
    }),
    deliveries: durationField.exactOptional().meta({
      description:
        'How long decisions and deliveries are kept after their run, or after they were last said otherwise; for ever without it.',
    }),
  })
  .refine(({ facts, deliveries }) => facts !== undefined || deliveries !== undefined, {
    error: 'it says nothing',
    params: { remedy: 'how long things are kept, such as `facts: 400d` and `deliveries: 400d`' },
  })
  .transform(({ facts, deliveries }): Retention => ({
    ...(facts === undefined ? {} : { factsMs: facts }),
    ...(deliveries === undefined ? {} : { deliveriesMs: deliveries }),
  }))
  .meta({ description: 'How long things are kept.' });
