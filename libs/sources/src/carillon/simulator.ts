import type { TimeWindow } from '#domain';
import type { SimulatedResponse, VendorSimulator } from '#http/simulation';
import type { ConnectionNotes } from '../contract.js';

/** A host's notes about its connections, in memory. Nobody is called for them: whoever does so all the same is told. */
export class NotesSimulator implements VendorSimulator {
  readonly id = 'carillon';
  #notes: readonly ConnectionNotes[] = [];

  note(...notes: readonly ConnectionNotes[]): void {
    this.#notes = [...this.#notes, ...notes];
  }

  /** As a host hands it to a pull: the same on every day. */
  readonly observed = async (_window: TimeWindow): Promise<readonly ConnectionNotes[]> => this.#notes;

  handle(): SimulatedResponse {
    return { status: 404, body: 'nothing is called to read what the host has noted' };
  }

  save(): unknown {
    return this.#notes.length;
  }

  load(): void {
    this.#notes = [];
  }
}
