import type { JiandaoyunEntry, JiandaoyunFormSpec, JiandaoyunSimulator } from '#channels/simulators';
import { members } from './company-wecom.js';
import { staff } from './company-people.js';

/** What the HR department keeps of each month: a row for each person. The fields have aliases, by which documents name them. */
const form: JiandaoyunFormSpec = {
  name: '考勤月报',
  widgets: [
    { label: '员工', type: 'user', alias: 'employee', required: true },
    { label: '部门', type: 'text', alias: 'department' },
    { label: '月份', type: 'datetime', alias: 'month', required: true },
    { label: '应出勤天数', type: 'number', alias: 'due_days' },
    { label: '正常天数', type: 'number', alias: 'regular_days' },
    { label: '迟到次数', type: 'number', alias: 'late' },
    { label: '早退次数', type: 'number', alias: 'left_early' },
    { label: '缺卡次数', type: 'number', alias: 'missing' },
    { label: '旷工次数', type: 'number', alias: 'absent' },
    { label: '工作时长', type: 'number', alias: 'worked_hours' },
    { label: '加班时长', type: 'number', alias: 'overtime_hours' },
    { label: '考勤类型', type: 'radiogroup', alias: 'kind' },
    { label: '外部编号', type: 'text', alias: 'ext_key', unique: true },
    { label: '流水号', type: 'sn' },
  ],
};

/** Brings Jiandaoyun to where the company begins with it: the office's members and an empty form. Doing it again changes nothing. */
export function fillJiandaoyun(jiandaoyun: JiandaoyunSimulator): void {
  if (jiandaoyun.entries.size > 0) return;
  for (const { key, name } of staff) {
    const username = members[key];
    if (username !== undefined) jiandaoyun.addMember({ username, name });
  }
  jiandaoyun.addForm(jiandaoyun.addApp('考勤管理').app_id, form);
}

/** The one form there is. */
export function attendanceForm(jiandaoyun: JiandaoyunSimulator): JiandaoyunEntry {
  const [entry] = jiandaoyun.entries.values();
  if (!entry) throw new Error('Jiandaoyun was not filled');
  return entry;
}
