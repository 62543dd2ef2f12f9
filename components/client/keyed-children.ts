/** Children of one element by key: those that stay are not touched, so that nothing flickers and selections hold. */
export class KeyedChildren<Item extends { readonly key: string }, Kept extends { readonly element: HTMLElement }> {
  readonly #parent: HTMLElement;
  readonly #make: (item: Item) => Kept;
  readonly #update: (kept: Kept, item: Item, before: Item) => Kept;
  #kept = new Map<string, { readonly item: Item; readonly kept: Kept }>();

  /** `update` gives back what is kept, or another element that takes its place. */
  constructor(parent: HTMLElement, make: (item: Item) => Kept, update: (kept: Kept, item: Item, before: Item) => Kept) {
    this.#parent = parent;
    this.#make = make;
    this.#update = update;
  }

  set(items: readonly Item[]): void {
    const next = new Map<string, { readonly item: Item; readonly kept: Kept }>();
    for (const item of items) {
      const old = this.#kept.get(item.key);
      const kept = old === undefined ? this.#make(item) : this.#update(old.kept, item, old.item);
      if (old !== undefined && kept.element !== old.kept.element) old.kept.element.replaceWith(kept.element);
      next.set(item.key, { item, kept });
    }
    for (const [key, { kept }] of this.#kept) if (!next.has(key)) kept.element.remove();
    let place = this.#parent.firstElementChild;
    for (const { kept } of next.values()) {
      if (kept.element === place) place = place.nextElementSibling;
      else this.#parent.insertBefore(kept.element, place);
    }
    this.#kept = next;
  }
}
