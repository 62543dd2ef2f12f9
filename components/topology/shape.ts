/** A piece of SVG as a value, from which the build makes HTML and a live page elements. Text goes in as text. */
export type Shape = {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (Shape | string)[];
};

/** Makes a shape; numbers are written as short as they are exact. */
export function shape(
  tag: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  ...children: readonly (Shape | string | undefined)[]
): Shape {
  const given = Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, typeof value === 'number' ? `${Math.round(value * 10) / 10}` : value] as const],
  );
  return { tag, attributes: Object.fromEntries(given), children: children.filter((child) => child !== undefined) };
}
