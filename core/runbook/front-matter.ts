import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit, type YAMLMap } from 'yaml';
import { setValue } from '../by-name.ts';
import { nearest } from '../nearest.ts';
import { parseDuration } from './duration.ts';
import type { FrontMatterText } from './markdown.ts';
import type { Place, Runbook } from './model.ts';
import type { Report } from './positions.ts';

/** What a page's front matter says to its runbook. */
export type FrontMatter = Pick<
  Runbook,
  'title' | 'order' | 'labs' | 'checkpoint' | 'host' | 'places' | 'variables' | 'secrets'
> & {
  /** Milliseconds that a step may take unless it says otherwise. */
  readonly timeout: number;
};

const keys = ['lab', 'checkpoint', 'host', 'timeout', 'vars', 'secrets'];

const asYaml = 'the front matter is YAML between two lines of `---`';

/** The front matter of a page without one. */
export const noFrontMatter: FrontMatter = {
  title: '',
  order: undefined,
  labs: [],
  checkpoint: undefined,
  host: undefined,
  places: { labs: [], checkpoint: undefined, host: undefined },
  variables: {},
  secrets: [],
  timeout: 60_000,
};

/** Reads `title`, `sidebar.order` and the `tejun` mapping; other keys belong to others, unless they look like ours. */
export function readFrontMatter(
  { form, text, line: firstLine, strangeEnd }: FrontMatterText,
  report: Report,
): FrontMatter {
  if (form === 'TOML') {
    report(firstLine, 1, 'front matter: it is TOML, of which nothing would hold here', asYaml);
    return noFrontMatter;
  }
  if (strangeEnd)
    report(
      strangeEnd.line,
      1,
      `front matter: it ends at the line \`${strangeEnd.text}\`, of which a part would be text of the page`,
      'end it by a line of `---` and nothing else; indent a line of a value that only begins so',
    );
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const placeOf = (node: Node | null | undefined): Place => {
    const { line, col } = counter.linePos(node?.range?.[0] ?? 0);
    return { line: firstLine + line - 1, column: col };
  };
  const at = (node: Node | null | undefined, what: string, hint: string): void => {
    const { line, column } = placeOf(node);
    report(line, column, what, hint);
  };
  for (const error of document.errors) {
    const { line, col } = counter.linePos(error.pos[0]);
    report(firstLine + line - 1, col, `front matter: ${error.message.split(/ at line \d/)[0]}`, asYaml);
  }
  if (document.errors.length > 0 || document.contents === null) return noFrontMatter;
  if (!isMap(document.contents)) {
    at(document.contents as Node, 'front matter: it must be a mapping', 'for example `title: Backups`');
    return noFrontMatter;
  }
  checkPlaces(document.contents, at);
  const title = String(document.get('title') ?? '');
  const order = document.getIn(['sidebar', 'order']);
  const tejun = document.get('tejun', true);
  const common = { ...noFrontMatter, title, order: typeof order === 'number' ? order : undefined };
  if (tejun === undefined) return common;
  if (!isMap(tejun)) {
    at(tejun as Node, 'front matter: `tejun` must be a mapping', `its keys are ${keys.join(', ')}`);
    return common;
  }
  for (const { key } of tejun.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (keys.includes(name)) continue;
    const near = nearest(name, keys);
    at(
      key as Node,
      `front matter: unknown key \`${name}\` in \`tejun\``,
      near ? `did you mean \`${near}\`?` : `its keys are ${keys.join(', ')}`,
    );
  }
  const word = (key: string): string | undefined => {
    const node = tejun.get(key, true);
    if (node === undefined) return undefined;
    if (isScalar(node) && typeof node.value === 'string') return node.value;
    at(node, `front matter: \`${key}\` must be text`, `for example \`${key}: ${key === 'timeout' ? '60s' : 'linux'}\``);
    return undefined;
  };
  const timeoutText = word('timeout');
  const timeout = timeoutText === undefined ? common.timeout : parseDuration(timeoutText);
  if (timeout === undefined)
    at(
      tejun.get('timeout', true) as Node,
      `front matter: \`${timeoutText}\` is no duration`,
      'write 500ms, 60s, 5m or 1h',
    );
  const variables = readVariables(tejun, at);
  const labs = readLabs(tejun, at);
  const placeNamed = (key: string): Place | undefined => {
    const node = tejun.get(key, true);
    return node && placeOf(node);
  };
  return {
    ...common,
    labs: labs.map(({ name }) => name),
    checkpoint: word('checkpoint'),
    host: word('host'),
    places: {
      labs: labs.map(({ node }) => placeOf(node)),
      checkpoint: placeNamed('checkpoint'),
      host: placeNamed('host'),
    },
    timeout: timeout ?? common.timeout,
    variables,
    secrets: readSecrets(tejun, variables, at),
  };
}

/** Reports our own keys where nobody reads them: misspelt, beside `tejun`, or within other keys. */
function checkPlaces(top: YAMLMap, at: At): void {
  for (const { key, value } of top.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (name === 'tejun') continue;
    const own = ownKey(name);
    if (own !== undefined)
      at(
        key as Node,
        `front matter: \`${name}\` stands outside of \`tejun\`, where it says nothing`,
        own === name
          ? 'write it under `tejun:`, indented'
          : `did you mean \`${own}\`? write it under \`tejun:\`, indented`,
      );
    else if (isNearlyTejun(name)) at(key as Node, `front matter: unknown key \`${name}\``, 'did you mean `tejun`?');
    visit(value as Node | null, {
      Pair: (_, { key: inner }) => {
        if (isScalar(inner) && /^\s*tejun\s*$/i.test(String(inner.value)))
          at(
            inner,
            `front matter: \`${inner.value}\` stands within \`${name}\`, where it says nothing`,
            'write it without indentation',
          );
      },
    });
  }
}

/** Also `tejun.lab`, and `tejun:lab` without a blank. */
function isNearlyTejun(name: string): boolean {
  const word = name.normalize('NFKC').trim().toLowerCase();
  return /^tejun\W/.test(word) || nearest(word, ['tejun']) !== undefined;
}

/** Which of our keys a key is, perhaps written otherwise. Short words are near many that others use: `tags` is no `vars`. */
function ownKey(name: string): string | undefined {
  const small = name.normalize('NFKC').trim().toLowerCase();
  const forms = (key: string): readonly string[] => [key, `${key}s`, ...(key.endsWith('s') ? [key.slice(0, -1)] : [])];
  const long = keys.filter((key) => key.length > 5);
  return keys.find((key) => forms(key).includes(small)) ?? nearest(small, long);
}

type At = (node: Node | null | undefined, what: string, hint: string) => void;

function readLabs(tejun: YAMLMap, at: At): readonly { readonly name: string; readonly node: Node }[] {
  const node = tejun.get('lab', true) as Node | undefined;
  if (node === undefined) return [];
  const labs = (isSeq(node) ? node.items : [node]).flatMap((item) =>
    isScalar(item) && typeof item.value === 'string' ? [{ name: item.value, node: item as Node }] : [],
  );
  const count = isSeq(node) ? node.items.length : 1;
  if (count > 0 && labs.length === count && new Set(labs.map(({ name }) => name)).size === count) return labs;
  at(
    node,
    'front matter: `lab` must name a lab, or a list of labs',
    'for example `lab: linux` or `lab: [linux, windows]`',
  );
  return [];
}

function readVariables(tejun: YAMLMap, at: At): Readonly<Record<string, string>> {
  const vars = tejun.get('vars', true) as Node | undefined;
  if (vars === undefined) return {};
  if (!isMap(vars)) {
    at(vars, 'front matter: `vars` must be a mapping of names to defaults', 'for example `vars: {port: "5432"}`');
    return {};
  }
  const variables: Record<string, string> = {};
  for (const { key, value } of vars.items) {
    const name = isScalar(key) ? String(key.value) : '';
    const fallback = isScalar(value) ? value.value : undefined;
    if (!/^[A-Za-z_][\w-]*$/.test(name))
      at(
        key as Node,
        `front matter: \`${name}\` is no name for a variable`,
        'letters, digits, `_` and `-`, beginning with a letter',
      );
    else if (fallback !== null && !['string', 'number'].includes(typeof fallback))
      at(value as Node, `front matter: the default of \`${name}\` must be text`, `write \`${name}: ""\` for none`);
    else
      setValue(variables, name, isScalar(value) && value.value !== null ? (value.source ?? String(value.value)) : '');
  }
  return variables;
}

function readSecrets(tejun: YAMLMap, variables: Readonly<Record<string, string>>, at: At): readonly string[] {
  const node = tejun.get('secrets', true) as Node | undefined;
  if (node === undefined) return [];
  const names: unknown = (node as { toJSON(): unknown }).toJSON();
  if (!Array.isArray(names)) {
    at(node, 'front matter: `secrets` must be a list of names', 'for example `secrets: [password]`');
    return [];
  }
  const strange = names.find((name) => !Object.hasOwn(variables, String(name)));
  // A captured value is on the screen before it is known to be a secret, so only variables can be kept secret.
  if (strange !== undefined)
    at(node, `front matter: the secret \`${strange}\` is no variable`, 'declare it in `vars`, with an empty default');
  return names.map(String).filter((name) => Object.hasOwn(variables, name));
}
