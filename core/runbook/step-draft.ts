import { readAttributes } from './attributes.ts';
import { checkHints, type PlacedHint } from './hints.ts';
import { parseInfo } from './info.ts';
import type { Fence } from './markdown.ts';
import type { Command, ExpectFence, Language, Step, Variant } from './model.ts';
import { type Report, type Reports, tellLine } from './positions.ts';
import { checkOneKind, checkSql } from './sql-step.ts';
import { impliedBy, readDuration, readExit, readOnly, readWhen, stepAttributes } from './step-fence.ts';
import { checkVariants } from './variants.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A step whose expectations and hints are still being read. */
export type StepDraft = Mutable<Omit<Step, 'source' | 'commands' | 'expectations' | 'hints'>> & {
  readonly commands: Variant<Command>[];
  readonly expectations: Variant<ExpectFence>[];
  readonly hints: PlacedHint[];
  /** Whether an expectation has mistakes and is left out. */
  unreadable: boolean;
  readonly sources: string[];
};

/** Begins a step with its first fence. */
export function beginStep(
  fence: Fence,
  section: string,
  defaults: { readonly host: string | undefined; readonly timeout: number },
  report: Report,
): StepDraft {
  const info = parseInfo(fence.info);
  const attributes = readAttributes(fence, info, stepAttributes, report);
  const id = attributes.value('step') ?? '';
  if (id !== '' && !/^[a-z0-9][a-z0-9-]*$/.test(id))
    attributes.wrong(
      'step',
      `\`${id}\` is no step id`,
      'small letters, digits and dashes, for example step=create-testdb',
    );
  if (attributes.flag('background') && attributes.has('until'))
    attributes.wrong(
      'until',
      'a background step cannot have `until`',
      'it passes as soon as its output meets the expectation; use `timeout`',
    );
  if (attributes.flag('background') && attributes.flag('cleanup'))
    attributes.wrong(
      'cleanup',
      'a step cannot be both `background` and `cleanup`',
      'background steps are always ended',
    );
  if (attributes.flag('background') && attributes.flag('topology'))
    attributes.wrong(
      'topology',
      'a background step cannot have `topology`',
      'it goes on; give `topology` to the step after it that shows what became of it',
    );
  checkSql(info.language, attributes);
  const draft: StepDraft = {
    id,
    section,
    file: fence.file,
    line: fence.line,
    host: attributes.value('host') ?? defaults.host,
    database: attributes.value('db'),
    only: readOnly(attributes),
    exit: readExit(attributes),
    timeout: readDuration(attributes, 'timeout') ?? defaults.timeout,
    until: readDuration(attributes, 'until'),
    danger: attributes.value('danger'),
    background: attributes.flag('background'),
    cleanup: attributes.flag('cleanup'),
    finding: attributes.value('finding'),
    changed: attributes.value('changed'),
    topology: attributes.flag('topology'),
    reported: undefined,
    commands: [],
    expectations: [],
    hints: [],
    unreadable: false,
    sources: [],
  };
  addCommand(draft, fence, attributes);
  return draft;
}

/** Adds a further command of the same step: a variant for other facts. */
export function addVariant(draft: StepDraft, fence: Fence, report: Report): void {
  const attributes = readAttributes(fence, parseInfo(fence.info), stepAttributes, report);
  for (const key of [...stepAttributes.values, ...stepAttributes.flags]) {
    if (key === 'step' || key === 'when' || !attributes.has(key)) continue;
    attributes.wrong(
      key,
      `\`${key}\` belongs on the step's first fence`,
      `it holds for all variants; the first one is in ${tellLine(draft, fence)}`,
    );
  }
  addCommand(draft, fence, attributes);
}

/** Adds what the report measured. */
export function addReported(draft: StepDraft, fence: Fence, report: Report): void {
  const info = parseInfo(fence.info);
  const attributes = readAttributes(fence, info, { values: [], flags: [], display: false }, report);
  if (draft.reported !== undefined)
    attributes.wrong(undefined, `step ${draft.id} has two \`reported\` fences`, 'write both into one');
  if (draft.only === undefined)
    attributes.wrong(
      undefined,
      `step ${draft.id} runs on all hosts, so it needs no \`reported\` fence`,
      'what it prints is recorded; say with `only=` for which hosts it is, or leave the fence out',
    );
  if (fence.text.trim() === '')
    attributes.wrong(undefined, 'this `reported` fence is empty', 'write what was measured');
  draft.reported = { text: fence.text.replace(/\n$/, ''), file: fence.file, line: fence.line };
}

/** The finished step. */
export function finishStep(draft: StepDraft, reports: Reports): Step {
  const { sources, hints, unreadable, ...rest } = draft;
  const several = draft.commands.length > 1;
  const languages = draft.commands.map(({ value }) => value.language);
  const commands = draft.commands.map((command) => {
    const { language } = command.value;
    // A lone `sh` runs wherever the host's shell can; a batch file never runs in bash.
    return several || language === 'bat' || language === 'powershell'
      ? { ...command, when: [...command.when, ...impliedBy(language, languages)] }
      : command;
  });
  if (draft.background && draft.expectations.length === 0) {
    reports(draft.file)(
      draft.line,
      1,
      `the background step ${draft.id} has no expectation`,
      'add an `expect` fence that tells when it is up; nothing else would show that it ever started',
    );
  }
  checkOneKind(draft.id, commands, reports);
  checkVariants('command', commands, reports);
  checkVariants('expectation', draft.expectations, reports);
  if (!unreadable) checkHints(hints, draft.expectations, reports);
  return { ...rest, commands, hints: hints.map(({ hint }) => hint), source: sources.join('\n') };
}

function addCommand(draft: StepDraft, fence: Fence, attributes: Parameters<typeof readWhen>[0]): void {
  const language = parseInfo(fence.info).language as Language;
  const comment = { sh: /^\s*#/, bash: /^\s*#/, bat: /^\s*(?:rem\b|::)/i, powershell: /^\s*#/, sql: /^\s*--/ }[
    language
  ];
  if (fence.text.split('\n').every((line) => line.trim() === '' || comment?.test(line)))
    attributes.wrong(undefined, `step ${draft.id} has no command`, 'write the command between the fences');
  draft.commands.push({
    ...readWhen(attributes),
    value: { language, text: fence.text },
    file: fence.file,
    line: fence.line,
  });
  draft.sources.push(sourceOf(fence));
}

/** A fence as text for hashing: spacing and order of attributes do not matter. */
export function sourceOf(fence: Fence): string {
  const { language, attributes } = parseInfo(fence.info);
  const sorted = attributes
    .map(({ key, value }) => (value === undefined ? key : `${key}=${JSON.stringify(value)}`))
    .sort();
  return [`\`\`\`${[language, ...sorted].join(' ')}`, fence.text, '```'].join('\n');
}
