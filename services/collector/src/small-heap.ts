import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** By how much the heap may outgrow what was alive before V8 collects. 0 leaves it to V8, which waits for four times as much where much is allocated. */
const GROW_PERCENT = 20;
/** Of what is new, in both of its halves: enough for what some pages leave behind. V8 would take twice as much, and gives none of it back while there is work. */
const YOUNG_BYTES = 32 * 2 ** 20;
const LOOK_MS = 50;

let working = 0;
let looking: NodeJS.Timeout | undefined;

/**
 * Does the work with a heap that is collected early. Every page of a pull becomes garbage, a part of which has outlived a young collection or two, so
 * the heap would grow with the speed of the source, to 0.6 GB of which 60 MB are alive, although a process holds few pages at a time. V8 asks for
 * its flags anew at every collection, so they may be set at any time.
 */
export async function inSmallHeap<Result>(work: () => Promise<Result>): Promise<Result> {
  working += 1;
  if (working === 1) begin();
  try {
    return await work();
  } finally {
    working -= 1;
    if (working === 0) end();
  }
}

function begin(): void {
  setFlagsFromString(`--heap-growing-percent=${GROW_PERCENT}`);
  let isFirst = true;
  looking = setInterval(() => {
    // How far the heap may grow was settled by the collection before. Work that is over by now was not worth one.
    if (isFirst) collect();
    isFirst = false;
    boundYoung();
  }, LOOK_MS).unref();
}

function end(): void {
  clearInterval(looking);
  setFlagsFromString('--heap-growing-percent=0');
  setFlagsFromString('--semi-space-growth-factor=2');
}

/** Whether what is new may have twice the place: V8 takes a most only when a process starts. */
function boundYoung(): void {
  const young =
    getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0;
  setFlagsFromString(`--semi-space-growth-factor=${young < YOUNG_BYTES ? 2 : 1}`);
}

function collect(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  setFlagsFromString('--no-expose-gc');
}
