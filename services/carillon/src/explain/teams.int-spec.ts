import { CompanyReader } from '#company';
import { issue, team, TeamWorld } from '../../../rules/src/teams.fixture.js';
import { Previewer } from '../preview/previewer.js';
import { previewText } from '../preview/text.js';
import { Explainer } from './explainer.js';
import { explanationText } from './text.js';

describe('of a team', () => {
  let world: TeamWorld;
  beforeEach(async () => {
    world = await TeamWorld.create();
  });
  afterEach(() => world.drop());

  const readAndLook = async () => {
    await world.read([
      team('ferrari'),
      issue('9x1', { priority: 'Critical', title: 'Не працює\nвхід', due: '2026-11-02' }),
      issue('9x2'),
    ]);
    return world.look();
  };
  const previewer = () =>
    new Previewer(
      world.database,
      new CompanyReader(world.database),
      world.evaluator,
      world.say,
      world.occurrences,
      world.decisions,
    );

  it('a message is explained by how things stood then, whatever was read since', async () => {
    const run = await readAndLook();
    const [delivery] = await world.deliveries.ofOccurrence(run.id);
    await world.read([team('ferrari')]);
    await world.look();

    const text = explanationText(await new Explainer(world.database).delivery(delivery?.id ?? ''));

    expect(text).toContain('about      Ferrari, ');
    expect(text).toContain('inputs     open = {"High":1,"other":0,"Critical":1}, score = 15, target = 10');
    expect(text).toMatch(/exception {2}issue-index\/team:ferrari/);
    expect(text).toContain('team ferrari in vtiger: the source knows it');
    expect(text).toContain(
      'kpi.openIssues 9x1 in vtiger: Critical, Open, since Tue 2026-11-10, due Mon 2026-11-02: Не працює вхід',
    );
    expect(text).toContain(
      'kpi.openIssues 9x2 in vtiger: High, Open, since Tue 2026-11-10, never due: Issue 9x2',
    );
    expect(text).toMatch(/read by\n {4}pull 00000000 of vtiger/);
    expect(text).not.toContain('calendar');
    expect(text).not.toContain('somebody who is gone');
  });

  it('that heard nothing it is said why', async () => {
    await readAndLook();
    const explainer = new Explainer(world.database);

    const ferrari = explanationText(await explainer.team('ferrari', 'issue-index'));
    const tesla = explanationText(await explainer.team('tesla', 'issue-index'));

    expect(ferrari).toContain('known in vtiger');
    expect(ferrari).toMatch(/The only run\n.*: said, delivery /);
    expect(tesla).toContain('✗ tesla is not known in vtiger, which the rule needs');
    expect(tesla).toContain('nothing said; not known in vtiger, which the rule needs');
    await expect(explainer.team('bugatti', 'issue-index')).rejects.toThrow('there are: ferrari, tesla');
  });

  it('a preview says what was said, and of runs that never were what would have been', async () => {
    const run = await readAndLook();
    await world.read([team('ferrari')]);

    const lived = await previewer().preview('issue-index', { over: 'thisMonth', known: 'then' });
    const again = await previewer().preview('issue-index', { over: 'thisMonth', known: 'now' });

    const titleOf = (occasions: typeof lived) =>
      occasions
        .filter((one) => one.nominal === run.nominal_at.toString())
        .flatMap(({ sayings }) => sayings.map(({ message }) => ('title' in message ? message.title : '')));
    const said = (await world.said(run))?.title;
    expect(titleOf(lived)).toEqual([said]);
    // Of how things stood that day nothing else is known by now.
    expect(titleOf(again)).toEqual([said]);
    const text = previewText('issue-index', { over: 'thisMonth', known: 'then' }, lived);
    expect(text).toContain('message about 1 team.');
    expect(text).toContain('of 2 teams: 1 to be told of, 0 with nothing to say, 1 left out, 0 held');
  });

  it('a run of before anything was read can say nothing', async () => {
    await readAndLook();

    const runs = await previewer().preview('issue-index', { over: 'lastMonth', known: 'then' });

    expect(runs.length).toBeGreaterThan(20);
    expect(runs.every(({ counts }) => counts.held === 2)).toBe(true);
    expect(previewText('issue-index', { over: 'lastMonth', known: 'then' }, runs)).toContain(
      'Held means that nobody had read how things stood at that time',
    );
  });
});
