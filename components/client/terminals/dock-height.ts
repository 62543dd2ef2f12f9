import { make } from '../dom.ts';
import { texts } from '../texts.ts';

const key = 'tejun-terminals-height';
const least = 120;

/** The upper edge of the terminals: dragged, or moved by the arrow keys. The height is kept for the tab. */
export class DockHeight {
  readonly element = make('div', {
    class: 'dock-edge',
    role: 'separator',
    tabindex: '0',
    'aria-orientation': 'horizontal',
    'aria-label': texts.terminalsHeight,
  });
  readonly #apply: (height: number) => void;
  readonly #closed = new AbortController();
  #height: number;

  /** `apply` gives the terminals their height in CSS pixels. */
  constructor(apply: (height: number) => void) {
    this.#apply = apply;
    this.#height = Number(sessionStorage.getItem(key)) || Math.round(innerHeight * 0.38);
    this.element.addEventListener('pointerdown', (event) => this.#drag(event));
    this.element.addEventListener('keydown', (event) => {
      const step = { ArrowUp: 24, ArrowDown: -24, PageUp: 120, PageDown: -120, Home: 1e4, End: -1e4 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      this.#set(this.#height + step);
    });
    window.addEventListener('resize', () => this.#set(this.#height), { signal: this.#closed.signal });
    this.#set(this.#height);
  }

  close(): void {
    this.#closed.abort();
    this.element.remove();
  }

  #drag(start: PointerEvent): void {
    if (start.button !== 0) return;
    start.preventDefault();
    this.element.setPointerCapture(start.pointerId);
    this.element.focus();
    const from = this.#height;
    const move = (event: PointerEvent): void => this.#set(from + start.clientY - event.clientY);
    this.element.addEventListener('pointermove', move);
    this.element.addEventListener('lostpointercapture', () => this.element.removeEventListener('pointermove', move), {
      once: true,
    });
  }

  #set(height: number): void {
    const most = Math.max(least, Math.round(innerHeight * 0.8));
    this.#height = Math.min(most, Math.max(least, height));
    sessionStorage.setItem(key, String(this.#height));
    this.element.setAttribute('aria-valuemin', String(least));
    this.element.setAttribute('aria-valuemax', String(most));
    this.element.setAttribute('aria-valuenow', String(this.#height));
    this.#apply(this.#height);
  }
}
