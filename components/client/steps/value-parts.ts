/** A piece of an output line: plain text, or what came in a placeholder's place. */
export type ValuePart = { readonly text: string; readonly placeholder: string | undefined };

/**
 * Finds in a line that matched which of its text stands in the places of the placeholders of the expected line. Only for
 * showing: where the pieces cannot be told apart, the line is one plain piece.
 */
export function valueParts(expected: string, actual: string): readonly ValuePart[] {
  const whole = [{ text: actual, placeholder: undefined }];
  const pattern = expected.replace(/\s*\{\{(?:\?|\+|0\+)\}\}\s*$/, '');
  const pieces = pattern.split(/(\{\{.*?\}\})/);
  const start = pieces[0] ?? '';
  if (pieces.length === 1 || pattern.includes('\\{{') || !actual.startsWith(start)) return whole;
  const parts: ValuePart[] = [];
  const add = (text: string, placeholder: string | undefined): void => {
    if (text !== '') parts.push({ text, placeholder });
  };
  add(start, undefined);
  let at = start.length;
  for (let i = 1; i < pieces.length; i += 2) {
    const literal = pieces[i + 1] ?? '';
    const last = i + 2 === pieces.length;
    // Two placeholders side by side: nobody can say where one ends.
    if (literal === '' && !last) return whole;
    const found = last ? actual.length - literal.length : actual.indexOf(literal, at);
    if (found < at || !actual.startsWith(literal, found)) return whole;
    add(actual.slice(at, found), pieces[i]);
    add(literal, undefined);
    at = found + literal.length;
  }
  return parts;
}
