import { doc, paragraph, start, stopAll, text } from './session.js';

afterEach(stopAll);

describe('comments, properties and remote links', () => {
  it('are kept with the issue', async () => {
    const { create, call } = await start();
    await create();
    const body = doc(paragraph(text('first')));

    const first = await call('POST /issue/OPS-1/comment', { body });
    await call('POST /issue/OPS-1/comment', { body: doc(paragraph(text('second'))) });
    const listed = await call('GET /issue/OPS-1/comment?orderBy=-created&maxResults=1');
    const plain = await call('POST /issue/OPS-1/comment', { body: 'hi' });

    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ body, author: { displayName: 'Carillon' }, jsdPublic: true });
    expect(listed.body).toMatchObject({
      startAt: 0,
      maxResults: 1,
      total: 2,
      comments: [{ body: doc(paragraph(text('second'))) }],
    });
    expect([plain.status, plain.body['errors']]).toEqual([
      400,
      { comment: 'Operation value must be an Atlassian Document' },
    ]);
  });

  it('properties are set, replaced, read and removed', async () => {
    const { create, call } = await start();
    await create();
    const path = '/issue/OPS-1/properties/acme.delivery';

    const statuses = [
      await call(`GET ${path}`),
      await call(`PUT ${path}`, { id: 1 }),
      await call(`PUT ${path}`, { id: 2 }),
    ].map(({ status }) => status);
    const read = await call(`GET ${path}`);
    const removed = [await call(`DELETE ${path}`), await call(`DELETE ${path}`)];

    expect(statuses).toEqual([404, 201, 200]);
    expect(read.body).toEqual({ key: 'acme.delivery', value: { id: 2 } });
    expect(removed.map(({ status }) => status)).toEqual([204, 404]);
  });

  it('a remote link with the same globalId takes the place of the one before', async () => {
    const { jira, create, call } = await start();
    await create();
    const link = { globalId: 'g1', object: { url: 'https://a.example/1', title: 'Thread' } };

    const made = await call('POST /issue/OPS-1/remotelink', { ...link, relationship: 'discussed in' });
    const again = await call('POST /issue/OPS-1/remotelink', link);
    const untitled = await call('POST /issue/OPS-1/remotelink', { object: { url: 'https://a.example' } });

    expect([made.status, again.status, untitled.status]).toEqual([201, 200, 400]);
    expect(again.body).toMatchObject({ id: made.body['id'] });
    expect(jira.issue('OPS-1')?.remoteLinks).toEqual([
      { id: made.body['id'], globalId: 'g1', link: { object: link.object } },
    ]);
  });
});
