import { accessSync, constants } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { answer } from './sink.ts';
import { start, startChild, type Running } from './processes.ts';
import { pause } from './measure.ts';

function onPath(...names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** `apt-get install redis-server` */
export const redisServer = (): string | undefined => onPath('redis-server', 'valkey-server');
/** `apt-get install prometheus-alertmanager` */
const alertmanagerBinary = (): string | undefined => onPath('prometheus-alertmanager', 'alertmanager');

/** Alerts of one request: as many as Prometheus itself sends at most by default, four times over. */
const ALERTS_A_REQUEST = 256;

/** Prometheus Alertmanager with every alert a group of its own, told to the sink at once, one web hook each. */
export class Alertmanager {
  readonly #process: Running;
  readonly #url: string;
  #round = 0;

  private constructor(process: Running, url: string) {
    this.#process = process;
    this.#url = url;
  }

  /** Undefined where it is not installed. */
  static async start(directory: string, sinkUrl: string, port: number): Promise<Alertmanager | undefined> {
    const binary = alertmanagerBinary();
    if (binary === undefined) return undefined;
    const home = await mkdtemp(join(directory, 'alertmanager-'));
    const file = join(home, 'alertmanager.yml');
    // `...` groups by every label there is, so that each alert is a group.
    await writeFile(
      file,
      `route: { receiver: sink, group_by: ['...'], group_wait: 0s, group_interval: 1h, repeat_interval: 24h }
receivers: [{ name: sink, webhook_configs: [{ url: '${sinkUrl}/alertmanager', send_resolved: false, max_alerts: 1 }] }]
`,
    );
    const url = `http://127.0.0.1:${port}`;
    const process = start('alertmanager', binary, [
      ...[`--config.file=${file}`, `--storage.path=${home}`, `--web.listen-address=127.0.0.1:${port}`],
      ...['--cluster.listen-address=', '--log.level=warn'],
    ]);
    const until = performance.now() + 30_000;
    for (;;) {
      if (
        await fetch(`${url}/-/ready`).then(
          ({ ok }) => ok,
          () => false,
        )
      )
        break;
      if (process.over || performance.now() > until)
        throw new Error(`Alertmanager did not come up:\n${process.said}`);
      await pause(50);
    }
    return new Alertmanager(process, url);
  }

  /** Hands over so many alerts, each with a text of about the same length as our message. */
  async alert(count: number, text: string): Promise<void> {
    this.#round += 1;
    const round = this.#round;
    const batches = Array.from({ length: Math.ceil(count / ALERTS_A_REQUEST) }, (_, batch) => batch);
    const post = async (): Promise<void> => {
      for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
        const first = batch * ALERTS_A_REQUEST;
        const alerts = Array.from({ length: Math.min(ALERTS_A_REQUEST, count - first) }, (_, index) => ({
          labels: { alertname: 'low-hours', round: String(round), person: String(first + index) },
          annotations: { text },
        }));
        const answered = await fetch(`${this.#url}/api/v2/alerts`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(alerts),
        });
        if (!answered.ok) throw new Error(`Alertmanager answered ${answered.status}`);
        await answered.arrayBuffer();
      }
    };
    await Promise.all([post(), post(), post(), post()]);
  }

  async stop(): Promise<void> {
    await this.#process.stop();
  }
}

/** An HTTP client that keeps nothing, in a process of its own. */
export class BareClient {
  readonly #process: Running;

  private constructor(process: Running) {
    this.#process = process;
  }

  static async start(sinkUrl: string, count: number, bytes: number): Promise<BareClient> {
    const process = startChild('bare-client.ts', [sinkUrl, String(count), String(bytes), '64']);
    await answer(process);
    return new BareClient(process);
  }

  /** Requests a second. */
  async round(): Promise<number> {
    const answered = answer<{ perSecond: number }>(this.#process);
    this.#process.child.send({});
    return (await answered).perSecond;
  }

  async stop(): Promise<void> {
    await this.#process.stop();
  }
}
