import type { Rewrite } from './rewrites.js';

/** A bug that is put into the processes under test, to see whether the harness finds it. */
export interface PlantedBug {
  readonly name: string;
  readonly rewrites: readonly Rewrite[];
}

export const plantedBugs: readonly PlantedBug[] = [];

export function plantedBug(name: string): PlantedBug {
  const found = plantedBugs.find((one) => one.name === name);
  if (!found)
    throw new Error(`there is no planted bug "${name}": ${plantedBugs.map((one) => one.name).join(', ')}`);
  return found;
}
