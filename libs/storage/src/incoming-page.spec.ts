import { instant, type Fact } from '#domain';
import { incomingPage } from './incoming-page.js';

const fact: Fact = {
  kind: 'work.hours',
  key: 'a',
  subject: 'u1',
  from: instant('2026-10-05T08:00:00Z'),
  to: instant('2026-10-05T10:30:00.5Z'),
  amount: 9_000_500,
  attributes: { project: null, billable: true, note: '登录 "x"' },
};
const page = (...facts: readonly Fact[]) => incomingPage({ facts, rejected: [], cursor: '1' });

describe('a page made ready', () => {
  it('knows a fact by the hash that every release has made of it, whatever the order of its attributes', async () => {
    const { project, billable, note } = fact.attributes;
    const turned = { ...fact, attributes: { note, billable, project } } as Fact;

    for (const one of [fact, turned])
      expect((await page(one)).columns.hashes).toBe('{"SgooZBlPcyZmG52wlg2M7e9EYGXIWl1QMBAKois5Ctc"}');
  });

  it('has what comes twice once, as it came last, and counts both', async () => {
    const { columns, count } = await page(fact, { ...fact, kind: 'leave' }, { ...fact, amount: 2 });

    expect(columns.kinds).toBe('{"work.hours","leave"}');
    expect(columns.amounts).toBe('{2,9000500}');
    expect(count).toBe(3);
  });

  it('names what was seen by kind, what could not be read as well', async () => {
    const { seen } = await incomingPage({
      facts: [fact, { ...fact, kind: 'leave' }, { ...fact, key: 'b' }],
      rejected: [{ kind: 'leave', key: 'c', why: 'nonsense' }],
      cursor: '1',
    });

    expect(JSON.parse(seen)).toEqual({ 'work.hours': ['a', 'b'], leave: ['a', 'c'] });
  });

  it('lets others have their turn while it is made', async () => {
    const many = Array.from({ length: 1_000 }, (_, index) => ({ ...fact, key: `${index}` }));

    const making = page(...many);
    const others = (async () => {
      for (let count = 0; count < 5; count += 1) await new Promise((resolve) => setImmediate(resolve));
      return 'others';
    })();

    expect(await Promise.race([others, making.then(() => 'the page')])).toBe('others');
  });
});
