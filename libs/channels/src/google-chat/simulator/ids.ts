import { createHash } from 'node:crypto';

/** Ids that look made up and are the same in every run. */
export class Ids {
  /** How many were given out; setting it goes on from there. */
  count = 0;

  constructor(private readonly seed: string) {}

  letters(length: number): string {
    return Buffer.from(this.hex(), 'hex').toString('base64url').slice(0, length);
  }

  /** As Google numbers people: 21 digits. */
  digits(): string {
    return `1${(BigInt(`0x${this.hex()}`) % 10n ** 20n).toString().padStart(20, '0')}`;
  }

  hex(): string {
    this.count += 1;
    return createHash('sha256').update(`${this.seed} ${this.count}`).digest('hex');
  }
}
