import { setAttribute } from '../dom.ts';

type Box = { readonly element: HTMLElement; readonly name: string | undefined };

const boxes = new WeakMap<Element, Box>();

// Observers are called after a frame's layout, when sizes are known. A size that an update reads after it has written
// makes the browser lay out the whole page again.
const observer = new ResizeObserver((entries) => {
  const changed = new Set(entries.flatMap(({ target }) => boxes.get(target) ?? []));
  const sizes = [...changed].map((box) => ({ ...box, overflows: isLarger(box.element) }));
  for (const { element, name, overflows } of sizes) reach(element, name, overflows);
});

/**
 * Lets a box be reached and scrolled by keyboard while its content does not fit into it. `content` is its only child,
 * which has the size of its own content; `name` makes the box a region of the page.
 */
export function reachWhenLarger(element: HTMLElement, content: HTMLElement, name?: string): void {
  const box = { element, name };
  for (const target of [element, content]) {
    boxes.set(target, box);
    observer.observe(target);
  }
}

function isLarger({ scrollWidth, scrollHeight, clientWidth, clientHeight }: HTMLElement): boolean {
  return scrollWidth > clientWidth || scrollHeight > clientHeight;
}

function reach(element: HTMLElement, name: string | undefined, overflows: boolean): void {
  setAttribute(element, 'tabindex', overflows ? '0' : undefined);
  if (name === undefined) return;
  setAttribute(element, 'role', overflows ? 'region' : undefined);
  setAttribute(element, 'aria-label', overflows ? name : undefined);
}
