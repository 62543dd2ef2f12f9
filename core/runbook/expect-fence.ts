import type { Expectation, RowOrder } from '../expectation/model.ts';
import { parseExpectation } from '../expectation/parse.ts';
import type { Problem } from '../problem.ts';
import { readAttributes } from './attributes.ts';
import { parseInfo } from './info.ts';
import type { Fence } from './markdown.ts';
import type { ExpectFence, Hint, Variant } from './model.ts';
import type { Report } from './positions.ts';
import { readWhen } from './step-fence.ts';

const expectAttributes = { values: ['when', 'rows'], flags: ['text', 'table', 'json'], display: true } as const;
const orders: readonly string[] = ['exact', 'any-order', 'contains'] satisfies readonly RowOrder[];

/** Reads an `expect` fence; undefined when it has mistakes, which are then reported. */
export function readExpect(
  fence: Fence,
  file: string,
  report: Report,
  problems: Problem[],
): Variant<ExpectFence> | undefined {
  const attributes = readAttributes(fence, parseInfo(fence.info), expectAttributes, report);
  const forms = expectAttributes.flags.filter((form) => attributes.flag(form));
  if (forms.length > 1)
    attributes.wrong(forms[1], `an expectation is either ${forms.join(' or ')}`, 'keep one of the words');
  const form: Expectation['kind'] = forms[0] ?? 'text';
  const rows = attributes.value('rows') ?? 'exact';
  if (!orders.includes(rows))
    attributes.wrong('rows', `\`${rows}\` is no order of rows`, `write rows=${orders.join(', rows=')}`);
  if (form === 'text' && attributes.has('rows'))
    attributes.wrong(
      'rows',
      '`rows` is for tables and JSON',
      'write `expect table rows=…`; lines of text are always compared in order',
    );
  const order = orders.includes(rows) ? (rows as RowOrder) : 'exact';
  const parsed = parseExpectation(fence.text, {
    form,
    order,
    file,
    firstLine: fence.body.line,
    indent: fence.body.indent.length,
  });
  const { when, whenText } = readWhen(attributes);
  if ('problems' in parsed) {
    problems.push(...parsed.problems);
    return undefined;
  }
  return {
    when,
    whenText,
    value: { expectation: parsed.expectation, body: fence.body },
    file: fence.file,
    line: fence.line,
  };
}

/** Reads a `hint` fence; `column` is where its `missing` stands. */
export function readHint(fence: Fence, report: Report): { readonly hint: Hint; readonly column: number } {
  const info = parseInfo(fence.info);
  const attributes = readAttributes(fence, info, { values: ['missing'], flags: [], display: false }, report);
  const column = fence.infoColumn + (info.attributes.find(({ key }) => key === 'missing')?.column ?? 0);
  return { hint: { missing: attributes.value('missing'), text: fence.text.trim() }, column };
}
