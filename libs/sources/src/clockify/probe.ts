import type { Instant } from '#domain';
import { RemoteError, type Finding } from '#http';
import { Temporal } from 'temporal-polyfill';
import { isWithheld, readRecords, readReply, type ClockifyApi } from './api.js';
import { reportRange } from './report-range.js';
import {
  attendanceReply,
  listReply,
  ownUserReply,
  reportEntryReply,
  reportReply,
  requestsReply,
  usersReply,
  workspacesReply,
} from './schema.js';

/** Do key, plan and permissions suffice? Seven calls, which read and change nothing. */
export async function probe(api: ClockifyApi, signal: AbortSignal): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const look = async (about: string, remedy: string, ask: () => Promise<Finding>): Promise<void> => {
    try {
      findings.push(await ask());
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error;
      findings.push({ level: 'problem', about, message: error.message, remedy });
    }
  };

  let me: { id: string; email?: string | null | undefined; now: Instant } | undefined;
  await look(
    'api key',
    'Make a key in the preferences of an owner or admin, on the sub-domain where there is one.',
    async () => {
      const response = await api.get('/user', {}, { label: 'own user', signal });
      // A source has no clock; the vendor's own says what "the last days" are.
      const date = Date.parse(response.headers['date'] ?? '');
      const now = Temporal.Instant.fromEpochMilliseconds(Number.isNaN(date) ? 0 : date);
      me = { ...readReply(ownUserReply, response, 'own user'), now };
      return { level: 'ok', about: 'api key', message: 'The key is valid.' };
    },
  );
  if (!me) return findings;
  const { id, email, now } = me;

  await look('workspace', 'Check workspaceId, and that the owner of the key belongs to it.', () =>
    findWorkspace(api, signal),
  );
  await look('other people', 'Use the key of an owner or admin.', () => findRole(api, { id, email }, signal));
  await look('reports', 'Check reportsUrl; it differs by region and sub-domain.', () =>
    findReports(api, now, signal),
  );
  if (api.settings.timeOff === 'always') {
    const remedy = 'Use a plan and key that may read time off, or set timeOff: never.';
    await look('time off', remedy, async () => {
      const label = 'time off requests';
      const body = { page: 1, pageSize: 1, statuses: ['ALL'] };
      readReply(
        requestsReply,
        await api.postInWorkspace('/time-off/requests', body, { label, signal }),
        label,
      );
      return { level: 'ok', about: 'time off', message: 'Requests for time off can be read.' };
    });
    await look('holidays', remedy, async () => {
      const label = 'holidays';
      readReply(listReply, await api.getInWorkspace('/holidays', {}, { label, signal }), label);
      return { level: 'ok', about: 'holidays', message: 'Holidays can be read.' };
    });
  }
  return findings;
}

async function findWorkspace(api: ClockifyApi, signal: AbortSignal): Promise<Finding> {
  const about = 'workspace';
  const label = 'workspaces';
  const workspaces = readReply(workspacesReply, await api.get('/workspaces', {}, { label, signal }), label);
  const workspace = workspaces.find(({ id }) => id === api.settings.workspaceId);
  if (!workspace)
    return {
      level: 'problem',
      about,
      message: 'The key does not belong to a member of this workspace.',
      remedy: 'Check workspaceId, and that the owner of the key belongs to it.',
    };
  const plan = workspace.featureSubscriptionType ?? 'FREE';
  return plan === 'FREE'
    ? {
        level: 'warning',
        about,
        message: 'The plan is FREE: a new FREE workspace has 30 calls an hour for everybody together.',
        remedy: 'Pull once or twice a day, for few people; or use a paid plan.',
      }
    : { level: 'ok', about, message: `The workspace is there; its plan is ${plan}.` };
}

/** Roles that see everybody's entries; the owner is spelt like this on the wire. */
const seesEverybody = new Set(['WORKSPACE_OWN', 'WORKSPACE_ADMIN']);

async function findRole(
  api: ClockifyApi,
  me: { id: string; email?: string | null | undefined },
  signal: AbortSignal,
): Promise<Finding> {
  const about = 'other people';
  const label = 'users';
  const response = await api.getInWorkspace(
    '/users',
    { 'include-roles': true, 'page-size': 50, ...(me.email ? { email: me.email } : {}) },
    { label, signal },
  );
  const users = readRecords(usersReply, readReply(listReply, response, label), label);
  const roles = users.find(({ id }) => id === me.id)?.roles;
  return roles?.some(({ role }) => seesEverybody.has(role ?? ''))
    ? { level: 'ok', about, message: 'The key belongs to an owner or admin and sees everybody.' }
    : {
        level: 'warning',
        about,
        message:
          'The key belongs to nobody who is known to be owner or admin; it may see only its own entries, and nobody would be told.',
        remedy: 'Use the key of an owner or admin.',
      };
}

/** Which way hours will take, as far as the last week shows. */
async function findReports(api: ClockifyApi, now: Instant, signal: AbortSignal): Promise<Finding> {
  const about = 'reports';
  if (api.settings.reports === 'never')
    return { level: 'ok', about, message: 'Entries are asked for person by person, as the settings say.' };
  const range = reportRange({ from: now.subtract({ hours: 7 * 24 }), to: now });
  try {
    const label = 'detailed report';
    const { timeentries } = readReply(
      reportReply,
      await api.postReport(
        'detailed',
        {
          ...range,
          exportType: 'JSON',
          amountShown: 'HIDE_AMOUNT',
          detailedFilter: { page: 1, pageSize: 50 },
        },
        { label, signal },
      ),
      label,
    );
    const types = timeentries.map((raw) => reportEntryReply.safeParse(raw).data?.type);
    if (types.length > 0 && types.every((type) => type))
      return {
        level: 'ok',
        about,
        message: 'The detailed report is given and says the type of entries: 1,000 entries a call.',
      };
  } catch (error) {
    if (!isWithheld(error)) throw error;
    return personByPerson('The detailed report is withheld');
  }
  try {
    const label = 'attendance report';
    const body = { ...range, exportType: 'JSON', attendanceFilter: { page: 1, pageSize: 1 } };
    readReply(attendanceReply, await api.postReport('attendance', body, { label, signal }), label);
  } catch (error) {
    if (!isWithheld(error)) throw error;
    return personByPerson(
      'The detailed report says no types of entries, and the attendance report is withheld',
    );
  }
  return {
    level: 'ok',
    about,
    message:
      'The detailed report is given but shows no types of entries: people with breaks, or with holidays or leave that make entries, are asked about one by one.',
  };
}

const personByPerson = (why: string): Finding => ({
  level: 'warning',
  about: 'reports',
  message: `${why}: entries are asked for person by person, which costs a call each.`,
  remedy: 'A plan and key with reports make runs cheaper; the hours are the same.',
});
