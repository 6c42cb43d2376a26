import type { RawDocument } from '#documents';
import { company } from '../../sandbox/src/company.js';
import type { Sandbox } from '../../sandbox/src/sandbox.js';

/** Joining and leaving dates, which no vendor of this story has: in a real company they come from an HR system or from Git. */
export const peopleOfSandbox = (today: string): readonly RawDocument[] =>
  company(today)
    .filter(({ joined, left }) => joined !== undefined || left !== undefined)
    .map(({ email, joined, left }) => ({
      kind: 'Person',
      name: email,
      content: {
        email,
        ...(joined === undefined ? {} : { joined }),
        ...(left === undefined ? {} : { left }),
      },
    }));

/** The same documents, with the addresses of the simulated vendors in the place of the real ones. */
export const pointAtSandbox =
  (sandbox: Sandbox) =>
  (documents: readonly RawDocument[]): readonly RawDocument[] =>
    documents.map((document) => {
      const settings = settingsFor(sandbox, `${document.kind} ${String(document.content['type'])}`);
      if (!settings) return document;
      return {
        ...document,
        content: {
          ...document.content,
          settings: { ...(document.content['settings'] as object), ...settings },
        },
      };
    });

function settingsFor(sandbox: Sandbox, plugin: string): Readonly<Record<string, string>> | undefined {
  const { endpoints, clockifyWorkspaceId: workspaceId } = sandbox;
  switch (plugin) {
    case 'Source clockify':
      return { workspaceId, baseUrl: endpoints.clockify, reportsUrl: endpoints.clockifyReports };
    case 'Channel clockify':
      return { workspaceId, baseUrl: endpoints.clockify };
    case 'Channel slack':
      return { baseUrl: endpoints.slack };
    default:
      return undefined;
  }
}
