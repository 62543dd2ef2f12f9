import { valueNamed } from '../by-name.ts';
import type { Command, Language } from './model.ts';

const reference = /\\\{\{|\{\{\s*([A-Za-z_][\w-]*)\s*\}\}/g;

/** Names that a command uses as `{{name}}`. */
export function namesIn(command: Command): readonly string[] {
  return [...command.text.matchAll(reference)].flatMap((match) => match[1] ?? []);
}

/** ASCII that means itself anywhere in a command: cmd also splits at `,` and `=` and expands `%`, PowerShell `,`, `@` and `%`. */
const plain: Readonly<Record<Language, RegExp>> = {
  sh: /^[\w.:/@%+,=-]$/,
  bash: /^[\w.:/@%+,=-]$/,
  bat: /^[\w.:/\\@+-]$/,
  powershell: /^[\w.:/\\+=-]$/,
  sql: /^[\w.:/+-]$/,
};

/** Letters and digits of every script, with their marks. Those that nobody sees are none. */
const letter = /^(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{N}\p{M}]$/u;
/** Letters and marks that Windows may turn into quotes and carets for a program that knows no Unicode. */
const turnedByWindows = /^[\u02b0-\u036f]$/;

function meansItself(character: string, language: Language): boolean {
  if (plain[language].test(character)) return true;
  const windows = language === 'bat' || language === 'powershell';
  return letter.test(character) && !(windows && turnedByWindows.test(character));
}

/**
 * Puts values in place of `{{name}}`; `\{{` is a literal `{{`. A value with characters that the command's language would
 * interpret is refused: quoting it silently would run something that the page does not say.
 */
export function fillCommand(
  command: Command,
  values: Readonly<Record<string, string>>,
): { readonly kind: 'filled'; readonly text: string } | { readonly kind: 'problem'; readonly reason: string } {
  for (const name of namesIn(command)) {
    const value = valueNamed(values, name);
    if (value === undefined)
      return { kind: 'problem', reason: `the command uses {{${name}}}, which no earlier step of this run captured` };
    if (value === '')
      return {
        kind: 'problem',
        reason: `the command uses {{${name}}}, which is empty; give it a value by --var ${name}=…`,
      };
    const strange =
      Array.from(value).find((character) => !meansItself(character, command.language)) ??
      // Programs of Windows take away the meaning of a quote that follows.
      (value.endsWith('\\') ? '\\' : undefined);
    // The whole value stays unsaid: quoted or cut, a secret would slip through the redactor.
    if (strange !== undefined)
      return {
        kind: 'problem',
        reason: `{{${name}}} has ${nameOf(strange)} in it, which the ${command.language} command could interpret; capture a narrower type, or give another value`,
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

/** A character as a reason tells it: many of those that are refused cannot be seen, or look like another one. */
function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const shown = JSON.stringify(character);
  return code < 0x7f ? shown : `${shown} (U+${code.toString(16).toUpperCase().padStart(4, '0')})`;
}
