import { capturedNames, usedNames, usedTypes } from '../expectation/bind.ts';
import { nearest } from '../nearest.ts';
import { namesIn } from './fill-command.ts';
import type { Command, Step, Variant } from './model.ts';
import type { Reports } from './positions.ts';

/** Reports each `{{name}}` that is neither a declared variable, nor captured by an earlier step, nor among `unread`. */
export function checkNames(
  steps: readonly Step[],
  variables: Readonly<Record<string, string>>,
  unread: ReadonlySet<string>,
  reports: Reports,
): void {
  const known = new Set([...Object.keys(variables), ...unread]);
  const check = (name: string, { file, line }: Variant<unknown>): void => {
    if (known.has(name)) return;
    const near = nearest(name, [...known]);
    const hint = near
      ? `did you mean \`{{${near}}}\`?`
      : `capture it with \`{{${name}:int}}\` in an earlier expectation, declare it in \`vars\`, or write \`\\{{\` for two braces`;
    reports(file)(line, 1, `\`{{${name}}}\` is used before any step captures it`, hint);
  };
  const captured = new Set(
    steps.flatMap(({ expectations }) => expectations.flatMap(({ value }) => capturedNames(value.expectation))),
  );
  for (const { expectations } of steps)
    for (const { value, file, line } of expectations)
      for (const type of new Set(usedTypes(value.expectation)))
        if (captured.has(type))
          reports(file)(
            line,
            1,
            `\`{{${type}}}\` is the type here, though this page captures a value that is called \`${type}\``,
            'give that value another name, so that nobody takes the one for the other',
          );
  for (const step of steps) {
    for (const command of step.commands) {
      const { value, file, line } = command;
      for (const name of namesIn(value)) check(name, command);
      for (const name of namesBehindBackslash(value).filter((each) => known.has(each)))
        reports(file)(
          line,
          1,
          `\`\\{{${name}}}\` is two literal braces, not a backslash and a value`,
          'change into the directory first (`cd /d`), and name the file without it',
        );
    }
    for (const expected of step.expectations)
      for (const name of usedNames(expected.value.expectation)) check(name, expected);
    for (const { value, file, line } of step.expectations) {
      for (const name of capturedNames(value.expectation)) {
        if (Object.hasOwn(variables, name))
          reports(file)(
            line,
            1,
            `\`${name}\` is captured here and declared as a variable`,
            'give one of them another name',
          );
        known.add(name);
      }
    }
  }
}

/** Names that stand in a path of Windows as if the backslash before them were a part of it. */
function namesBehindBackslash({ language, text }: Command): readonly string[] {
  if (language !== 'bat' && language !== 'powershell') return [];
  return [...text.matchAll(/\\\{\{\s*([A-Za-z_][\w-]*)\s*\}\}/g)].flatMap((match) => match[1] ?? []);
}

/** Names that a body seems to capture, for one that cannot be parsed. */
export function namesCapturedIn(body: string): readonly string[] {
  return [...body.matchAll(/\{\{\s*([A-Za-z_][\w-]*)\s*:/g)].flatMap((match) => match[1] ?? []);
}
