import type { RawDocument } from '#documents';
import type { Sandbox } from '../../sandbox/src/sandbox.js';

/** The same documents, with the addresses of the simulated vendors in the place of the real ones. */
export const pointAtSandbox =
  (sandbox: Sandbox) =>
  (documents: readonly RawDocument[]): readonly RawDocument[] =>
    documents.map((document) => {
      const differing =
        document.kind === 'Source' || document.kind === 'Channel'
          ? settingsFor(sandbox, String(document.content['type']))
          : undefined;
      if (!differing) return document;
      return {
        ...document,
        content: {
          ...document.content,
          settings: { ...(document.content['settings'] as object), ...differing },
        },
      };
    });

function settingsFor(sandbox: Sandbox, type: string): Readonly<Record<string, string>> | undefined {
  switch (type) {
    case 'clockify':
      return {
        baseUrl: sandbox.endpoints.clockify,
        reportsUrl: sandbox.endpoints.clockifyReports,
        workspaceId: sandbox.clockifyWorkspaceId,
      };
    case 'slack':
      return { baseUrl: sandbox.endpoints.slack };
    default:
      return undefined;
  }
}
