import { addDays, localDate } from '#domain';
import { RemoteError, type Finding } from '#http';
import { Temporal } from 'temporal-polyfill';
import { listMembers, type Apps } from './members.js';
import { monthRecords } from './month-report.js';
import type { WecomSettings } from './settings.js';

/** Do secrets and permissions suffice? It lists the members and asks for two days of one of them, and changes nothing. */
export async function probe(
  apps: Apps,
  settings: WecomSettings,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const look = async <T>(about: string, remedy: string, ask: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error;
      findings.push({ level: 'problem', about, message: error.message, remedy });
      return undefined;
    }
  };
  const members = await look(
    'members',
    apps.contacts
      ? 'Check corpId and contactsSecret: it is that of contact sync (通讯录同步), which only the address that WeCom trusts may use.'
      : 'Check corpId and secret, the trusted addresses (企业可信IP) and the visible range (可见范围) of the app.',
    () => listMembers(apps, settings, signal),
  );
  if (!members) return findings;
  const [first] = members;
  const named = members.filter(({ name }) => name).length;
  findings.push(
    first
      ? {
          level: 'ok',
          about: 'members',
          message: `${members.length} members can be listed, ${named === 0 ? 'by their ids alone' : `${named} of them by name`}.`,
        }
      : {
          level: 'problem',
          about: 'members',
          message: 'No member can be seen.',
          remedy: 'Widen the visible range (可见范围) of the app.',
        },
  );
  if (!first) return findings;
  const remedy =
    'List the app under Check-in (打卡) → apps that may call its API, and let it see the members (可见范围).';
  const records = await look('month report', remedy, () => {
    const at = (apps.contacts ?? apps.app).answeredAt ?? new Date(0);
    const today = localDate(Temporal.Instant.fromEpochMilliseconds(at.getTime()), settings.timezone);
    const days = { firstDay: addDays(today, -2), lastDay: addDays(today, -1) };
    return monthRecords(apps.app, days, settings.timezone, [first.userid], signal);
  });
  if (records)
    findings.push({
      level: 'ok',
      about: 'month report',
      message:
        records.length > 0
          ? 'The month report can be read.'
          : 'The month report can be asked for; the first member has no record of these days.',
    });
  return findings;
}
