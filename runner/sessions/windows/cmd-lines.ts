import { isInCodePage932 } from './code-page-932.ts';
import { guarded } from './guarded-lines.ts';

/** The lines that cmd runs one after the other, or why they are refused. */
export type CmdLines =
  | { readonly kind: 'lines'; readonly lines: readonly string[] }
  | { readonly kind: 'refused'; readonly why: string };

/** Which cmd it is: Wine's tells less of what fails than Windows' own. */
export type CmdSystem = {
  readonly wine: boolean;
  readonly codePage: number;
  /** Whether the code page has all characters of a text. */
  readonly has: (text: string) => boolean;
};

const wineHost: CmdSystem = { wine: true, codePage: 932, has: isInCodePage932 };

/**
 * Splits a step's text into lines for cmd, of which each is judged by its exit code. What would hide the failure of a
 * part of a line is refused: cmd tells only how the last part ended, and nobody would see the others.
 */
export function cmdLines(command: string, system: CmdSystem = wineHost): CmdLines {
  const lines: string[] = [];
  let open = '';
  for (const line of command.replaceAll('\r\n', '\n').split('\n')) {
    const whole = open + line;
    const continued = scan(whole).continued;
    if (continued) {
      open = whole.slice(0, -1);
      continue;
    }
    open = '';
    if (whole.trim() === '') continue;
    const why = refusal(whole, system);
    if (why !== undefined) return { kind: 'refused', why: `\`${whole.trim()}\` ${why}` };
    lines.push(...guarded(whole, system.wine));
  }
  if (open !== '') return { kind: 'refused', why: `\`${open.trim()}\` ends with ^, and no line follows` };
  return { kind: 'lines', lines };
}

/** What ends with 0 in Wine's cmd whatever happens, and nothing afterwards shows what did. */
const untold = /^(move|ren|rename|rd|rmdir|del|erase|mklink|vol|attrib)$/i;
/** The same in Windows' own. */
const untoldByWindows = /^(rd|rmdir|del|erase|attrib)$/i;
/** Programs that are there, end with 0, and do nothing (Wine 8). */
const empty = /^(icacls|powershell|pwsh|tasklist|findstr|where|fc|sort)(\.exe)?$/i;
/** cmd cuts what is longer; a batch file's lines have to leave room for themselves. */
const longest = 8000;
/** `if` in the forms whose condition is clear; Wine's cmd ends with 0 when it cannot read one. */
const readableIf =
  /^\s*@?if\s+(\/i\s+)?(not\s+)?(exist\s+("[^"]*"|[^\s"]+)|defined\s+\w+|errorlevel\s+\d+|("[^"]*"|[^\s"=]+)\s*==\s*("[^"]*"|[^\s"=]+))\s+\S/i;

function refusal(line: string, system: CmdSystem): string | undefined {
  if (/[\0-\x08\x0b-\x1f\x7f]/.test(line)) return 'has control characters, which cmd would take in its own way';
  if (line.length > longest) return 'is longer than cmd takes';
  if (!system.has(line)) return `has characters that are not in code page ${system.codePage}`;
  const { operators, depth, words } = scan(line);
  if (operators.includes('&'))
    return 'joins commands with &, and cmd tells only how the last one ended: give each a line';
  // Wine 8: `cmd /c exit 0 || echo a` and `cmd /c exit 3 && echo a` both print a.
  const joined = operators.find((operator) => operator === '&&' || operator === '||');
  if (joined !== undefined && system.wine)
    return `joins commands with ${joined}, and Wine’s cmd runs the second one however the first one ended: give each a line`;
  if (operators.includes('|')) return 'is a pipeline, and cmd tells only how its last part ended: go through a file';
  if (operators.includes('>') && guarded(line).length === 1)
    return 'writes into a file, and cmd does not tell when it cannot: write `> FILE` at its end, with a plain absolute path';
  if (operators.includes('<'))
    return 'reads from a file, and cmd does not tell when there is none: name the file to the program';
  if (/^\s*@?[a-z]:/i.test(line) && !/^\s*@?[a-z]:\\/i.test(line) && guarded(line).length === 1)
    return 'changes the drive and does more';
  if (depth !== 0) return 'has a parenthesis without its other half: a block has to stand on one line';
  if (/%[^%=]+:[^%]*["&|<>^()][^%]*%/.test(line)) return 'changes what cmd would take for a part of the command';
  const nested = nestedCommand(line, system);
  if (nested !== undefined) return nested;
  if (words.some((word) => word.includes('%')))
    return 'names its program by a variable, and nobody can tell what it runs: in quotes, with its name written out, it can ("%BIN%\\psql")';
  if (system.wine && /^\s*@?set\s+\/a\b/i.test(line)) return 'calculates, and cmd does not tell when it cannot';
  for (const word of words) {
    if (/^for$/i.test(word)) return 'is a loop, and cmd tells only how its last round ended';
    if (system.wine && empty.test(word)) return `uses ${word}, which does nothing in Wine and ends with 0`;
    if (/^setlocal$/i.test(word)) return 'would be undone at its end';
    if (/^(goto|shift|:.*)$/i.test(word)) return 'is for batch files: at a prompt it does nothing';
    if ((system.wine ? untold : untoldByWindows).test(word) && guarded(line).length === 1)
      return `uses ${word}, and cmd does not tell whether it worked: write it on a line of its own, with plain absolute paths`;
  }
  return words.some((word) => /^if$/i.test(word)) ? conditionRefusal(line, system) : undefined;
}

/** Why a line with a condition cannot be judged, if it cannot. */
function conditionRefusal(line: string, system: CmdSystem): string | undefined {
  const [condition] = readableIf.exec(line) ?? [];
  if (condition === undefined) return 'has a condition that cannot be followed';
  if (/%[^%]+%/.test(line.replaceAll(/"[^"]*"/g, '')))
    return 'has a condition and a variable: put the variable in quotes';
  // Its last character is the first of what happens when it holds.
  return refusal(line.slice(condition.length - 1), system);
}

const innerCmd = /(?:^|[\s@("\\])cmd(?:\.exe)?"?(?:\s+(")|\s*((?:\/[a-z](?::\w+)?\s*)+)(.*)$)/i;

/** Why another cmd that is given a command is refused: it tells of that no more than the first one would. */
function nestedCommand(line: string, system: CmdSystem): string | undefined {
  const [, quote, switches = '', given = ''] = innerCmd.exec(line) ?? [];
  if (quote !== undefined) return 'runs another cmd with quotes around its switches';
  if (switches === '') return undefined;
  if (!/^(\/[dqs]\s*)*\/c\s*$/i.test(switches)) return 'runs another cmd with other switches than /c';
  if (/%/.test(given) && /\^/.test(given)) return 'runs another cmd, which would find other variables in its command';
  const unescaped = given.replaceAll(/("[^"]*")|\^(.)/g, '$1$2');
  for (const whole of [given, unescaped]) {
    for (const inner of [whole, whole.replace(/^\s*"(.*)"(.*)$/, '$1$2')]) {
      if (guarded(inner).length > 1)
        return `runs another cmd with \`${inner.trim()}\`, which does not tell whether it worked`;
      const why = refusal(inner, system);
      if (why !== undefined) return `runs another cmd with \`${inner.trim()}\`, which ${why}`;
    }
  }
  return undefined;
}

type Scan = {
  /** `&`, `|`, `&&`, `||`, `<` from and `>` into a file. */
  readonly operators: readonly string[];
  /** Parentheses left open. */
  readonly depth: number;
  /** The first word of each command. */
  readonly words: readonly string[];
  /** Whether its last character is a `^` that escapes the line's end. */
  readonly continued: boolean;
};

function scan(line: string): Scan {
  const operators: string[] = [];
  const words: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = true;
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? '';
    if (char === '"' && !quoted && start) {
      const [program = ''] = /^[^"]*/.exec(line.slice(at + 1)) ?? [];
      words.push(program.slice(program.lastIndexOf('\\') + 1));
    }
    if (char === '"') quoted = !quoted;
    if (quoted) {
      start = false;
      continue;
    }
    if (char === '^') {
      if (at === line.length - 1) return { operators, depth, words, continued: true };
      at++;
      start = false;
      continue;
    }
    if (/[\s@]/.test(char) && start) continue;
    if (char === '(') {
      depth++;
      start = true;
    } else if (char === ')') {
      depth--;
      start = true;
    } else if (char === '&' || char === '|') {
      const twice = line[at + 1] === char;
      operators.push(twice ? char + char : char);
      if (twice) at++;
      start = true;
    } else if (char === '<') {
      if (!/^\s*nul(?=[\s)&|]|$)/i.test(line.slice(at + 1))) operators.push(char);
    } else if (char === '>') {
      const [target = ''] = /^>?\s*(&\d|nul(?=[\s)&|]|$))?/i.exec(line.slice(at + 1)) ?? [];
      if (/(&\d|nul)$/i.test(target)) at += target.length;
      else operators.push(char);
    } else if (start) {
      const [word = ''] = /^[^\s"&|<>()^/=;,]+/.exec(line.slice(at)) ?? [];
      if (word !== '') {
        // A program may be named with its folder.
        words.push(word.includes('%') ? word : word.slice(word.lastIndexOf('\\') + 1));
        // What `if` decides about begins after its condition, which ends nowhere that a simple look could tell.
        if (/^if$/i.test(word)) words.push(...(line.slice(at).match(/[a-z]+/gi) ?? []));
        at += word.length - 1;
      }
      start = /^(call|else)$/i.test(word);
    }
  }
  return { operators, depth, words, continued: false };
}
