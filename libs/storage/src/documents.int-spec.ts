import { Documents } from './documents.repository.js';
import { testDatabase, type TestDatabase } from './testing.js';

describe('since when a document is as it is', () => {
  let test: TestDatabase;
  let documents: Documents;
  beforeAll(async () => {
    test = await testDatabase();
    documents = new Documents(test.database);
  });
  afterAll(() => test.drop());

  /** Applies nothing but this document, and says since when its schedule is what it is. */
  const applied = async (content: Readonly<Record<string, unknown>> | undefined) => {
    const hash = JSON.stringify(content ?? null);
    await documents.apply(
      content ? [{ kind: 'Subscription', name: 'weekly', content, hash }] : [],
      `${hash} ${Math.random()}`,
    );
    return (await documents.unchangedSince('Subscription', 'weekly', 'schedule'))?.toString();
  };

  it('is told of the field, without a break', async () => {
    const made = await applied({ schedule: { cron: 'a' }, digest: false });
    const digested = await applied({ schedule: { cron: 'a' }, digest: true });
    const moved = await applied({ schedule: { cron: 'b' }, digest: true });
    const movedBack = await applied({ schedule: { cron: 'a' }, digest: true });
    const removed = await applied(undefined);
    const again = await applied({ schedule: { cron: 'a' }, digest: true });

    expect(digested).toBe(made);
    expect(removed).toBeUndefined();
    expect([moved, movedBack, again].every((since) => since !== undefined)).toBe(true);
    expect(new Set([made, moved, movedBack, again]).size).toBe(4);
  });
});
