import type { Command, Language } from './model.ts';

const reference = /\\\{\{|\{\{\s*([A-Za-z_][\w-]*)\s*\}\}/g;

/** Names that a command uses as `{{name}}`. */
export function namesIn(command: Command): readonly string[] {
  return [...command.text.matchAll(reference)].flatMap((match) => match[1] ?? []);
}

/** Characters that mean themselves anywhere in a command: cmd also splits at `,` and `=` and expands `%`, PowerShell `,`, `@` and `%`. */
const plain: Readonly<Record<Language, RegExp>> = {
  sh: /^[\w.:/@%+,=-]$/,
  bash: /^[\w.:/@%+,=-]$/,
  bat: /^[\w.:/\\@+-]$/,
  powershell: /^[\w.:/\\+=-]$/,
  sql: /^[\w.:/+-]$/,
};

/**
 * Puts values in place of `{{name}}`; `\{{` is a literal `{{`. A value with characters that the command's language would
 * interpret is refused: quoting it silently would run something that the page does not say.
 */
export function fillCommand(
  command: Command,
  values: Readonly<Record<string, string>>,
): { readonly kind: 'filled'; readonly text: string } | { readonly kind: 'problem'; readonly reason: string } {
  for (const name of namesIn(command)) {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined)
      return { kind: 'problem', reason: `the command uses {{${name}}}, which no earlier step of this run captured` };
    if (value === '')
      return {
        kind: 'problem',
        reason: `the command uses {{${name}}}, which is empty; give it a value by --var ${name}=…`,
      };
    const strange =
      Array.from(value).find((character) => !plain[command.language].test(character)) ??
      // Programs of Windows take away the meaning of a quote that follows.
      (value.endsWith('\\') ? '\\' : undefined);
    // The whole value stays unsaid: quoted or cut, a secret would slip through the redactor.
    if (strange !== undefined)
      return {
        kind: 'problem',
        reason: `{{${name}}} has ${JSON.stringify(strange)} in it, which the ${command.language} command could interpret; capture a narrower type, or give another value`,
      };
  }
  const fill = (give: (name: string) => string): string =>
    command.text.replace(reference, (_, name: string | undefined) => (name === undefined ? '{{' : give(name)));
  const text = fill((name) => values[name] ?? '');
  // `-{{n}}` with a negative number would hide the rest of the line.
  if (command.language === 'sql' && commentsIn(text) !== commentsIn(fill(() => 'x')))
    return {
      kind: 'problem',
      reason: 'a value that is filled in begins a comment in the SQL; put it into parentheses',
    };
  return { kind: 'filled', text };
}

function commentsIn(sql: string): number {
  return sql.match(/--|\/\*/g)?.length ?? 0;
}
