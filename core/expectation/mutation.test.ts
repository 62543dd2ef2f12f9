import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMatcher } from './matcher.ts';
import type { Expectation, RowOrder } from './model.ts';
import { parseExpectation } from './parse.ts';
import { createRandom } from './seeded-random.test.ts';

type Case = {
  form: Expectation['kind'];
  order: RowOrder;
  body: string;
  output: string[];
  oracle: (mutant: string[]) => boolean;
};

const int = /^[+-]?[0-9]+$/;
const trimEnd = (lines: string[]): string[] => {
  const trimmed = lines.map((line) => line.replace(/[\t-\r ]+$/, ''));
  while (trimmed.at(-1) === '') trimmed.pop();
  return trimmed;
};

/** Text: written as native regular expressions over the joined lines, independent of the matcher. */
const text = (body: string, output: string[], pattern: RegExp): Case => ({
  form: 'text',
  order: 'exact',
  body,
  output,
  oracle: (mutant) => pattern.test(`${trimEnd(mutant).join('\n')}\n`),
});

const nodes = [
  [0, '192.168.1.228', 'up', 'primary'],
  [1, '192.168.1.229', 'up', 'standby'],
  [2, '192.168.1.230', 'waiting', 'standby'],
].map((row) => row.map(String));
const aligned = [
  ' node_id |   hostname    | status  |  role   | lag ',
  '---------+---------------+---------+---------+-----',
  ...nodes.map(([id, host, status, role]) => ` ${id}       | ${host} | ${status?.padEnd(7)} | ${role} |  12`),
  '(3 rows)',
];
const tableBody = [
  'node_id | hostname | status | role | lag',
  ...nodes.map((row) => `${row.join(' | ')} | {{int}}`),
].join('\n');

/** Table: a naive reading of the aligned form; anything that is not exactly of that shape has to fail. */
function readNaively(mutant: string[]): string[][] | undefined {
  const lines = trimEnd(mutant);
  // Blank lines around a table are padding.
  while (lines[0] === '') lines.shift();
  if (lines[0]?.startsWith(' ') !== true || !/^-+(\+-+){4}$/.test(lines[1] ?? '')) return undefined;
  const cells = (line: string): string[] => line.split('|').map((cell) => cell.replace(/^[\t-\r ]+|[\t-\r ]+$/g, ''));
  if (JSON.stringify(cells(lines[0])) !== JSON.stringify(['node_id', 'hostname', 'status', 'role', 'lag']))
    return undefined;
  const footer = /^\((0|[1-9]\d*) rows?\)$/.exec(lines.at(-1) ?? '');
  const rows = lines.slice(2, footer === null ? undefined : -1);
  if (rows.some((row) => !row.startsWith(' ') || row.split('|').length !== 5)) return undefined;
  if (footer !== null && Number(footer[1]) !== rows.length) return undefined;
  return rows.map(cells);
}

const table = (order: RowOrder): Case => ({
  form: 'table',
  order,
  body: tableBody,
  output: aligned,
  oracle(mutant) {
    const rows = readNaively(mutant);
    if (rows === undefined) return false;
    if (rows.some((row) => row.length !== 5)) return false;
    const keys = rows.filter((row) => int.test(row[4] ?? '')).map((row) => row.slice(0, 4).join('|'));
    const wanted = nodes.map((row) => row.join('|'));
    if (order === 'exact') return keys.length === rows.length && JSON.stringify(keys) === JSON.stringify(wanted);
    if (order === 'any-order') {
      return keys.length === rows.length && JSON.stringify([...keys].sort()) === JSON.stringify([...wanted].sort());
    }
    return wanted.every((key) => keys.includes(key));
  },
});

const json: Case = {
  form: 'json',
  order: 'exact',
  body: '{"id": 12345678901234567890, "name": "replica-{{int}}", "state": "streaming", "tags": [1, null, true]}',
  output: [
    '{"id": 12345678901234567890, "name": "replica-7",',
    ' "extra": "free", "state": "streaming", "tags": [1, null, true]}',
  ],
  oracle(mutant) {
    try {
      const source = mutant.join('\n');
      const value = JSON.parse(source) as Record<string, unknown>;
      // Number digits and repeated keys are lost by JSON.parse, so they are looked for in the source.
      const keys = [...source.matchAll(/"((?:[^"\\]|\\.)*)"\s*:/g)].map(
        (found) => JSON.parse(`"${found[1]}"`) as string,
      );
      return (
        new Set(keys).size === keys.length &&
        /"id"\s*:\s*12345678901234567890\s*[,}]/.test(source) &&
        /^replica-[+-]?[0-9]+$/.test(String(value.name)) &&
        value.state === 'streaming' &&
        JSON.stringify(value.tags) === '[1,null,true]' &&
        /\[\s*1\s*,/.test(source)
      );
    } catch {
      return false;
    }
  },
};

/** A form without an oracle of its own: whatever passes has to be the same text but for padding, rulers and the lag. */
const otherForm = (output: string[], kept: RegExp): Case => {
  const canon = (lines: string[]): string =>
    trimEnd(lines)
      .filter((line, i, all) => line !== '' && !(i === all.length - 1 && /^\(3 rows?\)$/.test(line)))
      .map((line) =>
        line
          .replace(/["\t-\r ]+/g, '')
          .replace(/^(-\[RECORD\d+\])-*(?:\+-*)?$/, '$1')
          .replace(/-{2,}/g, '--')
          .replace(kept, '$1#'),
      )
      .join('\n');
  return {
    form: 'table',
    order: 'exact',
    body: tableBody,
    output,
    oracle: (mutant) => canon(mutant) === canon(output),
  };
};
const csv = ['node_id,hostname,status,role,lag', ...nodes.map((row) => `${row.join(',')},12`)];
const bare = [...csv.map((line) => line.replaceAll(',', '|')), '(3 rows)'];
const expanded = nodes.flatMap((row, i) => [
  `-[ RECORD ${i + 1} ]-----------`,
  ...['node_id ', 'hostname', 'status  ', 'role    '].map((name, c) => `${name} | ${row[c]}`),
  'lag      | 12',
]);

const cases: Case[] = [
  text(
    'BEGIN\nLOG:  pid {{int}} took 12 ms\nINSERT 0 1000\n\nCOMMIT',
    ['BEGIN', 'LOG:  pid 4711 took 12 ms', 'INSERT 0 1000', '', 'COMMIT'],
    /^BEGIN\nLOG: {2}pid [+-]?[0-9]+ took 12 ms\nINSERT 0 1000\n\nCOMMIT\n$/,
  ),
  text(
    'start\n...\nvalue = {{int}} of {{int}}\nopt {{?}}\nrow {{+}}\n...\nend',
    ['start', 'noise', 'more', 'value = 5 of 10', 'opt', 'row', 'row', 'tail', 'end'],
    /^start\n(?:[^\n]*\n)*?value = [+-]?[0-9]+ of [+-]?[0-9]+\n(?:opt\n)?(?:row\n)+(?:[^\n]*\n)*end\n$/,
  ),
  text('数 {{int}}件\n終わり', ['数 1000件', '終わり'], /^数 [+-]?[0-9]+件\n終わり\n$/),
  table('exact'),
  table('any-order'),
  table('contains'),
  json,
];
const onlyNeverPass: Case[] = [
  otherForm(csv, /(,)[+-]?[0-9]+$/g),
  otherForm(bare, /(\|)[+-]?[0-9]+$/g),
  otherForm(expanded, /^(lag\|)[+-]?[0-9]+$/g),
];

test('no mutant passes that an independent oracle refuses, and none fails that it allows', () => {
  const random = createRandom(Number(process.env.SEED ?? 20261123));
  let mutants = 0;
  let refused = 0;
  for (const [index, { form, order, body, output, oracle }] of [...cases, ...onlyNeverPass].entries()) {
    const parsed = parseExpectation(body, { form, order, file: 'x', firstLine: 1 });
    assert.ok('expectation' in parsed, JSON.stringify(parsed));
    const passes = (lines: string[]): boolean => {
      const matcher = createMatcher(parsed.expectation);
      matcher.push(lines);
      return matcher.end().passed;
    };
    assert.ok(passes(output) && oracle(output), `case ${index} passes unchanged`);
    for (let i = 0; i < 4000; i++) {
      const mutant = mutate(output, random);
      if (JSON.stringify(mutant) === JSON.stringify(output)) continue;
      mutants++;
      const right = oracle(mutant);
      if (!right) refused++;
      if (right && index >= cases.length) continue;
      assert.equal(passes(mutant), right, `case ${index}:\n${mutant.join('\n')}`);
    }
  }
  assert.ok(mutants > 20_000, `${mutants} mutants`);
  assert.ok(refused > 10_000, `${refused} refused`);
});

const alphabet = [
  '0',
  '1',
  '9',
  'a',
  'A',
  'z',
  ' ',
  '\t',
  '|',
  '+',
  '-',
  '.',
  '"',
  ',',
  '\\',
  '{',
  '}',
  '\u3000',
  'é',
  'e\u0301',
  '\r',
  '\ud800',
  '１',
];

function mutate(output: readonly string[], random: (below: number) => number): string[] {
  const lines = [...output];
  for (let times = random(4) === 0 ? 2 : 1; times > 0; times--) {
    const i = random(lines.length);
    const line = lines[i] ?? '';
    const at = random(line.length + 1);
    const character = alphabet[random(alphabet.length)] ?? '';
    const other = random(lines.length);
    switch (random(9)) {
      case 0:
        lines[i] = line.slice(0, at) + character + line.slice(at + 1);
        break;
      case 1:
        lines[i] = line.slice(0, at) + character + line.slice(at);
        break;
      case 2:
        lines[i] = line.slice(0, at) + line.slice(at + 1);
        break;
      case 3:
        lines.splice(i, 1);
        break;
      case 4:
        lines.splice(i, 0, line);
        break;
      case 5:
        lines[i] = lines[other] ?? '';
        lines[other] = line;
        break;
      case 6:
        lines.splice(i, 0, ['', 'NOTICE:  x', 'SET', 'row'][random(4)] ?? '');
        break;
      case 7: {
        const words = line.split(/(\s+|\|)/);
        const word = random(words.length);
        words[word] = ['standby', 'down', '', '01', '1e3', 'NaN', '-0'][random(7)] ?? '';
        lines[i] = words.join('');
        break;
      }
      default:
        lines[i] = line.slice(0, at) + line.slice(at).toUpperCase();
    }
    if (lines.length === 0) lines.push('');
  }
  return lines;
}
