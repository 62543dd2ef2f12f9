import type { Program } from 'estree-jsx';
import type { Nodes, Root } from 'mdast';

/** Another document that a document imports under a name, by which elements of it are shown. */
export type DocumentImport = Place & {
  /** The name of an element that shows it: `Steps`, or `Steps.Content` of all that a document exports. */
  readonly elements: readonly string[];
  readonly specifier: string;
};

/** Something other than an element by which a document, or a module with one, may be shown. */
export type HiddenUse = Place & {
  readonly kind: 'module' | 'export' | 'expression';
  readonly specifier: string;
};

/** What a document shows of others. */
export type Imports = { readonly documents: readonly DocumentImport[]; readonly hidden: readonly HiddenUse[] };

/** 1-based. */
type Place = { readonly line: number; readonly column: number };

type EsNode = { readonly type: string; readonly [key: string]: unknown };

const documents = /\.(?:mdx|md|markdown|mdown|mkdn|mkd|mdwn)$/;
const modules = /^\.{1,2}\/(?:.*\/)?(?:[^./]*|[^/]*\.(?:astro|[cm]?[jt]sx?|vue|svelte))$/;

/** Whether a path is that of Markdown, with or without MDX. */
export function isDocument(path: string): boolean {
  return documents.test(path);
}

/** Paths of files that a module's path may mean. */
export function candidatesOf(path: string): readonly string[] {
  const endings = ['ts', 'tsx', 'mts', 'js', 'jsx', 'mjs', 'astro'];
  const bare = path.replace(/\.[cm]?jsx?$/, '');
  return [path, ...endings.map((ending) => `${bare}.${ending}`), ...endings.map((ending) => `${path}/index.${ending}`)];
}

/** Documents and modules that a component's source imports or names. */
export function namedIn(source: string): readonly string[] {
  const quoted = [...source.matchAll(/(["'`])([^"'`\n]+)\1/g)].map(([, , text]) => text ?? '');
  return quoted.filter((text) => isDocument(text) || modules.test(text));
}

/** Reads what a document imports, and finds each use of it that is no element of the document. */
export function readImports(root: Root): Imports {
  const programs = programsIn(root);
  const declared = programs.flatMap(declarationsIn);
  const names = new Map(declared.flatMap((one) => (one.kind === 'document' ? [[one.local, one] as const] : [])));
  const used = programs.flatMap((program) => usesIn(program, names));
  return {
    documents: [...names.values()].map(({ local, whole, specifier, line, column }) => ({
      specifier,
      line,
      column,
      elements: whole ? [`${local}.default`, `${local}.Content`] : [local],
    })),
    hidden: [...declared.flatMap((one) => (one.kind === 'document' ? [] : [one])), ...used],
  };
}

type Declaration =
  | HiddenUse
  | ({
      readonly kind: 'document';
      readonly local: string;
      readonly whole: boolean;
      readonly specifier: string;
    } & Place);

function declarationsIn(program: Program): readonly Declaration[] {
  return program.body.flatMap((statement): readonly Declaration[] => {
    const { source } = { source: undefined, ...statement };
    const specifier = typeof source?.value === 'string' ? source.value : '';
    const place = placeOf(source as unknown as EsNode);
    if (statement.type !== 'ImportDeclaration')
      return isDocument(specifier) ? [{ kind: 'export', specifier, ...place }] : [];
    if (modules.test(specifier)) return [{ kind: 'module', specifier, ...place }];
    if (!isDocument(specifier)) return [];
    return statement.specifiers.flatMap((one): readonly Declaration[] => {
      const imported = one.type === 'ImportSpecifier' ? nameOf(one.imported as unknown as EsNode) : 'default';
      if (imported !== 'default' && imported !== 'Content') return [];
      const whole = one.type === 'ImportNamespaceSpecifier';
      return [{ kind: 'document', local: one.local.name, whole, specifier, ...place }];
    });
  });
}

/** Uses of imported names, and imports that are expressions. */
function usesIn(
  program: Program,
  names: ReadonlyMap<string, { readonly specifier: string; readonly whole: boolean }>,
): readonly HiddenUse[] {
  const found: HiddenUse[] = [];
  const walk = (node: EsNode): void => {
    if (node.type === 'ImportDeclaration') return;
    if (node.type === 'ImportExpression') {
      const { value } = node.source as EsNode;
      if (typeof value === 'string' && isDocument(value))
        found.push({ kind: 'expression', specifier: value, ...placeOf(node) });
    }
    const isName = node.type === 'Identifier' || node.type === 'JSXIdentifier';
    const document = isName ? names.get(nameOf(node)) : undefined;
    if (document) found.push({ kind: 'expression', specifier: document.specifier, ...placeOf(node) });
    for (const [key, value] of Object.entries(node))
      if (!isOnlyWord(node, key, names)) for (const child of [value].flat()) if (isNode(child)) walk(child);
  };
  for (const statement of program.body) walk(statement as unknown as EsNode);
  return found;
}

/** Whether a part of an expression is a name of something else: the property of an object, or what a whole document has beside its text. */
function isOnlyWord(node: EsNode, key: string, names: ReadonlyMap<string, { readonly whole: boolean }>): boolean {
  const isMember = node.type === 'MemberExpression' || node.type === 'JSXMemberExpression';
  if (isMember && key === 'property') return node.computed !== true;
  if (isMember && key === 'object') {
    const isWhole = names.get(nameOf(node.object as EsNode))?.whole === true;
    return isWhole && node.computed !== true && !['default', 'Content'].includes(nameOf(node.property as EsNode));
  }
  return node.type === 'Property' && key === 'key' && node.computed !== true && node.shorthand !== true;
}

function nameOf(node: EsNode): string {
  return String(node.name ?? node.value ?? '');
}

function placeOf(node: EsNode | undefined): Place {
  const { start } = (node?.loc ?? {}) as { readonly start?: { readonly line: number; readonly column: number } };
  return { line: start?.line ?? 1, column: (start?.column ?? 0) + 1 };
}

function isNode(value: unknown): value is EsNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** All JavaScript of a document: imports and exports, expressions, values of attributes. */
function programsIn(root: Root): readonly Program[] {
  const found: Program[] = [];
  const walk = (node: Nodes): void => {
    for (const part of [node, ...('attributes' in node ? node.attributes : [])]) {
      const value = 'value' in part && typeof part.value === 'object' && part.value !== null ? part.value : part;
      const { estree } = { estree: undefined, ...value.data } as { readonly estree?: Program | null };
      if (estree) found.push(estree);
    }
    if ('children' in node) for (const child of node.children) walk(child);
  };
  walk(root);
  return found;
}
