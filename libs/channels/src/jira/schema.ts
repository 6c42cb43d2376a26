import { z } from 'zod';

/** Only the fields that are read. https://developer.atlassian.com/cloud/jira/platform/rest/v3/ */
export const myself = z.object({ accountId: z.string().min(1), displayName: z.string().optional() });

const issueKey = z.string().regex(/^[A-Z][A-Z0-9_]*-\d+$/);
const issueId = z.string().regex(/^\d+$/);

export const createdIssue = z.object({ id: issueId, key: issueKey });

export const storedIssue = z.object({
  id: issueId,
  key: issueKey,
  fields: z.object({
    summary: z.string(),
    description: z.unknown(),
    status: z.object({ name: z.string(), statusCategory: z.object({ key: z.string() }) }),
  }),
});
export type StoredIssue = z.infer<typeof storedIssue>;

export const searchReply = z.object({ issues: z.array(z.object({ id: issueId, key: issueKey })) });

/** What our property of an issue says. */
export const markReply = z.object({
  value: z.object({
    id: z.string(),
    revision: z.number(),
    withdrawn: z.boolean().optional(),
    /** Of the words that we wrote last. */
    text: z.string().optional(),
    /** The revision is a comment: the one of ours that is newer than this one. */
    after: z.string().optional(),
  }),
});

export type Mark = z.infer<typeof markReply>['value'];

export const commentsReply = z.object({
  comments: z.array(z.object({ id: issueId, author: z.object({ accountId: z.string() }).optional() })),
});

export const transitionsReply = z.object({
  transitions: z.array(
    z.object({
      id: z.string().min(1),
      name: z.string(),
      isAvailable: z.boolean().optional(),
      fields: z
        .record(
          z.string(),
          z.object({
            required: z.boolean().optional(),
            hasDefaultValue: z.boolean().optional(),
          }),
        )
        .optional(),
    }),
  ),
});

export const usersReply = z.array(
  z.object({
    accountId: z.string().min(1),
    accountType: z.string().optional(),
    emailAddress: z.string().optional(),
    active: z.boolean().optional(),
  }),
);

const page = { startAt: z.number().default(0), total: z.number().optional() };

const issueType = z.object({ id: z.string().min(1), name: z.string(), subtask: z.boolean().optional() });
const field = z.object({
  fieldId: z.string().min(1),
  name: z.string(),
  required: z.boolean(),
  hasDefaultValue: z.boolean().default(false),
  allowedValues: z
    .array(z.object({ id: z.string().optional(), name: z.string().optional() }))
    .optional()
    .catch(undefined),
});
export type IssueType = z.infer<typeof issueType>;
export type IssueField = z.infer<typeof field>;

/** The arrays have an alias, `results`, in the vendor's own schema. */
export const issueTypesPage = z
  .object({ ...page, issueTypes: z.array(issueType).optional(), results: z.array(issueType).optional() })
  .refine(({ issueTypes, results }) => issueTypes ?? results)
  .transform(({ issueTypes, results, total }) => ({ items: issueTypes ?? results ?? [], total }));
export const fieldsPage = z
  .object({ ...page, fields: z.array(field).optional(), results: z.array(field).optional() })
  .refine(({ fields, results }) => fields ?? results)
  .transform(({ fields, results, total }) => ({ items: fields ?? results ?? [], total }));
