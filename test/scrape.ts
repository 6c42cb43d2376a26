/** One metric as Prometheus reads it. */
export interface Series {
  /** As queries ask for it: of a histogram its buckets, sum and count. */
  readonly names: readonly string[];
  readonly labels: readonly string[];
  readonly samples: readonly Sample[];
}

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * What a running service answers at `/metrics`, family by family; fails on a line that Prometheus would not read.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export async function scrape(url: string): Promise<readonly Series[]> {
  const answer = await fetch(`${url}/metrics`);
  if (answer.status !== 200) throw new Error(`/metrics answers ${answer.status}`);
  return readFamilies(await answer.text());
}

function readFamilies(text: string): readonly Series[] {
  const families = new Map<string, Sample[]>();
  let family = '';
  for (const line of text.split('\n')) {
    const [, typed] = /^# TYPE (\S+) (?:counter|gauge|histogram)$/.exec(line) ?? [];
    if (typed !== undefined) {
      if (families.has(typed)) throw new Error(`${typed} is there twice`);
      family = typed;
      families.set(family, []);
    } else if (line !== '' && !/^# (?:HELP|UNIT) /.test(line)) {
      const sample = readSample(line);
      if (!sample.name.startsWith(family)) throw new Error(`${sample.name} is not of ${family}`);
      families.get(family)?.push(sample);
    }
  }
  return [...families.values()].map((samples) => ({
    names: [...new Set(samples.map(({ name }) => name))],
    labels: [...new Set(samples.flatMap(({ labels }) => Object.keys(labels)))],
    samples,
  }));
}

function readSample(line: string): Sample {
  const [, name, labels = '', value] =
    /^([a-zA-Z_:][\w:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? (-?[\d.e+-]+|\+Inf|NaN)$/.exec(
      line,
    ) ?? [];
  if (name === undefined) throw new Error(`Prometheus would not read: ${line}`);
  return {
    name,
    labels: Object.fromEntries(
      [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = '', text = '']) => [key, text]),
    ),
    value: Number(value),
  };
}
