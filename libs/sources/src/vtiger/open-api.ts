import { RemoteError, type FailureReason } from '#http';
import type { SourceMemory } from '../contract.js';
import type { Call, Operation, VtigerApi, Way } from './api.js';
import { ClassicApi } from './classic-api.js';
import { RestApi } from './rest-api.js';

const REMEMBERED = 'api';
/** What a server answers that has no REST API: nothing at that address, or a page in the place of JSON. */
const withoutRest: ReadonlySet<FailureReason> = new Set(['rejected', 'unreadable']);

/** Both APIs over one way out, and the one that the document names or that the server has. */
export class VtigerApis {
  readonly #rest: RestApi;
  readonly #classic: ClassicApi;

  constructor(readonly way: Way) {
    this.#rest = new RestApi(way);
    this.#classic = new ClassicApi(way);
  }

  /**
   * Asks the first question of a run: the REST API first, then the classic web service where that is not there. Whoever answered is asked
   * everything else.
   */
  async begin(
    first: { readonly operation: Operation; readonly parameters: Readonly<Record<string, string>> },
    call: Call,
    memory?: SourceMemory,
  ): Promise<{ readonly api: VtigerApi; readonly name: 'rest' | 'classic'; readonly result: unknown }> {
    const ask = async (name: 'rest' | 'classic') => {
      const api = name === 'rest' ? this.#rest : this.#classic;
      return { api, name, result: await api.ask(first.operation, first.parameters, call) };
    };
    const { api: wanted } = this.way.settings;
    if (wanted !== 'auto') return ask(wanted);
    if ((await memory?.get(REMEMBERED)) === 'classic') return ask('classic');
    try {
      return await ask('rest');
    } catch (error) {
      // What the REST API itself refuses has a code of its own; a wrong key is wrong in both.
      if (!(error instanceof RemoteError) || !withoutRest.has(error.reason) || error.code) throw error;
      const begun = await ask('classic');
      await memory?.set(REMEMBERED, 'classic');
      return begun;
    }
  }
}
