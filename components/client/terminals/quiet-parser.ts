import type { IParser } from '@xterm/xterm';

/** Mode in which a terminal reports its focus; it does so at once when the mode is set. */
const focusReports = 1004;

/**
 * Makes a terminal that never answers to output. An answer would go into the shell as if somebody had typed it: once for
 * every page that looks, and again for every replay, whatever program reads the keys by then.
 */
export function keepQuiet(parser: IParser): void {
  const swallow = () => true;
  for (const id of [
    { final: 'c' },
    { prefix: '>', final: 'c' },
    { prefix: '=', final: 'c' },
    { final: 'n' },
    { prefix: '?', final: 'n' },
    { intermediates: '$', final: 'p' },
    { prefix: '?', intermediates: '$', final: 'p' },
    { prefix: '>', final: 'q' },
    { final: 't' },
    { prefix: '?', final: 'u' },
  ]) {
    parser.registerCsiHandler(id, swallow);
  }
  parser.registerCsiHandler({ prefix: '?', final: 'h' }, (params) => params.includes(focusReports));
  parser.registerDcsHandler({ intermediates: '$', final: 'q' }, swallow);
  parser.registerDcsHandler({ intermediates: '+', final: 'q' }, swallow);
  parser.registerEscHandler({ final: 'Z' }, swallow);
  for (const colour of [4, 5, 10, 11, 12, 13, 14, 15, 16, 17, 19]) {
    parser.registerOscHandler(colour, (data) => data.includes('?'));
  }
  // Nothing of a terminal reaches the clipboard or asks for it.
  parser.registerOscHandler(52, swallow);
}
