import { createServer, type AddressInfo, type Server } from 'node:net';
import { healthPort } from './health-port.js';

describe('where health is answered', () => {
  let other: Server;
  let taken: number;
  beforeAll(async () => {
    other = createServer();
    await new Promise<void>((done) => other.listen(0, '0.0.0.0', done));
    taken = (other.address() as AddressInfo).port;
  });
  afterAll(() => new Promise((done) => other.close(done)));

  it('is any free port where something else has the default', async () => {
    expect(await healthPort(taken, false)).toBe(0);
  });

  it('is no other than the one that PORT names', async () => {
    await expect(healthPort(taken, true)).rejects.toThrow(
      `Port ${taken}, which PORT names for health, is taken`,
    );
  });

  it('is the port itself where it is free', async () => {
    expect(await healthPort(0, true)).toBe(0);
  });
});
