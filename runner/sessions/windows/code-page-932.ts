let known: ReadonlySet<string> | undefined;

/** Whether code page 932, that of Japanese Windows, has all characters of a text. */
export function isInCodePage932(text: string): boolean {
  if (/^[\0-\x7f]*$/.test(text)) return true;
  known ??= characters();
  for (const char of text) if (char > '\x7f' && !known.has(char)) return false;
  return true;
}

function characters(): ReadonlySet<string> {
  // What the web calls shift_jis is Windows' code page.
  const decoder = new TextDecoder('shift_jis');
  const found = new Set<string>();
  for (let byte = 0xa1; byte <= 0xdf; byte++) found.add(decoder.decode(Uint8Array.of(byte)));
  for (let lead = 0x81; lead <= 0xfc; lead++) {
    if (lead >= 0xa0 && lead < 0xe0) continue;
    for (let trail = 0x40; trail <= 0xfc; trail++) found.add(decoder.decode(Uint8Array.of(lead, trail)));
  }
  found.delete('\ufffd');
  return found;
}
