/** What an HTTP client does that keeps nothing: posts the same body so often, through one undici pool. Words: URL, how many, the body's bytes, connections. */
import { Pool } from 'undici';

const [url = '', count = '0', bytes = '0', connections = '32'] = process.argv.slice(2);
const pool = new Pool(url, { connections: Number(connections) });
const body = JSON.stringify({ text: 'x'.repeat(Math.max(0, Number(bytes) - 11)) });

const post = async (index: number): Promise<void> => {
  const answer = await pool.request({
    method: 'POST',
    path: `/to/${index % 10_000}`,
    headers: { 'content-type': 'application/json' },
    body,
  });
  await answer.body.dump();
  if (answer.statusCode !== 204) throw new Error(`answered ${answer.statusCode}`);
};

async function round(many: number): Promise<number> {
  let next = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: Number(connections) * 2 }, async () => {
      while (next < many) await post(next++);
    }),
  );
  return (many * 1000) / (performance.now() - began);
}

process.on('message', () => {
  void round(Number(count)).then((perSecond) => process.send?.({ perSecond }));
});
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true });
