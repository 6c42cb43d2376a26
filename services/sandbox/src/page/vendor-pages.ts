import type { LocalDate } from '#domain';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Page } from './layout.js';

/** Answers with a page in its frame, or with a document that is whole already; 404 where there is none. */
export type Show = (reply: FastifyReply, page: Page | string | undefined) => FastifyReply;

/** What the page shows of a vendor. */
export interface VendorPages {
  /** Where it begins, and what its style sheet knows it by. */
  readonly view: string;
  /** Of its tab. */
  readonly label: string;
  /** A file of this folder, where the page's own does not suffice. */
  readonly styleSheet?: string;
  /** Its routes. @param today the company's day: its week is called "this week" */
  add(app: FastifyInstance, show: Show, today: LocalDate): void;
}
