import type { Company, Entry, FormSpec } from './company.js';

/** A form as an HR department keeps it: one row for each person and month. `外部编号` has the alias under which an external key is stored. */
const attendanceForm: FormSpec = {
  name: '考勤月报',
  widgets: [
    { label: '外部编号', type: 'text', alias: 'ext_key', widgetName: '_widget_1767225600001', unique: true },
    { label: '员工', type: 'user', widgetName: '_widget_1767225600002', required: true },
    { label: '部门', type: 'dept', widgetName: '_widget_1767225600003' },
    { label: '月份', type: 'datetime', widgetName: '_widget_1767225600004', required: true },
    { label: '应出勤天数', type: 'number', widgetName: '_widget_1767225600005' },
    { label: '实际出勤天数', type: 'number', widgetName: '_widget_1767225600006' },
    { label: '迟到次数', type: 'number', widgetName: '_widget_1767225600007' },
    { label: '早退次数', type: 'number', widgetName: '_widget_1767225600008' },
    { label: '缺勤天数', type: 'number', widgetName: '_widget_1767225600009' },
    { label: '加班时长', type: 'number', widgetName: '_widget_1767225600010' },
    { label: '请假类型', type: 'checkboxgroup', widgetName: '_widget_1767225600011' },
    { label: '状态', type: 'radiogroup', widgetName: '_widget_1767225600012' },
    { label: '备注', type: 'textarea', widgetName: '_widget_1767225600013' },
    {
      label: '考勤明细',
      type: 'subform',
      widgetName: '_widget_1767225600014',
      items: [
        { label: '日期', type: 'datetime', widgetName: '_widget_1767225600015' },
        { label: '迟到分钟', type: 'number', widgetName: '_widget_1767225600016' },
        { label: '工作时长', type: 'number', widgetName: '_widget_1767225600017' },
      ],
    },
    { label: '流水号', type: 'sn', widgetName: '_widget_1767225600018' },
  ],
};

/** Puts the app 考勤管理 with that form into a company, and three departments. */
export function addAttendance(company: Company): Entry {
  company.addDepartment(12, '研发部');
  company.addDepartment(13, '测试部');
  company.addDepartment(14, '人事部');
  return company.addForm(company.addApp('考勤管理').app_id, attendanceForm);
}
