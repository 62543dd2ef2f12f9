/** Longest piece of keys in one message. Written as JSON a control character takes six units, and a message has a limit. */
export const longestPiece = 8 * 1024;

/** Cuts what was typed or pasted into pieces that the runner takes, and no character in two. */
export function keyPieces(data: string): readonly string[] {
  const pieces: string[] = [];
  for (let at = 0; at < data.length; ) {
    let end = Math.min(data.length, at + longestPiece);
    const last = data.charCodeAt(end - 1);
    if (end < data.length && last >= 0xd800 && last < 0xdc00) end--;
    pieces.push(data.slice(at, end));
    at = end;
  }
  return pieces;
}
