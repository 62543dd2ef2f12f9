import { fileURLToPath } from 'node:url';
import type { MdastPluginDefinition, MdastVisitorContext, PluginFactoryContext } from 'satteri';
import { pageId, translationOf } from './book.ts';
import type { PageNode } from './nodes.ts';
import { codeNodesOf, pieceOf } from './page-fences.ts';
import { countLines, PageProblems, type PageSource, readPage } from './page-source.ts';
import { pageSummary } from './page-summary.ts';
import { findRecorded } from './recorded.ts';
import { recordingsOf } from './recordings.ts';
import { stepSection } from './step-section.ts';
import { wordsOf } from './words.ts';

/**
 * The part of Markdown processing that turns a page's steps into what readers see. Which fences are steps, and what
 * belongs to them, says `core/runbook` alone.
 */
export function stepsPlugin(options: { readonly base: string }) {
  const casts = `${options.base.replace(/\/$/, '')}/recordings`;
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
      before: (root, context) => showSteps(page, root as Parent, context, page.lines - countLines(source), casts),
    };
  };
}

type Parent = { readonly children: readonly PageNode[] };

/** `above`: how many of the file's lines the processor was not given. */
function showSteps(page: PageSource, root: Parent, context: MdastVisitorContext, above: number, casts: string): void {
  const { runbook } = page;
  const { locale, original } = translationOf(runbook.id);
  const own = recordingsOf(runbook.id);
  const other = original === runbook.id ? { stored: [], problems: [] } : recordingsOf(original);
  const problems = [...own.problems, ...other.problems];
  if (problems.length > 0) throw new PageProblems(problems);
  const words = wordsOf(locale);
  const codes = codeNodesOf(root, above);
  const recorded = runbook.steps.map((step) => findRecorded(step, own.stored, other.stored));
  for (const [index, step] of runbook.steps.entries()) {
    const { first, rest, bodies, between } = pieceOf(step, codes, context);
    const section = stepSection(step, { recorded: recorded[index] ?? [], words, casts, bodies, between });
    context.replaceNode(first, section);
    for (const node of [...rest, ...between]) context.removeNode(node);
  }
  for (const hint of codes.values()) if (hint.lang === 'hint') context.removeNode(hint);
  context.prependChild(root as never, pageSummary(runbook, recorded, { words, casts }));
}
