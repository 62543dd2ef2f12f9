import type { AstroIntegration } from 'astro';
import { formatProblem } from '../../core/problem.ts';
import { pageId, pages, translationOf } from './book.ts';
import { PageProblems, readPage } from './page-source.ts';
import { recordingsOf } from './recordings.ts';

/** Ends a build with everything that is wrong with the book, not just with the first page that has a mistake. */
export function checkBook(): AstroIntegration {
  return {
    name: 'tejun-check-book',
    hooks: {
      'astro:build:start': () => {
        const problems = pages().flatMap((file) => {
          const id = pageId(file) ?? '';
          const { original } = translationOf(id);
          const foreign = original === id ? [] : recordingsOf(id).problems;
          return [...readPage(file, id).problems, ...(original === id ? recordingsOf(id).problems : foreign)];
        });
        // What two pages show is wrong once.
        const each = new Map(problems.map((problem) => [formatProblem(problem), problem]));
        if (each.size > 0) throw new PageProblems([...each.values()]);
      },
    },
  };
}
