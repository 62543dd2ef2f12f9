/** Adds the styles of a part that is loaded on demand, once. */
export function addStyles(part: string, styles: string): void {
  const id = `${part}-styles`;
  if (document.getElementById(id)) return;
  const style = document.createElement('style');
  style.id = id;
  style.textContent = styles;
  document.head.append(style);
}
