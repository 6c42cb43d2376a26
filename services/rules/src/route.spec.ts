import type { PlacedSubscription } from '#domain';
import { channels } from '#channels';
import { route } from '#company';

const to = (target: Readonly<Record<string, unknown>>): PlacedSubscription => ({
  name: 'ferrari',
  rules: [],
  digest: true,
  to: { channel: 'google-chat', ...target },
  untilMs: 0,
  whenUnknown: 'leave',
});

describe('the route of a message', () => {
  it('is one for all threads of a space, which share its limit', async () => {
    const plugin = await channels.get('google-chat')?.();
    const [one, other] = ['kpi', 'hours'].map((thread) =>
      route(to({ space: 'spaces/AAAA', thread }), undefined, plugin),
    );

    expect(one?.destination).toBe(other?.destination);
    expect(one?.target).toMatchObject({ thread: 'kpi' });
    expect(other?.target).toMatchObject({ thread: 'hours' });
  });

  it('is another for another space', async () => {
    const plugin = await channels.get('google-chat')?.();

    expect(route(to({ space: 'spaces/AAAA' }), undefined, plugin).destination).not.toBe(
      route(to({ space: 'spaces/BBBB' }), undefined, plugin).destination,
    );
  });
});
