import { setTimeout as pause } from 'node:timers/promises';
import { inSmallHeap } from './small-heap.js';

describe('work in a small heap', () => {
  /** Nobody holds what it refers to. */
  const garbage = (): WeakRef<object> => new WeakRef({});

  it('gets rid of what was left before it, where it lasts', async () => {
    const left = garbage();

    await inSmallHeap(async () => {
      for (let looks = 0; looks < 500 && left.deref() !== undefined; looks += 1) await pause(10);
    });

    expect(left.deref()).toBeUndefined();
  });

  it('gives what it gives, and fails as it fails', async () => {
    await expect(inSmallHeap(() => Promise.resolve('done'))).resolves.toBe('done');
    await expect(inSmallHeap(() => Promise.reject(new Error('cut off')))).rejects.toThrow('cut off');
  });
});
