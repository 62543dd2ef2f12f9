import { readFileSync, realpathSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MdastPluginDefinition, MdastVisitorContext, PluginFactoryContext } from 'satteri';
import { extractRunbook } from '../../core/runbook/extract.ts';
import { docs, type Locale, pageId, translationOf } from './book.ts';
import { hasFindings } from './ledger/read-findings.ts';
import type { PageNode } from './nodes.ts';
import { type PageFences, pageFencesOf, placesOf } from './page-fences.ts';
import { countLines, PageProblems, type PageSource, readPage } from './page-source.ts';
import { pageSummary } from './page-summary.ts';
import { documentAt, type MadeDocument } from './partials.ts';
import { Rearranged } from './rearranged.ts';
import { findRecorded } from './recorded.ts';
import { recordingsOf } from './recordings.ts';
import { stepPart, stepSection } from './step-section.ts';
import { wordsOf } from './words.ts';

/**
 * The part of Markdown processing that turns a page's steps into what readers see. Which fences are steps, and what
 * belongs to them, says `core/runbook` alone.
 */
export function stepsPlugin(options: { readonly base: string }) {
  const base = options.base.replace(/\/$/, '');
  const findings = hasFindings();
  const places = {
    casts: `${base}/recordings`,
    ledger: (locale: Locale) => (findings ? `${base}${locale === 'en' ? '' : `/${locale}`}/findings/` : undefined),
  };
  return ({ fileURL, source }: PluginFactoryContext): MdastPluginDefinition | undefined => {
    const path = fileURL && fileURLToPath(fileURL);
    const made = path && documentAt(path);
    if (!made) return path?.startsWith(docs + sep) ? refuseSteps(path) : undefined;
    const page = readPage(made.page, pageId(made.page) ?? '');
    if (page.problems.length > 0) throw new PageProblems(page.problems);
    if (page.runbook.steps.length === 0) return undefined;
    const above = countLines(readFileSync(made.file, 'utf8')) - countLines(source);
    return {
      name: 'tejun-steps',
      options: { position: true },
      before: (root, context) => {
        const fences = pageFencesOf(root as PageNode & Parent, source, above);
        showSteps(page, made, root as PageNode & Parent, fences, context, places);
      },
    };
  };
}

/** A document that no page shows must not look as if its steps were run with any. */
function refuseSteps(path: string): undefined {
  const file = relative(process.cwd(), path);
  const { runbook } = extractRunbook(readFileSync(path), { file, id: file });
  const [step] = runbook.steps;
  if (step)
    throw new PageProblems([
      {
        file,
        line: step.line,
        column: 1,
        what: `something other than a page of the book shows the step ${step.id}, which would never run`,
        hint: 'import the document in the page, and show it by an element there',
      },
    ]);
}

type Parent = { readonly children: readonly PageNode[] };

function showSteps(
  page: PageSource,
  made: MadeDocument,
  root: PageNode & Parent,
  fences: PageFences,
  context: MdastVisitorContext,
  { casts, ledger }: { readonly casts: string; readonly ledger: (locale: Locale) => string | undefined },
): void {
  const { runbook } = page;
  const { locale, original } = translationOf(runbook.id);
  const own = recordingsOf(runbook.id);
  const other = original === runbook.id ? { stored: [], problems: [] } : recordingsOf(original);
  const problems = [...own.problems, ...other.problems];
  if (problems.length > 0) throw new PageProblems(problems);
  const words = wordsOf(locale);
  const recorded = runbook.steps.map((step) => findRecorded(step, own.stored, other.stored));
  const rearranged = new Rearranged(context);
  const isHere = (file: string | undefined): boolean =>
    file === undefined ? made.file === made.page : realpathSync(file) === realpathSync(made.file);
  for (const [index, step] of runbook.steps.entries()) {
    const around = { recorded: recorded[index] ?? [], words, locale, casts, ledger: ledger(locale) };
    for (const [at, place] of placesOf(step, fences, isHere, context).entries()) {
      for (const node of [place.first, ...place.rest]) rearranged.remove(node);
      if (place.pieces.length === 0) continue;
      const isFirst = at === 0 && isHere(step.file);
      rearranged.replace(place.first, isFirst ? stepSection(step, place, around) : stepPart(step, place, around));
    }
  }
  for (const { node } of fences.values()) if (node.lang === 'hint') rearranged.remove(node);
  const summary = made.file === made.page ? pageSummary(runbook, recorded, { words, casts }) : undefined;
  rearranged.apply(root, summary);
}
