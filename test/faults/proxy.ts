import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A way to a server that can be cut: whoever goes by it sees the connection end in the middle of a word, and the server too. */
export class Proxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(target: number) {
    this.#server = createServer((near) => {
      const far = connect(target, '127.0.0.1');
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.setNoDelay(true);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          this.#sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
      }
      near.pipe(far).pipe(near);
    });
  }

  static async to(target: number): Promise<Proxy> {
    const proxy = new Proxy(target);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', reject);
      proxy.#server.listen(0, '127.0.0.1', () => resolve());
    });
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Cuts every connection there is; new ones may come at once. */
  cut(): number {
    const cut = this.#sockets.size / 2;
    for (const socket of this.#sockets) socket.resetAndDestroy();
    return Math.ceil(cut);
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}
