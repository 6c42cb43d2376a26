import { setFlagsFromString } from 'node:v8';

const WHILE_MS = 1000;

/**
 * While a process begins, V8 doubles the place for what is new again and again, since nearly all of two thousand modules stays. A command that ends
 * soon would hold that place to its end: it is kept small for a second, which is 40 MB less for a twentieth more time (`npm run bench -- --only one-shot`).
 * Whatever takes longer may have it then: V8 asks for the flag anew at every collection. https://nodejs.org/api/v8.html#v8setflagsfromstringflags
 */
export function beginLight(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setTimeout(() => setFlagsFromString('--semi-space-growth-factor=2'), WHILE_MS).unref();
}
