import { createHash } from 'node:crypto';

/** Ids that look made up and are the same in every run. */
export class Ids {
  /** How many were given out; setting it goes on from there. */
  count = 0;

  constructor(private readonly seed: string) {}

  letters(length: number): string {
    return Buffer.from(this.hex(), 'hex').toString('base64url').slice(0, length);
  }

  /** As Microsoft writes the ids of tenants, users and requests. */
  guid(): string {
    const hex = this.hex();
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
      '-',
    );
  }

  hex(): string {
    this.count += 1;
    return createHash('sha256').update(`${this.seed} ${this.count}`).digest('hex');
  }
}
