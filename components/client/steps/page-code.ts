const read = new WeakMap<Element, string>();

/** The text of a code figure as its author wrote it; Expressive Code keeps each line in an element of its own. */
export function codeText(figure: Element): string {
  let text = read.get(figure);
  if (text === undefined) {
    const lines = figure.querySelectorAll('pre .ec-line');
    text =
      lines.length === 0
        ? (figure.querySelector('pre')?.textContent ?? '')
        : Array.from(lines, (line) => line.textContent.replace(/\n$/, '')).join('\n');
    read.set(figure, text);
  }
  return text;
}
