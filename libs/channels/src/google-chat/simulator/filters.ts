import { invalid } from './api-error.js';
import type { SimulatedSpace, SpaceMessage } from './state.js';

const spaceTypes = ['SPACE', 'GROUP_CHAT', 'DIRECT_MESSAGE'];

/** `spaceType = "SPACE" OR spaceType = "DIRECT_MESSAGE"`; throws for anything else. [S] */
export function spaceFilter(text: string | undefined): (space: SimulatedSpace) => boolean {
  if (text === undefined) return () => true;
  const types = text.split(/\s+OR\s+/).map((term) => {
    const type = /^spaceType\s*=\s*"([A-Z_]+)"$/.exec(term.trim())?.[1];
    if (type === undefined || !spaceTypes.includes(type)) throw invalid(`Invalid filter: ${text}`);
    return type;
  });
  return ({ spaceType }) => types.includes(spaceType);
}

/** Fractions of a second are compared as text, which `nextTime` writes with as many digits always. */
function micros(text: string): string | undefined {
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.exec(text);
  const instant = parts ? Date.parse(`${parts[1] ?? ''}${parts[3] ?? ''}`) : Number.NaN;
  if (Number.isNaN(instant)) return undefined;
  const fraction = (parts?.[2] ?? '.').slice(1, 7).padEnd(6, '0');
  return `${new Date(instant).toISOString().slice(0, 19)}.${fraction}Z`;
}

type MessageTest = (message: SpaceMessage) => boolean;

const comparisons: Readonly<Record<string, (one: string, other: string) => boolean>> = {
  '>': (one, other) => one > other,
  '>=': (one, other) => one >= other,
  '<': (one, other) => one < other,
  '<=': (one, other) => one <= other,
};

/** `create_time > "2026-03-02T09:00:00+00:00" AND thread.name = spaces/A/threads/B`; throws for anything else. [S] */
export function messageFilter(text: string | undefined): MessageTest {
  if (text === undefined) return () => true;
  const tests = text.split(/\s+AND\s+/i).map((term): MessageTest => {
    const thread = /^thread\.name\s*=\s*"?(spaces\/[\w-]+\/threads\/[\w-]+)"?$/.exec(term.trim())?.[1];
    if (thread !== undefined) return (message) => message.thread === thread;
    const [, sign = '', time = ''] = /^create_time\s*([<>]=?)\s*"([^"]+)"$/.exec(term.trim()) ?? [];
    const bound = micros(time);
    const compare = comparisons[sign];
    if (bound === undefined || !compare) throw invalid(`Invalid filter: ${text}`);
    return ({ createTime }) => compare(createTime, bound);
  });
  return (message) => tests.every((test) => test(message));
}
