import { Injectable } from '@nestjs/common';
import { CompanyReader } from '#company';
import { configurationOf, type Configuration } from '#documents';
import { linkIdentities, type Person } from '#domain';
import { faultPoint } from '#runtime';
import { Database, Documents, Occurrences, People, Pulls, Troubles } from '#storage';
import { correctionsSince } from './corrections.js';

/** Finds out who is who among the identities that systems list, and keeps what is new. What cannot be linked is listed, never guessed. */
@Injectable()
export class LinkPeople {
  constructor(
    private readonly database: Database,
    private readonly people: People,
    private readonly documents: Documents,
    private readonly troubles: Troubles,
    private readonly companies: CompanyReader,
    private readonly pulls: Pulls,
    private readonly occurrences: Occurrences,
  ) {}

  async link(): Promise<void> {
    const configuration = configurationOf(await this.documents.current());
    const linking = await this.database.transaction(async (tx) => {
      // Two processes that link at once would both propose the same person.
      await tx.query(`select pg_advisory_xact_lock(hashtext('carillon.links'))`);
      const now = await tx.moment();
      const found = linkIdentities({
        people: await this.people.anchors(now, tx),
        links: await this.people.links(now, tx),
        identities: await this.people.identities(now, tx),
        profiles: configuration.people,
        mentioned: mentionedIn(configuration),
        joinOnly: new Set(configuration.channels.map((channel) => channel.name)),
      });
      await this.people.keepLinks(tx, found.people, found.links, found.closed);
      // Facts that were nobody's, or somebody else's, may be a person's now.
      if (found.links.length + found.closed.length > 0)
        await this.occurrences.wakeAfterPull({ since: correctionsSince(now) }, tx);
      return found;
    });
    await faultPoint('people.linked');
    const ownerOf = (system: string): { owner?: string } => {
      const owner = [...configuration.sources, ...configuration.channels].find(
        (one) => one.name === system,
      )?.owner;
      return owner === undefined ? {} : { owner };
    };
    await this.troubles.replace(
      'conflict',
      linking.conflicts.map((one) => ({
        about: `${one.system} ${one.externalId}`,
        ...ownerOf(one.system),
        detail: { system: one.system, externalId: one.externalId, heldBy: one.heldBy, email: one.email },
      })),
    );
    await this.troubles.replace('unmatched', [
      ...(await this.#notInChat()).map(({ system, person }) => ({
        about: `${system} ${person.id}`,
        ...ownerOf(system),
        detail: {
          system,
          externalId: person.slug,
          name: person.name,
          ...(person.email === undefined ? {} : { email: person.email }),
        },
      })),
      ...linking.unmatched.map((one) => ({
        about: `${one.system} ${one.externalId}`,
        ...ownerOf(one.system),
        detail: { system: one.system, externalId: one.externalId, name: one.name ?? '' },
      })),
    ]);
  }

  /** People whom a room is to be kept for, and whom its channel does not know. A channel whose members were never listed says nothing yet. */
  async #notInChat(): Promise<readonly { readonly system: string; readonly person: Person }[]> {
    const { configuration, people } = await this.companies.fresh();
    const systems = new Set(
      configuration.subscriptions.flatMap(({ to, rules }) =>
        to.room && rules.length > 0 ? [to.channel] : [],
      ),
    );
    const missing: { readonly system: string; readonly person: Person }[] = [];
    for (const system of systems) {
      if (!(await this.pulls.latestComplete(system, 'people', undefined, undefined))) continue;
      missing.push(
        ...people
          .filter(({ active, identities }) => active && identities[system] === undefined)
          .map((person) => ({ system, person })),
      );
    }
    return missing;
  }
}

/** Addresses that documents name without saying more: of managers and of members of rooms. */
const mentionedIn = ({ people, subscriptions }: Configuration): ReadonlySet<string> =>
  new Set(
    [
      ...people.flatMap(({ managers }) => managers ?? []),
      ...subscriptions.flatMap(({ to }) =>
        (to.room?.members ?? []).flatMap((member) => (typeof member === 'string' ? [] : [member.email])),
      ),
    ].map((email) => email.toLowerCase()),
  );
