import { formatProblem, type Problem } from '../problem.ts';
import { type ReadFile, readDocument } from './document.ts';
import { readExpect, readHint } from './expect-fence.ts';
import { findForgotten } from './forgotten.ts';
import { type FrontMatter, noFrontMatter, readFrontMatter } from './front-matter.ts';
import { parseInfo } from './info.ts';
import type { Fence } from './markdown.ts';
import type { Runbook, Step } from './model.ts';
import { checkNames, namesCapturedIn } from './names.ts';
import { type Reports, reporter, tellLine } from './positions.ts';
import { addReported, addVariant, beginStep, finishStep, type StepDraft, sourceOf } from './step-draft.ts';
import { stepLanguages } from './step-fence.ts';

/**
 * Reads a page's runbook and everything that is wrong with it, with all that it imports, which are its `partials`. A page
 * with problems must not be run. Paths of partials are relative to where the page's `file` is; `read` gives what is in them.
 */
export function extractRunbook(
  source: string | Uint8Array,
  options: { readonly file: string; readonly id: string; readonly read?: ReadFile },
): { readonly runbook: Runbook; readonly problems: readonly Problem[]; readonly partials: readonly string[] } {
  const { file, id, read = () => undefined } = options;
  const problems: Problem[] = [];
  const reports: Reports = (part) => reporter(part ?? file, problems);
  const reader = new PageReader(file, reports, problems);
  const { pieces, partials } = readDocument(file, source, read, reports);
  for (const piece of pieces) {
    if (piece.kind === 'front-matter') reader.frontMatter = readFrontMatter(piece, reports(piece.file));
    else if (piece.kind === 'heading') reader.heading(piece.text, piece.file);
    else if (piece.kind === 'lost') reports(piece.file)(piece.line, piece.column, piece.what, piece.hint);
    else reader.fence(piece);
  }
  const { steps, captures } = reader.end();
  const { title, timeout: _, ...settings } = reader.frontMatter;
  checkNames(steps, settings.variables, captures, reports);
  return {
    runbook: { id, file, title: title || reader.title || id, ...settings, steps },
    problems: sorted(problems, [file, ...partials]),
    partials,
  };
}

/** Problems by file, line and column, each once: a partial may be shown twice. */
function sorted(problems: readonly Problem[], files: readonly string[]): readonly Problem[] {
  const each = new Map(problems.map((problem) => [formatProblem(problem), problem]));
  const place = ({ file }: Problem): number => files.indexOf(file);
  return [...each.values()].sort((a, b) => place(a) - place(b) || a.line - b.line || a.column - b.column);
}

type Place = Pick<Fence, 'file' | 'line'>;

/** Takes a page's pieces in order and gathers steps from them. */
class PageReader {
  frontMatter: FrontMatter = noFrontMatter;
  /** The page's first heading. */
  title = '';
  readonly #file: string;
  readonly #reports: Reports;
  readonly #problems: Problem[];
  readonly #steps: Step[] = [];
  readonly #places = new Map<string, Place>();
  #draft: StepDraft | undefined;
  #section = '';
  /** Names that expectations capture which could not be read: one mistake is no reason to report ten. */
  readonly #captures = new Set<string>();

  constructor(file: string, reports: Reports, problems: Problem[]) {
    this.#file = file;
    this.#reports = reports;
    this.#problems = problems;
  }

  heading(text: string, file: string | undefined): void {
    this.#finish();
    this.#section = text;
    if (file === undefined) this.title ||= text;
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
      this.#reports(fence.file)(
        fence.line,
        fence.infoColumn,
        `a step cannot be ${language === '' ? 'without a language' : `in the language \`${language}\``}`,
        hint,
      );
    }
    if (this.#draft?.id === id && id !== '') {
      addVariant(this.#draft, fence, this.#reports(fence.file));
      return;
    }
    this.#finish();
    const first = this.#places.get(id);
    if (first !== undefined && id !== '')
      this.#reports(fence.file)(
        fence.line,
        fence.infoColumn,
        `there is a step \`${id}\` in ${tellLine(first, fence)} already`,
        'give each step an id of its own; variants of one step stand together under one heading',
      );
    this.#places.set(id, fence);
    this.#draft = beginStep(fence, this.#section, this.frontMatter, this.#reports(fence.file));
  }

  #judging(fence: Fence, language: 'expect' | 'hint'): void {
    this.#closed(fence);
    if (language === 'hint') {
      const { hint, column } = readHint(fence, this.#reports(fence.file));
      this.#draft?.hints.push({ hint, file: fence.file, line: fence.line, column });
    } else {
      const expectation = readExpect(fence, fence.file ?? this.#file, this.#reports(fence.file), this.#problems);
      if (expectation) this.#draft?.expectations.push(expectation);
      else {
        if (this.#draft) this.#draft.unreadable = true;
        for (const name of namesCapturedIn(fence.text)) this.#captures.add(name);
      }
      this.#draft?.sources.push(sourceOf(fence));
    }
    if (!this.#draft)
      this.#reports(fence.file)(
        fence.line,
        fence.infoColumn,
        `this \`${language}\` fence belongs to no step`,
        'it stands after its step, under the same heading',
      );
  }

  #reported(fence: Fence): void {
    this.#closed(fence);
    if (this.#draft) addReported(this.#draft, fence, this.#reports(fence.file));
    else
      this.#reports(fence.file)(
        fence.line,
        fence.infoColumn,
        'this `reported` fence belongs to no step',
        'it stands after its step, under the same heading',
      );
  }

  #other(fence: Fence): void {
    const forgotten = findForgotten(fence.info);
    if (!forgotten) return;
    this.#reports(fence.file)(fence.line, fence.infoColumn + forgotten.column, forgotten.what, forgotten.hint);
  }

  #closed(fence: Fence): void {
    if (!fence.closed)
      this.#reports(fence.file)(
        fence.line,
        fence.infoColumn,
        'this fence is never closed',
        'end it with a line of backticks, as many as it began with',
      );
  }

  #finish(): void {
    if (this.#draft) this.#steps.push(finishStep(this.#draft, this.#reports));
    this.#draft = undefined;
  }
}
