import { fileURLToPath } from 'node:url';
import type { MdastPluginDefinition, MdastVisitorContext, PluginFactoryContext } from 'satteri';
import { type Locale, pageId, translationOf } from './book.ts';
import { hasFindings } from './ledger/read-findings.ts';
import type { PageNode } from './nodes.ts';
import { codeNodesOf, placesOf } from './page-fences.ts';
import { countLines, PageProblems, type PageSource, readPage } from './page-source.ts';
import { pageSummary } from './page-summary.ts';
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
    const file = fileURL && fileURLToPath(fileURL);
    const id = file && pageId(file);
    if (!file || id === undefined) return undefined;
    const page = readPage(file, id);
    if (page.problems.length > 0) throw new PageProblems(page.problems);
    if (page.runbook.steps.length === 0) return undefined;
    return {
      name: 'tejun-steps',
      options: { position: true },
      before: (root, context) =>
        showSteps(page, root as PageNode & Parent, context, page.lines - countLines(source), places),
    };
  };
}

type Parent = { readonly children: readonly PageNode[] };

/** `above`: how many of the file's lines the processor was not given. */
function showSteps(
  page: PageSource,
  root: PageNode & Parent,
  context: MdastVisitorContext,
  above: number,
  { casts, ledger }: { readonly casts: string; readonly ledger: (locale: Locale) => string | undefined },
): void {
  const { runbook } = page;
  const { locale, original } = translationOf(runbook.id);
  const own = recordingsOf(runbook.id);
  const other = original === runbook.id ? { stored: [], problems: [] } : recordingsOf(original);
  const problems = [...own.problems, ...other.problems];
  if (problems.length > 0) throw new PageProblems(problems);
  const words = wordsOf(locale);
  const codes = codeNodesOf(root, above);
  const recorded = runbook.steps.map((step) => findRecorded(step, own.stored, other.stored));
  const rearranged = new Rearranged(context);
  for (const [index, step] of runbook.steps.entries()) {
    const around = { recorded: recorded[index] ?? [], words, locale, casts, ledger: ledger(locale) };
    for (const [at, place] of placesOf(step, codes, context).entries()) {
      for (const node of [place.first, ...place.rest]) rearranged.remove(node);
      if (place.pieces.length === 0) continue;
      rearranged.replace(place.first, at === 0 ? stepSection(step, place, around) : stepPart(step, place, around));
    }
  }
  for (const node of codes.values()) if (node.lang === 'hint') rearranged.remove(node);
  rearranged.apply(root, pageSummary(runbook, recorded, { words, casts }));
}
