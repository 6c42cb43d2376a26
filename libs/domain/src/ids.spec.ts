import { deliveryId, notificationId, occurrenceId } from './ids.js';
import { instant } from './instant.js';

const period = { from: '2026-10-05', to: '2026-10-12' };
const one = { rule: 'low-hours', subject: 'p1', period };

describe('keys', () => {
  it('are the same for ever: a restored database finds by them what it had sent', () => {
    expect([
      occurrenceId({
        subscription: 'weekly-hours',
        zone: 'Europe/Kyiv',
        calendar: '',
        nominal: instant('2026-10-12T06:00:00Z'),
      }),
      notificationId(one),
      notificationId({ ...one, snapshot: 'o1' }),
      deliveryId({ subscription: 'weekly-hours', destination: 'd', says: { period, about: 'p1' } }),
      deliveryId({ subscription: 'weekly-hours', destination: 'd', says: { snapshot: 'o1', about: 'p1' } }),
      deliveryId({ subscription: 'weekly-hours', destination: 'd', says: { notification: 'n1' } }),
      deliveryId({ subscription: 'weekly-hours', destination: 'd', says: { trouble: 't1' } }),
    ]).toMatchInlineSnapshot(`
     [
       "7fe41b3f-4600-5f78-bee7-91f62dacfd59",
       "4360c64c-7d42-5625-a8de-a19723ac6874",
       "545b6fc5-32b5-5052-8549-63893e53dfd8",
       "975aae10-cbee-5586-9e8c-e35e8612e752",
       "ebdd02e9-8e1a-5245-9853-b2add306a7e4",
       "7599d79a-37f2-59c8-914e-2cb0fb06faf4",
       "547391d4-713d-50b3-b38c-f1c128adf4a8",
     ]
    `);
  });

  it('of two looks at the moment on one day are two', () => {
    const [morning, evening] = ['o1', 'o2'].map((snapshot) => notificationId({ ...one, snapshot }));

    expect(morning).not.toBe(evening);
    expect(notificationId(one)).not.toBe(morning);
  });
});
