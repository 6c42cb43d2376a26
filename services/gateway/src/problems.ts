import { STATUS_CODES } from 'node:http';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { Database } from '#storage';
import { createLogger } from '#telemetry';

const PATIENCE_MS = 3000;

const log = createLogger('gateway');

interface OutgoingReply {
  status(code: number): OutgoingReply;
  headers(values: Readonly<Record<string, string>>): OutgoingReply;
  send(body: string): unknown;
}

interface Problem {
  readonly title: string;
  readonly status: number;
  /** What to do about it. */
  readonly detail?: string;
}

/** Every error as https://www.rfc-editor.org/rfc/rfc9457 has it. What was thrown is in the log, and nothing of it in the answer. */
@Catch()
export class Problems implements ExceptionFilter {
  constructor(private readonly database: Database) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const problem = await this.#problemOf(error);
    host
      .switchToHttp()
      .getResponse<OutgoingReply>()
      .status(problem.status)
      .headers({
        'content-type': 'application/problem+json',
        'cache-control': 'no-store',
        ...(problem.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      })
      .send(JSON.stringify(problem));
  }

  async #problemOf(error: unknown): Promise<Problem> {
    if (error instanceof HttpException) {
      const status = error.getStatus();
      return { ...titled(status), ...(status === 503 ? { detail: error.message } : {}) };
    }
    log.error('request failed', { error });
    if (await this.#databaseAnswers()) return titled(500);
    return { ...titled(503), detail: 'The database does not answer; /readyz says more.' };
  }

  async #databaseAnswers(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), PATIENCE_MS);
    });
    // Why it does not is known already: it is what the request failed by.
    const answers = this.database.query('select 1').then(
      () => true,
      () => false,
    );
    const answered = await Promise.race([answers, late]);
    clearTimeout(timer);
    return answered;
  }
}

const titled = (status: number): Problem => ({ title: STATUS_CODES[status] ?? 'Error', status });
