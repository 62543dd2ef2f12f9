/**
 * Whether a path below the book is that of a document, or a folder of documents, that pages import and that is no page
 * itself: a part of it begins with `_`, as Astro has it.
 */
export function isPartialPath(path: string): boolean {
  return path.split(/[\\/]/).some((part) => part.startsWith('_'));
}
