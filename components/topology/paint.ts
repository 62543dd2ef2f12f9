/** Attributes of a shape. Colours are those of the theme, so that a picture needs no style sheet on any page. */
export type Paint = Readonly<Record<string, string | number>>;

const colour = (name: string): string => `var(--tejun-${name})`;

/** How each part of a picture is painted. Where a colour tells something, a word beside it does, too. */
export const paint = {
  name: { fill: 'var(--sl-color-white)', 'font-size': 13, 'font-weight': 600 },
  small: { fill: colour('quiet'), 'font-size': 10 },
  word: { fill: 'var(--sl-color-text)', 'font-size': 11, 'font-weight': 600 },
  differ: { fill: colour('warn'), 'font-size': 11, 'font-weight': 600 },
  box: { fill: 'var(--sl-color-bg)', stroke: colour('border'), 'stroke-width': 1.5, rx: 5 },
  rule: { stroke: colour('border') },
  wire: { fill: 'none', stroke: colour('quiet'), 'stroke-width': 1.5 },
} as const satisfies Readonly<Record<string, Paint>>;

/** A word for what a server is, as it is or as it is taken for. */
export function wordPaint(kind: string): Paint {
  const fill = { primary: colour('run'), down: colour('fail'), unknown: colour('quiet') }[kind];
  return fill === undefined ? paint.word : { ...paint.word, fill };
}

/** The box of a server or of a Pgpool-II. */
export function boxPaint(kind: string, disputed: boolean): Paint {
  const dashes = kind === 'down' || kind === 'unknown' ? { 'stroke-dasharray': '4 3' } : {};
  if (disputed) return { ...paint.box, ...dashes, stroke: colour('warn'), 'stroke-width': 3 };
  if (kind === 'down') return { ...paint.box, ...dashes, stroke: colour('fail') };
  return kind === 'primary' ? { ...paint.box, stroke: colour('run'), 'stroke-width': 3 } : { ...paint.box, ...dashes };
}

/** The line from Pgpool-II to a server that it takes for this. */
export function spokePaint(kind: string): Paint {
  if (kind === 'primary') return { ...paint.wire, stroke: colour('run'), 'stroke-width': 3 };
  return kind === 'down' || kind === 'unknown' ? { ...paint.wire, 'stroke-dasharray': '3 3' } : paint.wire;
}

/** The line of a replication, and its tip. */
export function linkPaint(state: string): { readonly wire: Paint; readonly tip: Paint } {
  const streams = state === 'streaming';
  const stroke = colour(streams ? 'pass' : 'warn');
  return { wire: { ...paint.wire, stroke, ...(streams ? {} : { 'stroke-dasharray': '3 3' }) }, tip: { fill: stroke } };
}
