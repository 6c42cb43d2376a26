import fc from 'fast-check';
import { canonical, hashOf } from './canonical.js';
import { diffDocuments } from './diff.js';
import type { RawDocument } from './raw-document.js';

const rule = (name: string, content: Record<string, unknown>): RawDocument => ({
  kind: 'Rule',
  name,
  content,
});

describe('what applying documents would do', () => {
  it('adds, changes, removes and leaves', () => {
    const before = [
      rule('gone', {}),
      rule('changed', { params: { threshold: 25 } }),
      rule('same', { a: 1, b: 2 }),
    ];
    const after = [
      rule('same', { b: 2, a: 1 }),
      rule('changed', { params: { threshold: 30 } }),
      rule('new', {}),
    ];

    const diff = diffDocuments(before, after);

    expect(diff.added.map(({ name }) => name)).toEqual(['new']);
    expect(diff.removed.map(({ name }) => name)).toEqual(['gone']);
    expect(diff.same.map(({ name }) => name)).toEqual(['same']);
    expect(diff.changed).toEqual([{ before: before[1], after: after[1], paths: ['params.threshold'] }]);
  });

  it('tells documents of different kinds apart', () => {
    const team: RawDocument = { kind: 'Team', name: 'a', content: {} };

    expect(diffDocuments([rule('a', {})], [team])).toMatchObject({ added: [team], removed: [rule('a', {})] });
  });

  it.each([
    ['a value', { a: 1 }, { a: 2 }, ['a']],
    ['a value that came', {}, { a: { b: 1 } }, ['a']],
    ['an empty value that came', {}, { a: null }, ['a']],
    ['a value that went', { a: 1, b: 2 }, { b: 2 }, ['a']],
    ['a value deep inside', { a: [{ b: 1 }, { b: 2 }] }, { a: [{ b: 1 }, { b: 3 }] }, ['a[1].b']],
    ['an entry that came', { a: [1] }, { a: [1, 2] }, ['a[1]']],
    ['a list that became a map', { a: [1] }, { a: { 0: 1 } }, ['a']],
    ['two values', { a: 1, b: { c: 1 } }, { a: 2, b: { c: 2 } }, ['a', 'b.c']],
  ])('names %s that differs', (_, before, after, paths) => {
    expect(diffDocuments([rule('r', before)], [rule('r', after)]).changed[0]?.paths).toEqual(paths);
  });

  it('finds nothing where nothing was changed, and something wherever something was', () => {
    const content = fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue({ maxDepth: 3 }));

    fc.assert(
      fc.property(content, content, (one, other) => {
        const { changed, same } = diffDocuments([rule('r', one)], [rule('r', other)]);

        expect(same).toHaveLength(canonical(one) === canonical(other) ? 1 : 0);
        expect(changed).toHaveLength(1 - same.length);
        for (const { paths } of changed) expect(paths.length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('a document’s hash', () => {
  it('counts what it says, not in which order', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (content) => {
        const turned = Object.fromEntries(Object.entries(content).reverse());

        expect(hashOf(rule('r', turned))).toBe(hashOf(rule('r', content)));
      }),
    );
  });

  it.each([
    ['its kind', { kind: 'Team', name: 'r', content: { a: '1' } }],
    ['its name', rule('s', { a: '1' })],
    ['a number and a text', rule('r', { a: 1 })],
    ['a list and a text', rule('r', { a: ['1'] })],
  ])('tells %s apart', (_, other) => {
    expect(hashOf(other)).not.toBe(hashOf(rule('r', { a: '1' })));
  });
});
