import { make } from './dom.ts';

/** Says to screen readers what has happened, politely and in one go when much happens at once. */
export class Announcer {
  readonly #region = make('div', { class: 'tejun-spoken', role: 'status', 'aria-live': 'polite' });
  #waiting: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    document.body.append(this.#region);
  }

  say(text: string): void {
    this.#waiting.push(text);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#region.replaceChildren(...this.#waiting.map((line) => make('p', {}, line)));
      this.#waiting = [];
    }, 300);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#region.remove();
  }
}
