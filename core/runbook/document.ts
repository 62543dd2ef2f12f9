import { readSourceText } from '../source-text.ts';
import { isMeant } from './forgotten.ts';
import { candidatesOf, type DocumentImport, type HiddenUse, isDocument, namedIn } from './imports.ts';
import { type Element, type Fence, type Piece, readPieces, type Text } from './markdown.ts';
import type { Report, Reports } from './positions.ts';

/** What is in another file of the book by its path; undefined when there is none. */
export type ReadFile = (path: string) => string | Uint8Array | undefined;

/** A document's pieces with those of the documents that it shows in their places, and which files those are. */
export type Assembled = { readonly pieces: readonly Text[]; readonly partials: readonly string[] };

/** Reads a page with all that it imports. Everything that might be shown but not run is a problem. */
export function readDocument(page: string, source: string | Uint8Array, read: ReadFile, reports: Reports): Assembled {
  const assembly = new Assembly(page, read, reports);
  return { pieces: assembly.read(assembly.textOf(source, page), page, []), partials: [...assembly.partials] };
}

type Shown = { readonly line: number; readonly file: string };

class Assembly {
  readonly partials = new Set<string>();
  readonly #page: string;
  readonly #read: ReadFile;
  readonly #reports: Reports;
  readonly #shown = new Map<string, Shown>();

  constructor(page: string, read: ReadFile, reports: Reports) {
    this.#page = page;
    this.#read = read;
    this.#reports = reports;
  }

  /** `within`: the documents in which this one is shown, from the page on. */
  read(source: string, file: string, within: readonly string[]): readonly Text[] {
    const part = file === this.#page ? undefined : file;
    const report = this.#reports(part);
    const { pieces, imports } = readPieces(source, file, part, report);
    const paths = new Map(imports.documents.map((one) => [one, this.#locate(one, file, report)]));
    for (const use of imports.hidden) this.#checkHidden(use, file, report);
    return pieces.flatMap((piece) => {
      if (piece.kind !== 'element') return [piece];
      const shown = imports.documents.find(({ elements }) => elements.includes(piece.name));
      const path = shown && paths.get(shown);
      return path === undefined ? [] : this.#show(piece, path, [...within, file], report);
    });
  }

  /** The file that an import means; reported when there is none. */
  #locate({ specifier, line, column }: DocumentImport, file: string, report: Report): string | undefined {
    const path = resolve(file, specifier);
    if (path === undefined) {
      report(
        line,
        column,
        `cannot tell which file \`${specifier}\` is`,
        'write a path that begins with ./ or ../, such as ./_steps.mdx',
      );
      return undefined;
    }
    if (this.#open(path) === undefined) {
      report(line, column, `there is no file ${path}`, 'correct the path, or take out the import');
      return undefined;
    }
    return path;
  }

  #open(path: string): string | undefined {
    this.partials.add(path);
    const source = this.#read(path);
    return source === undefined ? undefined : this.textOf(source, path);
  }

  /** A document's text; of one that is no text it is reported, and nothing of it is read. */
  textOf(source: string | Uint8Array, path: string): string {
    const read = readSourceText(source, path);
    if (read.kind === 'text') return read.text;
    const { line, column, what, hint } = read.problem;
    this.#reports(path === this.#page ? undefined : path)(line, column, what, hint);
    return '';
  }

  #show(element: Element, path: string, within: readonly string[], report: Report): readonly Text[] {
    const { line, column, name } = element;
    const hasSteps = this.#hasSteps(path, new Set());
    if (within.includes(path)) {
      report(line, column, `\`<${name} />\` shows ${path} within itself`, 'take it out of one of the documents');
      return [];
    }
    const wrong = (what: string, hint: string): readonly Text[] => {
      report(line, column, what, hint);
      return [];
    };
    if (hasSteps && /^[a-z][^.]*$/.test(name))
      return wrong(
        `\`<${name} />\` is an element of HTML, so it does not show the steps of ${path}`,
        `import it by a name with a capital letter, such as ${name.slice(0, 1).toUpperCase()}${name.slice(1)}`,
      );
    if (element.children.some(isMeantFence))
      return wrong(
        `\`<${name}>\` has a step between its tags, and ${path} decides whether it is shown`,
        'write the step before or after it',
      );
    const file = within.at(-1) ?? '';
    const first = this.#shown.get(path);
    if (hasSteps && first)
      return wrong(
        `the steps of ${path} are shown in line ${first.line}${first.file === file ? '' : ` of ${first.file}`} already`,
        'a step runs once on a page: show them in one place, or write a document for each',
      );
    this.#shown.set(path, { line, file });
    const pieces = this.read(this.#open(path) ?? '', path, within);
    if (hasSteps) this.#checkPartial(path, pieces);
    return pieces.filter(({ kind }) => kind !== 'front-matter');
  }

  /** Reports what holds for a page but not for a document that a page shows. */
  #checkPartial(path: string, pieces: readonly Text[]): void {
    const report = this.#reports(path);
    for (const piece of pieces) {
      if (piece.kind === 'front-matter') {
        const lines = piece.text.split(/\r\n|\n|\r/);
        const index = lines.findIndex((text) => /^(["']?)tejun\1\s*:/.test(text));
        if (index >= 0)
          report(
            piece.line + index,
            1,
            `front matter: what \`tejun\` says here does not hold where ${this.#page} shows the steps`,
            'write it in the page, and leave this document without `tejun`',
          );
      } else if (isMeantFence(piece) && piece.file === path) {
        const lines = piece.text.split('\n');
        const index = lines.findIndex((text) => /\{\s*props\.[\w$]+\s*\}/.test(text));
        if (index >= 0)
          report(
            piece.body.line + index,
            1 + piece.body.indent.length + Math.max(0, lines[index]?.search(/\{\s*props\./) ?? 0),
            'a fence is text, so no value comes into it by `{props.…}`',
            'declare a variable in `vars` of the page, and write {{name}}',
          );
      }
    }
  }

  /** Reports steps that would be shown, or might be, without being run. */
  #checkHidden({ kind, specifier, line, column }: HiddenUse, file: string, report: Report): void {
    const path = resolve(file, specifier);
    const hidden = path === undefined ? undefined : this.#firstWithSteps(path, new Set());
    if (hidden === undefined) return;
    const how = {
      module: `\`${specifier}\` shows the steps of ${hidden}`,
      export: `the steps of ${hidden} are exported to be shown elsewhere`,
      expression: `an expression shows the steps of ${hidden}, or does not`,
    }[kind];
    report(
      line,
      column,
      `${how}, so they would never run`,
      'show them by an element of their own, as in: import Steps from "./_steps.mdx", and <Steps /> outside of braces',
    );
  }

  /** The document with steps that a module shows, directly or through others; for a document, itself. */
  #firstWithSteps(path: string, seen: Set<string>): string | undefined {
    if (seen.has(path)) return undefined;
    seen.add(path);
    if (isDocument(path)) return this.#hasSteps(path, new Set()) ? path : undefined;
    const file = candidatesOf(path).find((candidate) => this.#read(candidate) !== undefined);
    const source = file === undefined ? undefined : this.#open(file);
    for (const specifier of source === undefined ? [] : namedIn(source)) {
      const next = resolve(file ?? path, specifier);
      const found = next === undefined ? undefined : this.#firstWithSteps(next, seen);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #hasSteps(path: string, seen: Set<string>): boolean {
    const source = seen.has(path) ? undefined : this.#open(path);
    seen.add(path);
    if (source === undefined) return false;
    const { pieces, imports } = readPieces(source, path, path, () => undefined);
    const isShown = ({ elements }: DocumentImport): boolean =>
      pieces.some((piece) => piece.kind === 'element' && elements.includes(piece.name));
    const documents = imports.documents.filter(isShown).map(({ specifier }) => resolve(path, specifier));
    return (
      pieces.some((piece) => isMeantFence(piece) || (piece.kind === 'element' && piece.children.some(isMeantFence))) ||
      documents.some((document) => document !== undefined && this.#hasSteps(document, seen))
    );
  }
}

function isMeantFence(piece: Piece): piece is Fence {
  return piece.kind === 'fence' && isMeant(piece.info);
}

/** The path that a relative specifier means; undefined for any other. */
function resolve(from: string, specifier: string): string | undefined {
  if (!/^\.{1,2}\//.test(specifier)) return undefined;
  const parts = from.split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..' && parts.at(-1) !== '') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
