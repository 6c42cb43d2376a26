import type { NewDepartment, NewUser } from './additions.js';
import type { Rule } from './model.js';

export const exampleDepartments: readonly NewDepartment[] = [
  { id: 1, name: '示例公司', nameEn: 'Acme' },
  { id: 2, name: '研发部', nameEn: 'Engineering' },
  { id: 3, name: '前端组', nameEn: 'Front end', parentId: 2 },
  { id: 4, name: '后端组', nameEn: 'Back end', parentId: 2 },
  { id: 5, name: '客服部', nameEn: 'Support' },
  { id: 6, name: '销售部', nameEn: 'Sales' },
  { id: 7, name: '华东销售组', nameEn: 'Sales East', parentId: 6 },
  { id: 8, name: '财务部', nameEn: 'Finance' },
];

type Work = 'office' | 'shifts' | 'sales';

export interface ExamplePerson extends NewUser {
  readonly departments: readonly number[];
  readonly work: Work;
  readonly rule: Rule | null;
  /** In days of the month: joins on the first, leaves after the second. */
  readonly from: number;
  readonly to: number;
}

const rules: Readonly<Record<Work, Rule>> = {
  office: { type: 1, groupId: 10, groupName: '总部固定班' },
  shifts: { type: 3, groupId: 12, groupName: '客服排班' },
  sales: { type: 4, groupId: 14, groupName: '销售自由打卡' },
};

/** Numbers for given names, as in 张三 and 李四: the names of nobody. */
const digits = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
const spokenDigits = ['', 'yi', 'er', 'san', 'si', 'wu', 'liu', 'qi', 'ba', 'jiu'];
const families = [
  ...[
    '张 Zhang',
    '李 Li',
    '王 Wang',
    '赵 Zhao',
    '钱 Qian',
    '孙 Sun',
    '周 Zhou',
    '吴 Wu',
    '郑 Zheng',
    '冯 Feng',
  ],
  ...[
    '陈 Chen',
    '褚 Chu',
    '卫 Wei',
    '蒋 Jiang',
    '沈 Shen',
    '韩 Han',
    '杨 Yang',
    '朱 Zhu',
    '秦 Qin',
    '尤 You',
  ],
  ...['许 Xu', '何 He', '吕 Lü', '施 Shi', '孔 Kong', '曹 Cao', '严 Yan', '华 Hua', '金 Jin', '魏 Wei'],
];
/** By their turn: the general manager, then the departments in groups. */
const homes: readonly {
  readonly until: number;
  readonly departments: readonly number[];
  readonly work: Work;
}[] = [
  { until: 1, departments: [1], work: 'office' },
  { until: 2, departments: [2], work: 'office' },
  { until: 7, departments: [3], work: 'office' },
  { until: 13, departments: [4], work: 'office' },
  { until: 20, departments: [5], work: 'shifts' },
  { until: 22, departments: [6], work: 'sales' },
  { until: 27, departments: [7], work: 'sales' },
  { until: 30, departments: [8], work: 'office' },
];
const leads: ReadonlyMap<number, readonly number[]> = new Map([
  [1, [1]],
  [2, [2]],
  [3, [3]],
  [8, [4]],
  [14, [5]],
  [21, [6]],
  [23, [7]],
  [28, [8]],
]);

/**
 * Thirty invented people, `wc-001` to `wc-030`. The first is on no rule, the seventh is in two departments, the 26th joins and the 27th
 * leaves in mid-month.
 */
export const examplePeople: readonly ExamplePerson[] = families.map((family, index) => {
  const turn = index + 1;
  const [written = '', spoken = ''] = family.split(' ');
  const home = homes.find(({ until }) => turn <= until) ?? { departments: [1], work: 'office' as const };
  const leading = leads.get(turn) ?? [];
  const id = idOf(turn);
  return {
    id,
    name: `${written}${numeral(index + 3)}`,
    nameEn: `${spokenNumeral(index + 3)} ${spoken}`,
    position: leading.length > 0 ? '主管' : '专员',
    departments: turn === 7 ? [3, 4] : home.departments,
    leads: leading,
    managers: turn === 1 ? [] : [leading.length > 0 ? idOf(1) : leaderOf(home.departments[0] ?? 1)],
    email: `${id}@acme.example`,
    rule: turn === 1 ? null : rules[home.work],
    work: home.work,
    from: turn === 26 ? 16 : 1,
    to: turn === 27 ? 16 : 31,
  };
});

function idOf(turn: number): string {
  return `wc-${String(turn).padStart(3, '0')}`;
}

function leaderOf(department: number): string {
  for (const [turn, led] of leads) if (led.includes(department)) return idOf(turn);
  return idOf(1);
}

function numeral(value: number): string {
  const [tens, ones] = [Math.floor(value / 10), digits[value % 10] ?? ''];
  return tens === 0 ? ones : `${tens === 1 ? '' : (digits[tens] ?? '')}十${ones}`;
}

function spokenNumeral(value: number): string {
  const [tens, ones] = [Math.floor(value / 10), spokenDigits[value % 10] ?? ''];
  const spoken = tens === 0 ? ones : `${tens === 1 ? '' : (spokenDigits[tens] ?? '')}shi${ones}`;
  return spoken.slice(0, 1).toUpperCase() + spoken.slice(1);
}
