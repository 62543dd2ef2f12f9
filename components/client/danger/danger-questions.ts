import type { ClientMessage } from '../../../core/protocol/client-message.ts';
import type { ServerMessage } from '../../../core/protocol/server-message.ts';
import { visible } from '../../build/visible-text.ts';
import { make } from '../dom.ts';
import { Question } from '../question.ts';
import { texts } from '../texts.ts';

type Ask = Extract<ServerMessage, { kind: 'ask' }>;
type Answer = Extract<ClientMessage, { kind: 'answer' }>['answer'];

/** Asks the reader before a dangerous step runs, one question at a time. */
export class DangerQuestions {
  readonly #send: (ask: string, answer: Answer) => void;
  #waiting: Ask[] = [];
  #open: { readonly ask: string; readonly question: Question<Answer> } | undefined;

  constructor(send: (ask: string, answer: Answer) => void) {
    this.#send = send;
  }

  receive(ask: Ask): void {
    if (this.#open?.ask === ask.ask || this.#waiting.some((one) => one.ask === ask.ask)) return;
    this.#waiting.push(ask);
    this.#next();
  }

  /** Somebody has answered, here or on another page. */
  answered(ask: string): void {
    this.#waiting = this.#waiting.filter((one) => one.ask !== ask);
    if (this.#open?.ask === ask) this.#open.question.close();
  }

  /** Takes all questions away; whoever asked asks again. */
  close(): void {
    this.#waiting = [];
    this.#open?.question.close();
  }

  #next(): void {
    const ask = this.#open === undefined ? this.#waiting.shift() : undefined;
    if (ask === undefined) return;
    const question = openQuestion(ask);
    this.#open = { ask: ask.ask, question };
    void question.answer.then((answer) => {
      this.#open = undefined;
      if (answer !== undefined) this.#send(ask.ask, answer);
      this.#next();
    });
  }
}

function openQuestion(ask: Ask): Question<Answer> {
  const fact = (name: string, value: Node | string): HTMLElement =>
    make('div', {}, make('dt', {}, name), make('dd', {}, value));
  const body = make(
    'dl',
    { class: 'dialog-facts' },
    fact(texts.atStake, make('strong', {}, visible(ask.danger))),
    fact(texts.step, ask.step),
    fact(texts.host, ask.host),
    fact(texts.lab, ask.lab),
    fact(texts.command, make('pre', {}, visible(ask.command))),
  );
  const rest = { answer: 'rest', text: texts.dangerRest } as const;
  return new Question<Answer>(
    texts.dangerTitle(ask.host),
    [body],
    [
      { answer: 'refuse', text: texts.dangerRefuse, class: 'primary' },
      { answer: 'run', text: texts.dangerRun(ask.host), class: 'danger' },
      ...(ask.disposable ? [rest] : []),
    ],
  );
}
