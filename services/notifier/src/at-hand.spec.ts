import { AtHand } from './at-hand.js';

/** Work that ends when the spec says so. */
const manual = (width: number) => {
  const begun = new Map<string, { end: () => void; fail: (error: Error) => void }>();
  const atHand = new AtHand<string>(
    (item) =>
      new Promise((resolve, reject) => {
        begun.set(item, { end: resolve, fail: reject });
      }),
  );
  atHand.width = width;
  return { atHand, begun };
};
const moment = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('what is at hand', () => {
  it('is on its way as far as the width allows, and the rest waits its turn', async () => {
    const { atHand, begun } = manual(2);

    atHand.add(['a', 'b', 'c']);
    const before = [...begun.keys()];
    begun.get('b')?.end();
    await moment();

    expect(before).toEqual(['a', 'b']);
    expect([...begun.keys()]).toEqual(['a', 'b', 'c']);
    expect(atHand.size).toBe(2);
  });

  it('lets whoever waits for room go on as soon as there is some, however slow one of them is', async () => {
    const { atHand, begun } = manual(4);
    atHand.add(['slow', 'b', 'c', 'd']);

    const roomy = atHand.atMost(2);
    begun.get('b')?.end();
    begun.get('c')?.end();

    await expect(roomy).resolves.toBeUndefined();
    expect(atHand.size).toBe(2);
  });

  it('waits no longer than it was told to', async () => {
    const { atHand } = manual(1);
    atHand.add(['slow']);

    await atHand.atMost(0, 5);

    expect(atHand.size).toBe(1);
  });

  it('gives back what has not begun, and only that', () => {
    const { atHand } = manual(1);
    atHand.add(['a', 'b', 'c']);

    expect(atHand.giveUpWaiting()).toEqual(['b', 'c']);
    expect(atHand.size).toBe(1);
  });

  it('begins nothing more after a failure, lets the others end, and tells of the first', async () => {
    const { atHand, begun } = manual(2);
    atHand.add(['a', 'b', 'c']);

    const over = atHand.atMost(0);
    begun.get('a')?.fail(new Error('first'));
    await moment();
    begun.get('b')?.fail(new Error('second'));
    await over;

    expect(begun.has('c')).toBe(false);
    expect(atHand.hasFailed).toBe(true);
    expect(() => atHand.check()).toThrow('first');
  });
});
