import type { LocalDate } from '#domain';
import type { SimulatedRequest, VendorSimulator } from '#http/simulation';
import type { CompanyPerson } from './company.js';
import type { VendorPages } from './page/vendor-pages.js';

export interface VendorOptions {
  /** Whether the vendor's rate limits apply. */
  readonly limits: 'vendor' | 'none';
}

/** The company's life. */
interface Life {
  readonly people: readonly CompanyPerson[];
  /** The day up to which it is to be told, exclusive. */
  readonly today: LocalDate;
  /** The day up to which it was told the last time, exclusive; undefined the first time. */
  readonly toldTo: LocalDate | undefined;
}

/** One vendor in the sandbox: its simulator, and what the sandbox has to know of it. */
export interface Vendor {
  readonly simulator: VendorSimulator;
  /** Whether a request may have changed something. Whatever only reads is not worth saving for. */
  mayChange(request: SimulatedRequest): boolean;
  /** Tells it the company's life; doing it again changes nothing. */
  tell(life: Life): void;
  /** What it gave out that its simulator does not keep, as JSON; `recall` takes it back, before the life is told. */
  remember?(): unknown;
  recall?(remembered: unknown): void;
  /** The base URLs that settings take, where its server is at `url`. */
  endpoints(url: string): Readonly<Record<string, string>>;
  /** By the names under which documents refer to them. */
  secrets(): Readonly<Record<string, string>>;
  /** What the page shows of it, if anything. */
  readonly pages?: VendorPages;
  /** Hears where the page is, without a trailing slash. */
  shownAt?(page: string): void;
}
