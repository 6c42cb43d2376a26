import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** JSON files in one folder, each replaced whole or not at all. */
export class StateFiles {
  /** What every file holds, so that nothing is written that is there already. */
  readonly #written = new Map<string, string>();

  constructor(private readonly directory: string) {}

  /** The content, or `undefined` where there is no such file yet. Throws where it is no JSON. */
  async read(name: string): Promise<unknown> {
    let text: string;
    try {
      text = await readFile(this.#path(name), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    try {
      const content: unknown = JSON.parse(text);
      this.#written.set(name, text);
      return content;
    } catch (cause) {
      throw new Error(`${this.#path(name)} is no JSON; delete the folder to begin anew`, { cause });
    }
  }

  async write(name: string, content: unknown): Promise<void> {
    const text = JSON.stringify(content);
    if (this.#written.get(name) === text) return;
    await mkdir(this.directory, { recursive: true });
    const draft = `${this.#path(name)}.new`;
    await writeFile(draft, text);
    await rename(draft, this.#path(name));
    this.#written.set(name, text);
  }

  #path(name: string): string {
    return join(this.directory, `${name}.json`);
  }
}
