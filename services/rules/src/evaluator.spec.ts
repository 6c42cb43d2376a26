import { ExpectedDays, Pulls, type Database } from '#storage';
import { Evaluator } from './evaluator.js';
import { companyOf, occasionAt } from './testing.js';

describe('the evaluator', () => {
  it('never decides about people by a rule about teams', async () => {
    const company = companyOf(`
kind: Rule
name: issue-index
each: team
over: lastWeek
audience: team
when: 'true'
say: low-hours
---
kind: Subscription
name: ferrari
rules: [issue-index]
schedule: { cron: '0 9 * * MON', timezone: UTC }
to: { channel: slack }`);
    const untouched = {} as Database;
    const evaluator = new Evaluator(untouched, new ExpectedDays(untouched), new Pulls(untouched));
    const occasion = occasionAt('ferrari', company.asOf.toString());

    await expect(evaluator.conclude(company, occasion)).rejects.toThrow('about teams');
  });
});
