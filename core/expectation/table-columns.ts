/**
 * Where the columns of an expectation stand in an output: found by name, and by position among those of one name. A
 * string says why they cannot be found.
 */
export function placeColumns(wanted: readonly string[], names: readonly string[]): readonly number[] | string {
  for (const name of wanted) {
    const asked = wanted.filter((other) => other === name).length;
    const places = names.filter((other) => other === name).length;
    if (places === 0)
      return `the output has no column \`${name}\`; it has ${names.map((other) => `\`${other}\``).join(', ')}`;
    // Which of them is meant only a page that names all can say.
    if (places !== asked) {
      return `the output has ${count(places, name)}, the page names ${asked}: name all of them, or rename them with \`AS\` in the query`;
    }
  }
  const next = new Map<string, number>();
  return wanted.map((name) => {
    const index = names.indexOf(name, next.get(name) ?? 0);
    next.set(name, index + 1);
    return index;
  });
}

function count(places: number, name: string): string {
  return places === 1 ? `one column \`${name}\`` : `${places} columns \`${name}\``;
}
