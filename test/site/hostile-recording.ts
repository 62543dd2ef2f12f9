import type { Sketch } from './recorded-book.ts';

const script = (where: string): string => `</pre></div></main></script><script>window.hacked = '${where}'</script>`;

/** What a program that wants to break out of the page could print. */
export const hostileRecording: readonly Sketch[] = [
  {
    step: 'html',
    output: `${script('output')}\n<img src=x onerror="window.hacked = 'handler in output'">\n{1 + 1} \${window.hacked} &lt;b&gt;\n<!-- <style>*{display:none}</style>\n`,
  },
  {
    step: 'escapes',
    verdict: 'failed',
    reason: `${script('reason')}`,
    command: `${script('command')}`,
    output: `\u001b]0;${script('title')}\u0007\u001b[31mred\u001b[0m\u202etxt.exe\u202c \u0000 \u009b31m\n`,
    diff: {
      kind: 'table',
      problem: script('problem'),
      rows: [
        { kind: 'missing', expected: 0, text: script('missing') },
        { kind: 'unexpected', actual: script('unexpected'), line: 0 },
        {
          kind: 'differs',
          expected: 1,
          line: 1,
          cells: [{ column: script('column'), expected: script('expected'), actual: script('actual'), same: false }],
        },
      ],
    },
    hints: [script('recorded hint')],
  },
];
