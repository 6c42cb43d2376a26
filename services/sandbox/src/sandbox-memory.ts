import { z } from 'zod';

/** What the sandbox remembers of itself, and by a vendor's name what that one gave out. What came with a later release is not there in a folder of before. */
export const memorySchema = z.looseObject({
  ports: z.object({ page: z.number() }).catchall(z.number()),
  /** The day up to which the company's life is told, exclusive. */
  filledTo: z.string(),
});

export type Memory = z.infer<typeof memorySchema>;
