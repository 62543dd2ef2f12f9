import type { CastEvent } from '../cast/model.ts';
import type { Facts } from '../runbook/model.ts';
import type { Attempt, Piece } from './attempts.ts';
import { backgroundLines, mergeLines, type Shown } from './background-lines.ts';
import type { Hiding } from './hide-values.ts';
import { showOutput } from './shown-output.ts';

/**
 * What a person at a host's terminal would have seen of a run: for each step a marker, a prompt with the command, and
 * its output. A step that was repeated is shown at its first and its last attempt. A background step, which has a
 * terminal of its own, is shown among the others line by line, each line with the step's id before it.
 */
export async function hostCast(attempts: readonly Attempt[], facts: Facts, hiding: Hiding): Promise<CastEvent[]> {
  const host = attempts[0]?.host ?? '';
  const prompt = promptOf(host, facts.user === undefined ? undefined : hiding.text(facts.user));
  const shown: Shown[] = [];
  const lines: Piece[] = [];
  for (const [index, attempt] of attempts.entries()) {
    const { step, at, number, background, database } = attempt;
    const first = !attempts.slice(0, index).some((earlier) => earlier.step === step);
    const last = !attempts.slice(index + 1).some((later) => later.step === step);
    if (!first && !last) continue;
    const command = hiding.text(attempt.command);
    const shownPrompt = database === undefined ? prompt : sqlPrompt(hiding.text(database));
    const output = await showOutput(attempt, hiding);
    if (first) shown.push({ event: { at, kind: 'marker', label: step }, open: true });
    if (!first && !background) shown.push(written(at, `${faint(`# attempt ${number}`)}\r\n`));
    shown.push(written(at, `${shownPrompt}${typed(command)}${background ? faint('  # in the background') : ''}\r\n`));
    if (background) lines.push(...backgroundLines(step, output));
    else shown.push(...outputOf(output, attempt.endedAt));
  }
  const events = joinClose(mergeLines(shown, lines));
  const last = events.at(-1);
  if (!last) return [];
  // The prompt comes back, and a step that printed nothing has a time after its marker; players show none at the very end.
  const ended = Math.max(...attempts.map(({ endedAt }) => endedAt), last.at + 1);
  return [...events, { at: ended, kind: 'output', data: prompt }];
}

function outputOf(pieces: readonly Piece[], endedAt: number): readonly Shown[] {
  let all = '';
  const shown = pieces.map((piece): Shown => {
    all += piece.text;
    return { event: { at: piece.at, kind: 'output', data: piece.text }, open: false };
  });
  const plain = !/\x1b\[[0-9;?]*[^m0-9;?:]/.test(all);
  const closing = closeTerminal(all);
  const opened = shown.map((entry, index) => ({ ...entry, open: plain && /\n$/.test(pieces[index]?.text ?? '') }));
  return [...opened, written(Math.max(endedAt, pieces.at(-1)?.at ?? 0), closing)];
}

/** What a shell's prompt would need after a program left its terminal like this. */
function closeTerminal(text: string): string {
  const isOpen = (on: RegExp, off: RegExp): boolean => lastIndex(text, on) > lastIndex(text, off);
  const undo = [
    isOpen(/\x1b\[\?(?:47|1047|1049)h/g, /\x1b\[\?(?:47|1047|1049)l/g) ? '\x1b[?1049l' : '',
    isOpen(/\x1b\[\?25l/g, /\x1b\[\?25h/g) ? '\x1b[?25h' : '',
    isOpen(/\x1b\[\?7l/g, /\x1b\[\?7h/g) ? '\x1b[?7h' : '',
    isOpen(/\x1b\[4h/g, /\x1b\[4l/g) ? '\x1b[4l' : '',
    /\x1b[()]0|\x0e/.test(text) ? '\x1b(B\x1b)B\x0f' : '',
    /\x1b\[[0-9;]*r/.test(text) ? '\x1b7\x1b[r\x1b8' : '',
    isOpen(/\x1b\[[0-9;:]*[1-9][0-9;:]*m/g, /\x1b\[0*m/g) ? '\x1b[0m' : '',
  ].join('');
  // The other screen gives the first one back with the cursor where it was.
  const first = text.replace(/\x1b\[\?(?:47|1047|1049)h.*?(?:\x1b\[\?(?:47|1047|1049)l|$)/gs, '');
  const visible = first.replace(/(?:\x1b\[[0-9;:?]*[a-zA-Z])+$/, '');
  return undo + (visible === '' || visible.endsWith('\n') ? '' : '\r\n');
}

function lastIndex(text: string, what: RegExp): number {
  return Array.from(text.matchAll(what)).at(-1)?.index ?? -1;
}

function written(at: number, data: string): Shown {
  return { event: { at, kind: 'output', data }, open: true };
}

/** Without a directory: the log does not know it, and a wrong one would be a lie. */
function promptOf(host: string, user: string | undefined): string {
  const who = user === undefined ? host : `${user}@${host}`;
  return `\x1b[1m[${who}]${user === 'root' ? '#' : '$'}\x1b[0m `;
}

/** As psql's, which says in which database one is. */
function sqlPrompt(database: string): string {
  return `\x1b[1m${database}=>\x1b[0m `;
}

/** A command as bash shows one that is typed line by line. */
function typed(command: string): string {
  return command
    .trimEnd()
    .replace(/[\0-\x08\x0b-\x1f\x7f-\x9f]/g, '')
    .replaceAll('\n', '\r\n\x1b[1m>\x1b[0m ');
}

function faint(text: string): string {
  return `\x1b[2m${text}\x1b[0m`;
}

/** Makes one event of output pieces that no eye can tell apart. */
function joinClose(events: readonly CastEvent[]): CastEvent[] {
  const joined: CastEvent[] = [];
  for (const event of events) {
    const last = joined.at(-1);
    if (event.kind === 'output' && event.data === '') continue;
    if (event.kind === 'output' && last?.kind === 'output' && event.at - last.at < 16)
      joined[joined.length - 1] = { ...last, data: last.data + event.data };
    else joined.push(event);
  }
  return joined;
}
