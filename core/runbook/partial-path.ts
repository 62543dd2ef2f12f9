/**
 * Whether a path below the book is that of a document, or a folder of documents, that pages import and that is no page
 * itself: a part of it begins with `_`, as Astro has it.
 */
export function isPartialPath(path: string): boolean {
  return path.split(/[\\/]/).some((part) => part.startsWith('_'));
}

/** Whether a path below the book is that of a page: Markdown, and neither a partial nor hidden, as editors' own files are. */
export function isPagePath(path: string): boolean {
  return /\.mdx?$/.test(path) && !isPartialPath(path) && !path.split(/[\\/]/).some((part) => part.startsWith('.'));
}
