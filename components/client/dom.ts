type Attributes = Readonly<Record<string, string | boolean | undefined>>;
type Child = Node | string | undefined;

/** Makes an element. Text goes in as text: nothing here reads HTML. `true` sets an empty attribute. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/** Makes a button with what it does. `label` is its name for those who do not see where it stands. */
export function makeButton(
  text: string,
  press: () => void,
  options: { readonly label?: string | undefined; readonly class?: string } = {},
): HTMLButtonElement {
  const name = options.class === undefined ? 'tejun-button' : `tejun-button ${options.class}`;
  const button = make('button', { type: 'button', class: name, 'aria-label': options.label }, text);
  button.addEventListener('click', () => {
    if (button.getAttribute('aria-disabled') !== 'true') press();
  });
  return button;
}

/** Sets or removes an attribute; touches nothing that is already so. */
export function setAttribute(element: Element, name: string, value: string | boolean | undefined): void {
  if (value === undefined || value === false) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
  } else {
    const text = value === true ? '' : value;
    if (element.getAttribute(name) !== text) element.setAttribute(name, text);
  }
}

/** Sets an element's text; touches nothing that is already so. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Shows or hides an element. */
export function show(element: HTMLElement, shown: boolean): void {
  if (element.hidden === shown) element.hidden = !shown;
}

/** Permits or forbids a button without taking the focus away from it. */
export function enable(button: HTMLButtonElement, enabled: boolean): void {
  setAttribute(button, 'aria-disabled', enabled ? undefined : 'true');
}

/** Text that only screen readers read. */
export function spoken(text: string): HTMLElement {
  return make('span', { class: 'tejun-spoken' }, text);
}

/** A sign that only eyes see. */
export function sign(text: string): HTMLElement {
  return make('span', { class: 'tejun-sign', 'aria-hidden': 'true' }, text);
}
