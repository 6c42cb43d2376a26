import { isDue, type WorkedWeek } from './company.js';
import type { Fault } from './faults.js';
import type { Scene } from './scene.js';
import { isReport } from './vendors.js';

interface ReportBody {
  readonly detailedFilter: { readonly page: number };
}

/** Once in the week, between the first page of a report and a later one. */
const betweenPages = (kind: string, happens: (scene: Scene) => void): Fault => ({
  kind,
  lay(scene) {
    const from = scene.random.int(2, 4);
    let isOver = false;
    scene.world.vendors.handle('clockify', (request, act) => {
      if (!isOver && isReport(request) && pageOf(request.body) === from) {
        isOver = true;
        happens(scene);
      }
      return act();
    });
  },
});

const pageOf = (body: string): number => (JSON.parse(body) as ReportBody).detailedFilter.page;

/** Somebody of whom something is due, and whom it concerns. */
const somebody = ({ week, random }: Scene): WorkedWeek | undefined => {
  const due = week.workers.filter(
    (worked) => isDue(worked) && worked.entries.some(({ minutes }) => minutes > 15),
  );
  return due.length > 0 ? random.pick(due) : undefined;
};

const anEntry = ({ entries }: WorkedWeek, { random }: Scene): number =>
  random.pick(entries.flatMap(({ minutes }, index) => (minutes > 15 ? [index] : [])));

const twice: Fault = {
  kind: 'a page of a report comes twice',
  lay(scene) {
    const from = scene.random.int(2, 4);
    let isOver = false;
    scene.world.vendors.handle('clockify', (request, act) => {
      if (isOver || !isReport(request) || pageOf(request.body) !== from) return act();
      isOver = true;
      const body = JSON.parse(request.body) as ReportBody;
      const before = { ...body, detailedFilter: { ...body.detailedFilter, page: from - 1 } };
      return act({ ...request, body: JSON.stringify(before) });
    });
  },
};

/** What changes while a report is read, page by page. */
export const brokenPages: readonly Fault[] = [
  twice,
  betweenPages('an entry is edited between two pages', (scene) => {
    const worked = somebody(scene);
    if (worked) scene.changes(() => scene.world.company.shorten(worked, anEntry(worked, scene)));
  }),
  betweenPages('an entry is deleted between two pages', (scene) => {
    const worked = somebody(scene);
    if (worked) scene.changes(() => scene.world.company.remove(worked, anEntry(worked, scene)));
  }),
];
