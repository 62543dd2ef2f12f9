import type { ShellState } from './shell-state.ts';

/** A folder of a session on its server, as Windows writes it. */
export type Folder = { readonly path: string; readonly secret: string; readonly codePage: number };

/** The batch file that waits for a step's number on its standard input, as long as the connection lives. */
export function loopBatch({ path }: Folder): string {
  return batch([
    ':next',
    'set tejun_step=',
    'set /p tejun_step=',
    'if not defined tejun_step exit',
    `call "${literal(path)}\\run.bat" %tejun_step%`,
    'goto next',
  ]);
}

/** The batch file that runs step `%1` and says when it is over. */
export function runBatch({ path, secret, codePage }: Folder): string {
  return batch([
    // PowerShell leaves the console in another code page.
    ...(codePage === 0 ? [] : [`chcp ${codePage} >nul 2>&1`]),
    // A shell of its own: an `exit` in the step is not the end of this file.
    `"%ComSpec%" /d /q /v:off /c ""${literal(path)}\\%1.bat" <nul 2>&1"`,
    `echo ${secret}:%1:%errorlevel%`,
  ]);
}

/** What a step's batch file needs to know. */
export type StepSetting = {
  /** The environment with which cmd starts. */
  readonly base: ReadonlyMap<string, string>;
  /** What the steps before have left; undefined before the first. */
  readonly now: ShellState | undefined;
  /** Where it writes what it leaves. */
  readonly left: string;
};

/** The batch file of a part of a step in cmd: what was left before, the lines, what is left after them. */
export function stepBatch(lines: readonly string[], setting: StepSetting): string {
  const into = `"${literal(setting.left)}"`;
  return batch([
    ...beginning(setting),
    ...lines.flatMap((line) => [
      '@echo off',
      line,
      '@if errorlevel 1 goto tejun_failed',
      '@if not errorlevel 0 goto tejun_failed',
    ]),
    `@echo ok %errorlevel% >${into}`,
    '@goto tejun_left',
    ':tejun_failed',
    `@echo failed %errorlevel% >${into}`,
    ':tejun_left',
    `@cd >>${into}`,
    `@set >>${into}`,
    // A full disk would cut it off.
    `@echo end >>${into}`,
    '@exit 0',
    ...ending(setting.left),
  ]);
}

/** The batch file of a step in another program, which itself writes what it leaves. */
export function programBatch(command: string, setting: StepSetting): string {
  return batch([...beginning(setting), `@${command}`, '@exit %errorlevel%', ...ending(setting.left)]);
}

/** Why cmd cannot be given what the steps before have left; undefined when it can. */
export function ungivable({ base, now }: Pick<StepSetting, 'base' | 'now'>): string | undefined {
  for (const [name, value] of now?.environment ?? []) {
    if (base.get(name) === value) continue;
    // A batch file would end there, or take the rest for a command.
    if (/[\0-\x08\x0a-\x1f]/.test(`${name}${value}`))
      return `the variable ${name} has a line end or control characters`;
    if (setting(name, value).length > longestLine) return `the variable ${name} is longer than cmd takes`;
  }
  return undefined;
}

/** cmd's limit for a line, in characters (learn.microsoft.com, "Command prompt line string limitation"). */
const longestLine = 8191 - 1;

/** Text that cmd reads in a batch file as it is. */
export function literal(text: string): string {
  return text.replaceAll('%', '%%');
}

function beginning({ base, now }: StepSetting): readonly string[] {
  if (now === undefined) return ['@set tejun_step='];
  const { environment, directory } = now;
  const gone = [...base.keys()].filter((name) => !environment.has(name));
  const changed = [...environment].filter(([name, value]) => base.get(name) !== value);
  return [
    '@set tejun_step=',
    ...gone.map((name) => `@set ${escaped(name)}=`),
    ...changed.map(([name, value]) => `@${setting(name, value)}`),
    // What was done so far may have left another code.
    '@ver >nul',
    `@cd /d "${literal(directory)}"`,
    // In another directory the lines would mean something else.
    '@if errorlevel 1 goto tejun_lost',
  ];
}

function ending(left: string): readonly string[] {
  const into = `"${literal(left)}"`;
  return [':tejun_lost', `@echo lost 1 >${into}`, `@cd >>${into}`, `@echo end >>${into}`, '@exit 0'];
}

/** cmd takes quotes away from the ends alone, so a value without quotes needs nothing else. */
function setting(name: string, value: string): string {
  if (!`${name}${value}`.includes('"')) return `set "${literal(name)}=${literal(value)}"`;
  return `set ${escaped(name)}=${escaped(value)}`;
}

function escaped(text: string): string {
  return literal(text).replace(/[&|<>^()"]/g, '^$&');
}

function batch(lines: readonly string[]): string {
  return ['@echo off', ...lines].map((line) => `${line}\r\n`).join('');
}
