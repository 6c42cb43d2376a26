/**
 * The same pages, each of them asked for while the one before it is still at work: a source and the database need not wait for each other.
 * One page ahead and no more, so that memory stays as it is. What a page failed with is thrown when it is its turn.
 */
export async function* ahead<Page>(pages: AsyncIterable<Page>): AsyncGenerator<Page> {
  const iterator = pages[Symbol.asyncIterator]();
  let isOver = false;
  let next = ask(iterator);
  try {
    for (;;) {
      const result = await next;
      if (result.done) {
        isOver = true;
        return;
      }
      next = ask(iterator);
      yield result.value;
    }
  } finally {
    // Whoever stops in the middle leaves no call of theirs behind.
    if (!isOver) await iterator.return?.();
  }
}

/** A failure waits until somebody looks. */
function ask<Page>(iterator: AsyncIterator<Page>): Promise<IteratorResult<Page>> {
  const asked = iterator.next();
  asked.catch(() => undefined);
  return asked;
}
