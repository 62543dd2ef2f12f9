import { createJsonMatcher } from './json-matcher.ts';
import { nameLookAlikes } from './look-alike.ts';
import type { Expectation, Matcher } from './model.ts';
import { createTableMatcher } from './table-matcher.ts';
import { createTextMatcher } from './text-matcher.ts';

/** Begins a comparison with an expectation that has no `{{name}}` left (see `bindExpectation`). */
export function createMatcher(expectation: Expectation): Matcher {
  const matcher = matcherOf(expectation);
  return {
    ...matcher,
    end: () => {
      const judgement = matcher.end();
      return judgement.passed ? judgement : { ...judgement, diff: nameLookAlikes(judgement.diff) };
    },
  };
}

function matcherOf(expectation: Expectation): Matcher {
  switch (expectation.kind) {
    case 'text':
      return createTextMatcher(expectation);
    case 'table':
      return createTableMatcher(expectation);
    case 'json':
      return createJsonMatcher(expectation);
  }
}
