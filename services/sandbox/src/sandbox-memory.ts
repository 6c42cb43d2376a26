import { z } from 'zod';

/** What the sandbox remembers of itself. What came with a later release is not there in a folder of before. */
export const memorySchema = z.object({
  ports: z.object({
    page: z.number(),
    slack: z.number(),
    clockify: z.number(),
    googleChat: z.number().optional(),
    jira: z.number().optional(),
    outlook: z.number().optional(),
    vtiger: z.number().optional(),
    wecom: z.number().optional(),
    jiandaoyun: z.number().optional(),
  }),
  /** The day up to which the company's life is told, exclusive. */
  filledTo: z.string(),
  clockify: z.object({ workspaceId: z.string(), apiKey: z.string() }),
  /** The key file of the Chat app's service account: like Google, the simulator keeps the public half only. */
  googleChat: z.object({ serviceAccount: z.string() }).optional(),
});

export type Memory = z.infer<typeof memorySchema>;
