import { Injectable } from '@nestjs/common';
import { configurationOf } from '#documents';
import { linkIdentities } from '#domain';
import { Database, Documents, People, Troubles } from '#storage';

/** Finds out who is who among the identities that systems list, and keeps what is new. What cannot be linked is listed, never guessed. */
@Injectable()
export class LinkPeople {
  constructor(
    private readonly database: Database,
    private readonly people: People,
    private readonly documents: Documents,
    private readonly troubles: Troubles,
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
        joinOnly: new Set(configuration.channels.map((channel) => channel.name)),
      });
      await this.people.keepLinks(tx, found.people, found.links);
      return found;
    });
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
    await this.troubles.replace(
      'unmatched',
      linking.unmatched.map((one) => ({
        about: `${one.system} ${one.externalId}`,
        ...ownerOf(one.system),
        detail: { system: one.system, externalId: one.externalId, name: one.name ?? '' },
      })),
    );
  }
}
