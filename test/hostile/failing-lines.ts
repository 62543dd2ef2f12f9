/** Lines that fail, whatever was done before. */
export type FailingLines = {
  readonly lines: string;
  /** Commands and settings by which they fail. */
  readonly uses?: readonly string[];
};

/** Ways for a command to fail, most of them followed by one that does not. */
export const failingLines: readonly FailingLines[] = [
  { lines: 'false' },
  { lines: 'false\necho done' },
  { lines: 'false; echo done' },
  { lines: 'ls /nonexistent\necho done' },
  { lines: '(exit 3)\necho done', uses: ['exit'] },
  { lines: '! grep -q root /etc/passwd\necho done', uses: ['!'] },
  { lines: 'false | cat\necho done', uses: ['cat'] },
  { lines: 'cat /nonexistent | cat\necho done', uses: ['cat'] },
  { lines: 'f() { false; echo in; }\nf\necho done' },
  { lines: 'if true; then false; fi\necho done', uses: ['true', 'if', 'then', 'fi'] },
  { lines: 'for i in 1 2; do false; done\necho done', uses: ['do', 'done'] },
  { lines: 'while true; do false; break; done\necho done', uses: ['true', 'break', 'while', 'do', 'done'] },
  { lines: '{ false; echo in; }\necho done', uses: ['{', '}'] },
  { lines: '(false; echo in)\necho done' },
  { lines: 'case x in x) false;; esac\necho done', uses: ['case', 'esac'] },
  { lines: 'x=$(false)\necho done' },
  { lines: 'echo "rows: $(false)"\necho done' },
  { lines: 'echo "$(false; echo x)"\necho done' },
  { lines: 'no-such-program-at-all\necho done', uses: ['not found'] },
  { lines: 'cd /nonexistent\necho done', uses: ['cd'] },
  { lines: "sh -c 'exit 9'\necho done" },
  { lines: 'eval false\necho done', uses: ['eval'] },
  { lines: '[[ -e /nonexistent ]]\necho done', uses: ['[['] },
  { lines: '[ -e /nonexistent ]\necho done', uses: ['['] },
  { lines: 'test -e /nonexistent\necho done', uses: ['test'] },
  { lines: '(( 0 ))\necho done' },
  { lines: 'false & wait $!\necho done', uses: ['wait'] },
  { lines: 'true && false\necho done', uses: ['true'] },
  { lines: 'false || false\necho done' },
  { lines: 'cat </nonexistent\necho done', uses: ['cat'] },
  { lines: 'echo x >/nonexistent/file\necho done', uses: ['echo'] },
  { lines: 'if then', uses: ['if'] },
  { lines: "echo 'no end" },
];
