import type { LanguageRegistration } from 'shiki';

/** Colours for expectations: what stands for other text looks other than what is meant to the letter. */
export const expectGrammar: LanguageRegistration = {
  name: 'expect',
  scopeName: 'text.tejun.expect',
  patterns: [
    { match: '^\\s*(\\.\\.\\.|(中略)|(省略)|(以下略))\\s*$', name: 'comment' },
    { match: '\\{\\{.*?\\}\\}', name: 'variable' },
  ],
  repository: {},
};
