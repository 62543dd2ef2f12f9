import { make, makeButton, show } from './dom.ts';

/** A button that shows and hides a panel. Escape and a click elsewhere hide it. */
export class Disclosure {
  readonly element: HTMLElement;
  readonly button: HTMLButtonElement;
  readonly panel: HTMLElement;
  readonly #closed = new AbortController();

  constructor(text: string, label: string | undefined, panelClass: string) {
    this.panel = make('div', { class: `disclosure-panel ${panelClass}`, hidden: true });
    this.button = makeButton(text, () => this.toggle(), { label, class: 'disclosure' });
    this.button.setAttribute('aria-expanded', 'false');
    this.element = make('div', { class: 'tejun-disclosure' }, this.button, this.panel);
    const { signal } = this.#closed;
    this.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || this.panel.hidden) return;
      event.stopPropagation();
      this.toggle(false);
      this.button.focus();
    });
    const outside = (event: Event): void => {
      if (!this.panel.hidden && event.target instanceof Node && !this.element.contains(event.target))
        this.toggle(false);
    };
    document.addEventListener('pointerdown', outside, { signal });
    document.addEventListener('focusin', outside, { signal });
  }

  toggle(open = this.panel.hidden !== false): void {
    show(this.panel, open);
    this.button.setAttribute('aria-expanded', String(open));
    if (!open) return;
    // Where there is no room to the right, the panel opens to the left.
    this.panel.classList.remove('to-left');
    const room = this.element.closest('section')?.getBoundingClientRect().right ?? innerWidth;
    this.panel.classList.toggle('to-left', this.panel.getBoundingClientRect().right > room);
  }

  close(): void {
    this.#closed.abort();
    this.element.remove();
  }
}
