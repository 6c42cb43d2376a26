import { z } from 'zod';
import { issueToWrite, type Handler } from './context.js';
import { JiraError } from './jira-error.js';
import { shaped } from './request.js';

const url = z.string().refine((text) => URL.canParse(text), 'not a URL');
const icon = z.strictObject({ url16x16: url.optional(), title: z.string().optional(), link: url.optional() });

const remoteLink = z.strictObject({
  globalId: z.string().min(1).max(255).optional(),
  application: z.strictObject({ type: z.string().optional(), name: z.string().optional() }).optional(),
  relationship: z.string().optional(),
  object: z.strictObject({
    url,
    title: z.string().min(1),
    summary: z.string().optional(),
    icon: icon.optional(),
    status: z.strictObject({ resolved: z.boolean().optional(), icon: icon.optional() }).optional(),
  }),
});

/** The same `globalId` takes the place of the one before, with everything left out of it gone. [S] */
export const putRemoteLink: Handler = (context) => {
  const issue = issueToWrite(context, 'edit');
  const { globalId, ...link } = shaped(context.body, remoteLink);
  const held =
    globalId === undefined ? undefined : issue.remoteLinks.find((one) => one.globalId === globalId);
  if (!held && issue.remoteLinks.length >= context.doubts.mostRemoteLinks)
    throw new JiraError(413, ['The issue has the most remote links that an issue can have.']);
  const { id } = held ?? context.site.addRemoteLink(issue, globalId, link);
  if (held) context.site.replaceRemoteLink(held, link);
  const self = `${context.origin}/rest/api/3/issue/${issue.key}/remotelink/${id}`;
  return { status: held ? 200 : 201, body: { id, self } };
};
