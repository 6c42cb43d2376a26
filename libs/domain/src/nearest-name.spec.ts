import { nearestName } from './nearest-name.js';

describe('the nearest name', () => {
  it.each([
    ['housr', ['threshold', 'hours'], 'hours'],
    ['timezon', ['timezone', 'cron'], 'timezone'],
    ['Subscribtion', ['Source', 'Subscription'], 'Subscription'],
    ['member', ['members', 'name'], 'members'],
    ['WHEN', ['when'], 'when'],
  ])('of %s among %j is %s', (wanted, known, nearest) => {
    expect(nearestName(wanted, known)).toBe(nearest);
  });

  it('is none where nothing is near', () => {
    expect(nearestName('colour', ['hours', 'expected'])).toBeUndefined();
  });
});
