/** Text with everything that a terminal, an XML parser or an editor would act upon shown as an escape; tabs and newlines stay. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\u2028\u2029\ufeff\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu, (character) => {
    if (character === '\t' || character === '\n') return character;
    if (!character.isWellFormed()) return visibleBytes(character);
    const code = character.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`;
  });
}

/** Text with its bytes that are no UTF-8 shown as `\xNN`. They come as lone surrogates U+DC80 to U+DCFF. */
export function visibleBytes(text: string): string {
  if (text.isWellFormed()) return text;
  return text.replace(/\p{Cs}/gu, (character) => {
    const code = character.charCodeAt(0);
    return code >= 0xdc80 && code <= 0xdcff ? `\\x${(code - 0xdc00).toString(16)}` : `\\u${code.toString(16)}`;
  });
}
