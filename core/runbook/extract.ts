import type { Problem } from '../problem.ts';
import { readExpect, readHint } from './expect-fence.ts';
import { findForgotten } from './forgotten.ts';
import { type FrontMatter, noFrontMatter, readFrontMatter } from './front-matter.ts';
import { parseInfo } from './info.ts';
import { type Fence, readPieces } from './markdown.ts';
import type { Runbook, Step } from './model.ts';
import { checkNames, namesCapturedIn } from './names.ts';
import { type Report, reporter } from './positions.ts';
import { addReported, addVariant, beginStep, finishStep, type StepDraft, sourceOf } from './step-draft.ts';
import { stepLanguages } from './step-fence.ts';

/** Reads a page's runbook and everything that is wrong with it. A page with problems must not be run. */
export function extractRunbook(
  source: string,
  options: { readonly file: string; readonly id: string },
): { readonly runbook: Runbook; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const report = reporter(options.file, problems);
  const reader = new PageReader(options.file, report, problems);
  for (const piece of readPieces(source, options.file, report)) {
    if (piece.kind === 'front-matter') reader.frontMatter = readFrontMatter(piece.text, piece.line, report);
    else if (piece.kind === 'heading') reader.heading(piece.text);
    else if (piece.kind === 'lost') report(piece.line, piece.column, piece.what, piece.hint);
    else reader.fence(piece);
  }
  const { steps, captures } = reader.end();
  const { title, order, labs, checkpoint, host, variables, secrets } = reader.frontMatter;
  checkNames(steps, variables, captures, report);
  problems.sort((a, b) => a.line - b.line || a.column - b.column);
  const { file, id } = options;
  return {
    runbook: { id, file, title: title || reader.title || id, order, labs, checkpoint, host, variables, secrets, steps },
    problems,
  };
}

/** Takes a page's pieces in order and gathers steps from them. */
class PageReader {
  frontMatter: FrontMatter = noFrontMatter;
  /** The page's first heading. */
  title = '';
  readonly #file: string;
  readonly #report: Report;
  readonly #problems: Problem[];
  readonly #steps: Step[] = [];
  readonly #lines = new Map<string, number>();
  #draft: StepDraft | undefined;
  #section = '';
  /** Names that expectations capture which could not be read: one mistake is no reason to report ten. */
  readonly #captures = new Set<string>();

  constructor(file: string, report: Report, problems: Problem[]) {
    this.#file = file;
    this.#report = report;
    this.#problems = problems;
  }

  heading(text: string): void {
    this.#finish();
    this.#section = text;
    this.title ||= text;
  }

  fence(fence: Fence): void {
    const { language, attributes } = parseInfo(fence.info);
    const step = attributes.find(({ key }) => key === 'step');
    if (step !== undefined) this.#step(fence, step.value ?? '', language);
    else if (language === 'expect' || language === 'hint') this.#judging(fence, language);
    else if (language === 'reported') this.#reported(fence);
    else this.#other(fence);
  }

  end(): { readonly steps: readonly Step[]; readonly captures: ReadonlySet<string> } {
    this.#finish();
    return { steps: this.#steps, captures: this.#captures };
  }

  #step(fence: Fence, id: string, language: string): void {
    this.#closed(fence);
    if (!(stepLanguages as readonly string[]).includes(language)) {
      const hint = `a step is ${stepLanguages.join(', ')}`;
      this.#report(
        fence.line,
        fence.infoColumn,
        `a step cannot be ${language === '' ? 'without a language' : `in the language \`${language}\``}`,
        hint,
      );
    }
    if (this.#draft?.id === id && id !== '') {
      addVariant(this.#draft, fence, this.#report);
      return;
    }
    this.#finish();
    const first = this.#lines.get(id);
    if (first !== undefined && id !== '')
      this.#report(
        fence.line,
        fence.infoColumn,
        `there is a step \`${id}\` in line ${first} already`,
        'give each step an id of its own; variants of one step stand together under one heading',
      );
    this.#lines.set(id, fence.line);
    this.#draft = beginStep(fence, this.#section, this.frontMatter, this.#report);
  }

  #judging(fence: Fence, language: 'expect' | 'hint'): void {
    this.#closed(fence);
    if (language === 'hint') {
      const { hint, column } = readHint(fence, this.#report);
      this.#draft?.hints.push({ hint, line: fence.line, column });
    } else {
      const expectation = readExpect(fence, this.#file, this.#report, this.#problems);
      if (expectation) this.#draft?.expectations.push(expectation);
      else {
        if (this.#draft) this.#draft.unreadable = true;
        for (const name of namesCapturedIn(fence.text)) this.#captures.add(name);
      }
      this.#draft?.sources.push(sourceOf(fence));
    }
    if (!this.#draft)
      this.#report(
        fence.line,
        fence.infoColumn,
        `this \`${language}\` fence belongs to no step`,
        'it stands after its step, under the same heading',
      );
  }

  #reported(fence: Fence): void {
    this.#closed(fence);
    if (this.#draft) addReported(this.#draft, fence, this.#report);
    else
      this.#report(
        fence.line,
        fence.infoColumn,
        'this `reported` fence belongs to no step',
        'it stands after its step, under the same heading',
      );
  }

  #other(fence: Fence): void {
    const forgotten = findForgotten(fence.info);
    if (!forgotten) return;
    this.#report(fence.line, fence.infoColumn + forgotten.column, forgotten.what, forgotten.hint);
  }

  #closed(fence: Fence): void {
    if (!fence.closed)
      this.#report(
        fence.line,
        fence.infoColumn,
        'this fence is never closed',
        'end it with a line of backticks, as many as it began with',
      );
  }

  #finish(): void {
    if (this.#draft) this.#steps.push(finishStep(this.#draft, this.#report));
    this.#draft = undefined;
  }
}
