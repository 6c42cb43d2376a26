import { compareInstants, resolvePeople, type Instant, type Person } from '#domain';
import { configurationOf, type CalendarDocument, type Configuration } from '#documents';
import { Documents, People, type Database } from '#storage';
import { configurationLoaded, configurationNotLoaded, createLogger } from '#telemetry';

const log = createLogger('company');

/** Everything that decisions are made from besides facts, as it was known at one moment. */
export interface Company {
  readonly asOf: Instant;
  /** Which application of documents it is; 0 before the first. */
  readonly revision: number;
  readonly configuration: Configuration;
  /** The version of each Rule document by its name. */
  readonly ruleVersions: ReadonlyMap<string, number>;
  readonly people: readonly Person[];
}

/** What users configured, without the people. */
export type Configured = Pick<Company, 'revision' | 'configuration'>;

type Contents = Pick<Company, 'configuration' | 'ruleVersions' | 'people'>;

/** So many states of the company are kept at hand: the present, and those by which the last occurrences were decided. */
const KEPT = 8;

/** Reads the company. The one place where documents and identities become people. */
export class CompanyReader {
  readonly #documents: Documents;
  readonly #people: People;
  #parsed: { readonly hash: string; readonly configuration: Configuration } | undefined;
  #recent: { readonly until: number; readonly company: Promise<Company> } | undefined;
  #configured: Configured | undefined;
  /** By what they were made from. */
  readonly #contents = new Map<string, Promise<Contents>>();
  #taken = 0;

  constructor(private readonly database: Database) {
    this.#documents = new Documents(database);
    this.#people = new People(database);
  }

  /** As known at `at`, an instant from `Database.asOf`: asked again later it is the same. */
  async asOf(at: Instant): Promise<Company> {
    const [revision, changed] = await Promise.all([
      this.#documents.revision(this.database, at),
      this.#people.lastChange(at),
    ]);
    const key = `${revision?.revision ?? 0} ${changed?.toString() ?? ''}`;
    const contents = this.#contents.get(key) ?? this.#read(at, revision?.hash);
    this.#contents.delete(key);
    this.#contents.set(key, contents);
    contents.catch(() => this.#contents.delete(key));
    for (const oldest of [...this.#contents.keys()].slice(0, -KEPT)) this.#contents.delete(oldest);
    return { asOf: at, revision: revision?.revision ?? 0, ...(await contents) };
  }

  /** As it is now, at the price of one small question where nothing was applied since: for those who follow documents and need no people. */
  async configured(): Promise<Configured> {
    const newest = await this.#documents.revision();
    if (newest && this.#configured?.revision === newest.revision) return this.#configured;
    const { revision, configuration } = await this.fresh();
    this.#configured = { revision, configuration };
    return this.#configured;
  }

  async #read(at: Instant, hash: string | undefined): Promise<Contents> {
    const [documents, known, links, identities] = await Promise.all([
      this.#documents.asOf(at),
      this.#people.anchors(at),
      this.#people.links(at),
      this.#people.identities(at),
    ]);
    const configuration = this.#parse(hash, documents);
    return {
      configuration,
      ruleVersions: new Map(
        documents.filter(({ kind }) => kind === 'Rule').map(({ name, version }) => [name, version]),
      ),
      people: resolvePeople({
        people: known,
        links,
        identities,
        profiles: configuration.people,
        teams: configuration.teams,
        calendars: configuration.calendars.map((calendar) => ({
          name: calendar.name,
          zones: calendar.for.zones,
          isDefault: calendar.for.default,
        })),
        sources: configuration.sources.map((source) => source.name),
        channels: configuration.channels.map((channel) => channel.name),
      }),
    };
  }

  /** As known now, at most a second old: what is sent goes to whom it should go at that time. */
  async current(): Promise<Company> {
    const now = performance.now();
    if (!this.#recent || this.#recent.until <= now) {
      const company = this.database.asOf().then((at) => this.asOf(at));
      const recent = { until: now + 1000, company };
      this.#recent = recent;
      company.then(
        (read) => this.#note(read),
        () => {
          configurationNotLoaded();
          if (this.#recent === recent) this.#recent = undefined;
        },
      );
    }
    return this.#recent.company;
  }

  /** As known at this moment: for what is planned or asked for once, and would be missed by a second's age. */
  async fresh(): Promise<Company> {
    this.#recent = undefined;
    return this.current();
  }

  /** As known at `at` or later: for what was decided by something newer than a second ago may have shown. */
  async notBefore(at: Instant): Promise<Company> {
    const company = await this.current();
    return compareInstants(company.asOf, at) < 0 ? this.fresh() : company;
  }

  /** Says once which configuration this process works by from now on. */
  #note({ revision, configuration }: Company): void {
    if (revision <= this.#taken) return;
    this.#taken = revision;
    log.info('configuration taken up', { revision, hash: configuration.hash });
    configurationLoaded(configuration.hash);
  }

  /** Documents change seldom, and parsing compiles every expression. */
  #parse(
    hash: string | undefined,
    documents: readonly { kind: string; name: string; content: Readonly<Record<string, unknown>> }[],
  ): Configuration {
    if (hash !== undefined && this.#parsed?.hash === hash) return this.#parsed.configuration;
    const configuration = configurationOf(documents);
    if (hash !== undefined) this.#parsed = { hash, configuration };
    return configuration;
  }
}

/** The calendar that applies to a person, if any. */
export const calendarOf = (company: Company, person: Person): CalendarDocument | undefined =>
  company.configuration.calendars.find(({ name }) => name === person.calendar);

/** People by id. */
export const peopleById = (company: Company): ReadonlyMap<string, Person> =>
  new Map(company.people.map((person) => [person.id, person]));
