import type { PullRun } from '../contract.js';
import { shaped, type Call, type VtigerApi } from './api.js';
import { describedIssues, type Issues } from './issues.js';
import type { VtigerApis } from './open-api.js';
import { describeReply } from './schema.js';
import { issueModuleOf } from './settings.js';

/** Whose API answers, and the module as it is there. */
export async function describe(
  apis: VtigerApis,
  call: Call,
  run?: Pick<PullRun, 'memory'>,
): Promise<{ readonly api: VtigerApi; readonly name: 'rest' | 'classic'; readonly issues: Issues }> {
  const { settings } = apis.way;
  const { elementType } = issueModuleOf(settings);
  const { api, name, result } = await apis.begin(
    { operation: 'describe', parameters: { elementType } },
    call,
    run?.memory,
  );
  return { api, name, issues: describedIssues(settings, shaped(describeReply, result, call.label)) };
}
