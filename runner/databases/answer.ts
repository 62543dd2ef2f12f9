import type { Duplex } from 'node:stream';
import type { AnswerListener } from './server-message.ts';

/** The inside of a client of `pg`: it tells each message of the server as an event. */
type Wire = {
  readonly stream: Duplex;
  on(event: string, tell: (message: never) => void): void;
  off(event: string, tell: (message: never) => void): void;
  query(text: string): void;
  sendCopyFail(reason: string): void;
};

const noInput = 'a step in SQL has no standard input; run it through psql in a step for a shell';

/**
 * One query of the simple protocol on its way, as `pg` takes it: what the text's statements answer is told while it
 * comes, values as text, and never held.
 */
export class Answer {
  /** Resolves when the server is ready for the next query; never when the connection is lost before. */
  readonly ended: Promise<void>;
  readonly #text: string;
  readonly #listener: AnswerListener;
  readonly #end: () => void;

  constructor(text: string, listener: AnswerListener) {
    this.#text = text;
    this.#listener = listener;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    this.#end = resolve;
  }

  /** Called by `pg` when it is this query's turn. */
  submit(connection: unknown): void {
    const wire = connection as Wire;
    const told = this.#listener;
    const on: readonly [event: string, tell: (message: never) => void][] = [
      ['rowDescription', ({ fields }: { fields: Parameters<AnswerListener['columns']>[0] }) => told.columns(fields)],
      ['dataRow', ({ fields }: { fields: (string | null)[] }) => told.row(fields)],
      ['commandComplete', ({ text }: { text: string }) => told.complete(text)],
      ['errorMessage', told.error.bind(told)],
      ['notice', told.notice.bind(told)],
      ['notification', told.notification.bind(told)],
      ['copyInResponse', () => wire.sendCopyFail(noInput)],
      ['copyOutResponse', () => told.copying()],
      ['copyData', ({ chunk }: { chunk: Buffer }) => told.copied(chunk)],
      ['readyForQuery', () => leave()],
    ];
    const { stream } = wire;
    // After `pg`, which has then told all messages of the piece.
    const afterPiece = (): void => {
      const pause = told.pause();
      if (pause === undefined) return;
      stream.pause();
      void pause.finally(() => stream.resume());
    };
    const leave = (): void => {
      for (const [event, tell] of on) wire.off(event, tell);
      stream.off('data', afterPiece);
      this.#end();
    };
    for (const [event, tell] of on) wire.on(event, tell);
    stream.on('data', afterPiece);
    wire.query(this.#text);
  }

  // What `pg` tells the query of the moment is known from the events.
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleCommandComplete(): void {}
  handleEmptyQuery(): void {}
  handleCopyInResponse(): void {}
  handleCopyData(): void {}
  handleReadyForQuery(): void {}
  handleError(): void {}
}
