import fc from 'fast-check';
import { collectQueue, deliverQueue, kindOf } from './names.js';

it.each([
  ['clockify', 'collect.clockify'],
  ['clockify-us.eu', 'collect.clockify-us.eu'],
  ['час', 'collect.%D1%87%D0%B0%D1%81'],
  ['a:b', 'collect.a%3Ab'],
  ['{a}', 'collect.%7Ba%7D'],
])('the source %s has the queue %s', (source, queue) => {
  expect(collectQueue(source)).toBe(queue);
});

it('gives different documents different queues, none with a colon or a brace', () => {
  const name = fc.string({ unit: 'grapheme', minLength: 1 });
  fc.assert(
    fc.property(name, name, (one, other) => {
      expect(collectQueue(one) === collectQueue(other)).toBe(one === other);
      expect(collectQueue(one)).not.toMatch(/[:{}]/);
    }),
  );
});

it('knows what a queue is about by its name', () => {
  expect(kindOf(deliverQueue('a.b'))).toBe('deliver');
  expect(kindOf('evaluate')).toBe('evaluate');
});
