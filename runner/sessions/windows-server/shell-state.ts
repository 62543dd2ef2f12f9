/** What one step hands to the next, in whichever of the two shells that runs. */
export type ShellState = { readonly directory: string; readonly environment: ReadonlyMap<string, string> };

/** What a step has left in its file. `lost`: it did not begin, because its directory is gone. */
export type Left = { readonly how: 'ok' | 'failed' | 'lost'; readonly code: number } & ShellState;

/** Reads what a step has left: how it ended, the directory, the environment. Undefined when it is not whole. */
export function parseLeft(text: string): Left | undefined {
  // PowerShell's variables may have line ends in them; cmd ends each line, also that of an empty value.
  const separator = text.includes('\0') ? '\0' : /\r?\n/;
  const [first = '', directory = '', ...rest] = text.trimEnd().split(separator);
  const [, how, code] = /^(ok|failed|lost) (-?\d+) *$/.exec(first) ?? [];
  // What is cut off ends in the middle of the environment.
  if (how === undefined || code === undefined || directory.trim() === '' || rest.pop() !== 'end') return undefined;
  const number = Number(code) | 0;
  // A variable that is called like it hides how commands end.
  if ((how === 'ok') !== (number === 0)) return undefined;
  const environment = new Map(
    rest.flatMap((line) => {
      const at = line.indexOf('=', 1);
      // Windows keeps the drives' directories in variables whose names begin with `=`.
      return at < 0 || line.startsWith('=') ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
    }),
  );
  return { how: how as Left['how'], code: number, directory: directory.trimEnd(), environment };
}

/** The name of a variable that hides from the next step how its commands end or where it is; undefined without one. */
export function hidingVariable({ environment }: ShellState): string | undefined {
  return [...environment.keys()].find((name) => /^(errorlevel|cd)$/i.test(name));
}
