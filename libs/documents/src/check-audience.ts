import { audiences, type Audience, type Rule, type Subscription } from '#domain';
import type { ChannelDocument } from './kinds/channel.js';
import type { TeamDocument } from './kinds/team.js';
import type { Path, Problem } from './problem.js';
import { problemIn, type RawDocument } from './raw-document.js';

/** Who could read something, and what in the document makes it so. */
interface Width {
  readonly audience: Audience;
  readonly because: string;
  readonly path: Path;
  readonly remedy: string;
}

const wider = (one: Audience, other: Audience): boolean => audiences.indexOf(one) > audiences.indexOf(other);

/** A rule about somebody is never sent where more people read than the rule allows. */
export function checkAudience(
  document: RawDocument,
  subscription: Subscription,
  rules: readonly Rule[],
  channel: ChannelDocument,
  teams: readonly TeamDocument[],
): Problem[] {
  const widths = subscription.to.room
    ? membersOf(subscription, subscription.to.room.members, teams)
    : [plainDestination(channel), ...sharedByTeams(subscription, rules, teams)];
  return widths.flatMap(({ audience, because, path, remedy }) => {
    const narrower = rules.filter((rule) => wider(audience, rule.audience));
    return narrower.map((rule) =>
      problemIn(
        document,
        path,
        `\`${rule.name}\` is for ${audienceWords[rule.audience]} at the widest, but ${because}`,
        remedy,
      ),
    );
  });
}

const audienceWords: Readonly<Record<Audience, string>> = {
  person: 'the person alone',
  managers: 'the person and the managers',
  team: 'the team',
  public: 'everybody',
};

/** A room is as wide as its widest member. Somebody named by address is of the team only where the subscription is for that team. */
function membersOf(
  { for: subject }: Subscription,
  members: NonNullable<Subscription['to']['room']>['members'],
  teams: readonly TeamDocument[],
): Width[] {
  const team = teams.find(({ name }) => name === subject?.team);
  return members.map((member, index): Width => {
    const path = ['to', 'room', 'members', index];
    if (member === 'person') return { audience: 'person', because: '', path, remedy: '' };
    if (member === 'managers')
      return {
        audience: 'managers',
        because: 'the managers are in the room',
        path,
        remedy: 'leave `managers` out of the room',
      };
    const { email } = member;
    const ofTeam = team !== undefined && (team.lead === email || team.members.includes(email));
    return {
      audience: ofTeam ? 'team' : email === subject?.person ? 'person' : 'public',
      because: `\`${email}\` is in the room`,
      path,
      remedy: 'leave the address out, or give the rule a wider `audience`',
    };
  });
}

const plainDestination = ({ name, audience }: ChannelDocument): Width => ({
  audience,
  because: `\`${name}\` reaches ${audience === 'public' ? 'anybody' : audienceWords[audience]} there`,
  path: ['to'],
  remedy: `send it to a room of those people; or, where nobody else reads there, state the \`audience\` of Channel \`${name}\``,
});

/** What is for a team stays in a place of its own: where all are told in one, each reads of the others. */
function sharedByTeams(
  { for: only, to }: Subscription,
  rules: readonly Rule[],
  teams: readonly TeamDocument[],
): Width[] {
  const isOwn = only !== undefined || /\{\{-?\s*team\b/.test(JSON.stringify(to));
  if (isOwn || teams.length < 2 || !rules.some(({ each }) => each === 'team')) return [];
  return [
    {
      audience: 'public',
      because: 'all teams are told in the same place',
      path: ['to'],
      remedy: 'a subscription for each team, with `for: { team: … }` and a place of its own',
    },
  ];
}
