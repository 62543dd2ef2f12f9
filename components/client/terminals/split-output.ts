/** A piece of terminal output, and the offset at which it ends. */
export type Piece = { readonly data: string; readonly end: number };

/** Cuts `data`, which begins at `offset`, at the given offsets, so that something can be done when each is reached. */
export function splitOutput(data: string, offset: number, cuts: readonly number[]): readonly Piece[] {
  const end = offset + data.length;
  const inside = [...new Set(cuts)].filter((cut) => cut > offset && cut < end).sort((a, b) => a - b);
  return [...inside, end].map((cut, i) => {
    const from = inside[i - 1] ?? offset;
    return { data: data.slice(from - offset, cut - offset), end: cut };
  });
}
