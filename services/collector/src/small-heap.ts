import { setFlagsFromString } from 'node:v8';

/** How much the heap may grow beyond what was alive before V8 collects. 0 leaves it to V8, which waits for four times as much where much is allocated. */
const grow = (percent: number): void => setFlagsFromString(`--heap-growing-percent=${percent}`);

let working = 0;

/**
 * Does the work with a heap that is collected early. Every page of a pull becomes garbage that has outlived a young collection or two, so the
 * heap would grow with the speed of the source, to 0.6 GB of which 60 MB are alive, although a process holds two pages at a time. V8 asks for
 * the percentage anew at every collection, so it may be set at any time.
 */
export async function inSmallHeap<Result>(work: () => Promise<Result>): Promise<Result> {
  working += 1;
  grow(40);
  try {
    return await work();
  } finally {
    working -= 1;
    if (working === 0) grow(0);
  }
}
