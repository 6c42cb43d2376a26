import type { Message } from '#domain';
import { Temporal } from 'temporal-polyfill';
import { messageText } from '../../services/carillon/src/message-text.js';
import { addressOf, calendars, table, type TablePerson } from './thirty-people.js';
import { wholeText } from './thirty-people-wording.js';
import { onEachQueue } from './on-each-queue.js';
import { World } from './world.js';

/** The week is over everywhere, and Monday, nine o'clock, has been everywhere: in Honolulu an hour ago. */
const at = '2026-10-26T20:00:00Z';

onEachQueue('a week of some thirty people', (queueUrl) => {
  let world: World;

  beforeAll(async () => {
    world = await World.start({ at, ...(await queueUrl()) });
    populate(world);
    await world.apply(world.documents(calendars, ...table.flatMap(documentsOf)));
    await world.run(at);
  });
  afterAll(() => world.stop());

  it.each(table)('$name ($mail) $special', async (person) => {
    const concluded = await conclusions(world, person);
    const said = await world.said();

    expect(concluded).toEqual(person.concluded);
    expect(said[roomOf(person)]).toBe(textOf(person));
  });

  it('says exactly these messages, in exactly these rooms, to exactly these people', () => {
    const heard = table.flatMap((person) =>
      person.hears && person.hears.members !== 'nobody'
        ? [
            [
              person.hears.room,
              { members: ['Carillon', ...person.hears.members].toSorted(), messages: [person.hears.title] },
            ],
          ]
        : [],
    );

    expect(shown(world)).toEqual({
      ...Object.fromEntries(heard),
      'carillon-ops': {
        members: ['Carillon', 'Ops'],
        messages: [
          'Room hours-otto-niemand is not as it should be',
          'clockify: 1 person not matched',
          'slack: 4 people not matched',
        ],
      },
    });
  });

  it('lists for the owner whom it could not match', async () => {
    const troubles = (await world.deliveries()).filter(({ about }) => about === 'trouble');
    const listed = troubles
      .flatMap(({ message }) => messageText(message as Message).split('\n'))
      .filter((line) => line.startsWith('•'))
      .map((line) => line.replace(/ \([^()]*\)$/, ''));

    expect(listed.toSorted()).toEqual([
      '• Bernd Chef bernd@acme.example',
      '• Greta Gegangen greta@acme.example',
      '• Hugo Ohneslack hugo@acme.example',
      '• Kiosk Kasse',
      '• Otto Niemand otto@acme.example',
    ]);
  });

  it('rings nobody by a name', () => {
    const formatted = world.slack
      .channels()
      .flatMap(({ id }) => world.slack.messages(id))
      .flatMap(({ text, blocks }) => [text, ...mrkdwnIn(blocks)]);

    expect(formatted.filter((text) => /<[^@]/.test(text))).toEqual([]);
  });

  it('balances the books', async () => {
    const { database } = world.test;
    const pulls = await database.query<{ state: string; unaccounted: number }>(
      'select state, fetched - new - changed - same - rejected as unaccounted from pull',
    );
    const evaluated = await database.query(
      `select rule, sum(subjects)::int as subjects, sum(fired)::int as fired, sum(quiet)::int as quiet,
         sum(suppressed)::int as suppressed, sum(held)::int as held
       from (select distinct on (occurrence_id, rule) * from evaluation order by occurrence_id, rule, as_of desc) last
       group by rule order by rule`,
    );
    const unbalanced = await database.query(
      'select * from evaluation where held > 0 or subjects <> fired + quiet + suppressed + held',
    );

    expect(new Set(pulls.map(({ state, unaccounted }) => `${state} ${unaccounted}`))).toEqual(
      new Set(['complete 0']),
    );
    expect(unbalanced).toEqual([]);
    expect(evaluated).toEqual([countOf('daysOff', 'days-off'), countOf('lowHours', 'low-hours')]);
  });

  it('says nothing twice', async () => {
    const before = { rooms: world.rooms(), deliveries: await world.deliveries() };

    await world.run(at);

    expect({ rooms: world.rooms(), deliveries: await world.deliveries() }).toEqual(before);
  });
});

/** Puts everybody into the simulated systems. */
function populate({ clockify, slack }: World): void {
  const ids = new Map<string, string>();
  const days = clockify.addPolicy({ name: 'Vacation' });
  const automatic = clockify.addPolicy({ name: 'Vacation, entered', automaticTimeEntryCreation: true });
  const hours = clockify.addPolicy({ name: 'Doctor', timeUnit: 'HOURS' });
  const project = clockify.addProject({ name: '<!channel> & *_~' });
  slack.addUser({ email: 'ops@acme.example', name: 'Ops' });
  slack.addUser({ email: 'carillon-key@acme.example', name: 'Key Owner' });

  for (const person of table) {
    if (person.slack !== 'not there') {
      const user = slack.addUser({
        email: addressOf(person),
        name: person.name,
        ...(typeof person.slack === 'object' ? person.slack : {}),
      });
      if (person.slack === 'deactivated') slack.deactivateUser(user.id);
    }
    if (person.clockify === 'not there') continue;
    const zone = person.clockify?.zone ?? 'UTC';
    const userId = clockify.addUser({
      ...person.clockify,
      email: addressOf(person),
      name: person.name,
      managers: managersOf(person).map((name) => ids.get(name) ?? ''),
    });
    ids.set(person.name, userId);
    for (const work of person.work ?? []) {
      const [day = '', time = '', length = '', type = 'REGULAR'] = work.split(' ');
      const start = local(Number(day), time, zone);
      clockify.addEntry({
        userId,
        projectId: project,
        start: start.toString(),
        end: length === 'running' ? null : start.add(durationOf(length)).toString(),
        type: type === 'BREAK' ? 'BREAK' : 'REGULAR',
      });
    }
    const { leave } = person;
    if (leave) {
      const request = {
        userId,
        status: leave.status ?? ('APPROVED' as const),
        createdAt: leave.requested ?? '2026-10-01T08:00:00Z',
        decidedAt: leave.decided ?? '2026-10-02T08:00:00Z',
      };
      if ('day' in leave)
        clockify.requestTimeOff({
          ...request,
          policyId: hours,
          from: local(leave.day, leave.from, zone).toString(),
          to: local(leave.day, leave.to, zone).toString(),
        });
      else
        clockify.requestTimeOff({
          ...request,
          policyId: leave.automatic ? automatic : days,
          firstDay: `2026-10-${leave.first}`,
          days: leave.days,
          ...(leave.half ? { half: leave.half } : {}),
        });
    }
  }
  clockify.addHoliday({
    name: 'Betriebsausflug',
    startDate: '2026-10-19',
    userIds: [ids.get('Gregor Automatik') ?? ''],
    automaticTimeEntryCreation: true,
  });
  for (const { name, becomes } of table) {
    if (becomes === 'deactivated') clockify.deactivateUser(ids.get(name) ?? '');
    if (becomes === 'deleted') clockify.deleteUser(ids.get(name) ?? '');
  }
}

/** JSON is YAML. */
const documentsOf = (person: TablePerson): readonly string[] => [
  ...(person.document
    ? [JSON.stringify({ kind: 'Person', email: addressOf(person), ...person.document })]
    : []),
  ...(person.exception
    ? [
        JSON.stringify({
          kind: 'Exception',
          rule: 'low-hours',
          person: addressOf(person),
          ...person.exception,
        }),
      ]
    : []),
];

const managersOf = ({ managers }: TablePerson): readonly string[] => managers ?? ['Max Muster'];
const roomOf = ({ hears }: TablePerson): string => hears?.room ?? '';

function textOf(person: TablePerson): string | undefined {
  const { hears, name, clockify } = person;
  if (!hears) return undefined;
  const [first, last] = hears.week ?? [19, 25];
  return wholeText(hears.in ?? 'en', hears, {
    name,
    zone: (clockify !== 'not there' && clockify?.zone) || 'UTC',
    managers: hears.tells ?? managersOf(person),
    first,
    last,
    threshold: hears.threshold,
  });
}

/** Every text in which Slack would take `<!channel>` for a command; in `plain_text` and tables it stays what it is. */
function mrkdwnIn(blocks: unknown): readonly string[] {
  if (typeof blocks !== 'object' || blocks === null) return [];
  if ('type' in blocks && blocks.type === 'mrkdwn' && 'text' in blocks) return [String(blocks.text)];
  return Object.values(blocks).flatMap(mrkdwnIn);
}

/** Slack keeps what is sent escaped, and shows it as it was meant. */
function shown(world: World): unknown {
  const unescape = (text: string): string =>
    text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  return Object.fromEntries(
    Object.entries(world.rooms()).map(([name, { members, messages }]) => [
      name,
      { members, messages: messages.map(unescape).toSorted() },
    ]),
  );
}

async function conclusions(world: World, person: TablePerson): Promise<unknown> {
  const rows = await world.test.database.query<{ rule: string; concluded: string }>(
    `select decision.rule, concat_ws(': ', outcome, reason) as concluded from decision
     join person on person.id::text = decision.subject::text where person.email = $1`,
    [addressOf(person)],
  );
  if (rows.length === 0) return 'nobody whom rules are about';
  return Object.fromEntries(
    rows.map(({ rule, concluded }) => [rule === 'low-hours' ? 'lowHours' : 'daysOff', concluded]),
  );
}

/** Of the table, and of the one whose key Carillon reads with, from whom nothing is due. */
function countOf(rule: 'lowHours' | 'daysOff', name: string): unknown {
  const outcomes = [
    rule === 'lowHours' ? 'suppressed' : 'quiet',
    ...table.flatMap(({ concluded }) =>
      typeof concluded === 'string' ? [] : [concluded[rule].split(':')[0]],
    ),
  ];
  const count = (outcome: string): number => outcomes.filter((one) => one === outcome).length;
  return {
    rule: name,
    subjects: outcomes.length,
    fired: count('fired'),
    quiet: count('quiet'),
    suppressed: count('suppressed'),
    held: 0,
  };
}

const local = (day: number, time: string, zone: string): Temporal.Instant =>
  Temporal.PlainDateTime.from(`2026-10-${day}T${time}`).toZonedDateTime(zone).toInstant();

function durationOf(text: string): Temporal.DurationLike {
  const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number);
  return { hours, minutes, seconds };
}
