import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { CommandEnd } from '../../core/run/model.ts';
import type { Session } from '../../runner/sessions/session.ts';

/** What a command did, as a test looks at it. */
export type Ran = { readonly end: CommandEnd; readonly output: string; readonly sequence: number };

/** Runs one command and collects its output; `abortAfter` milliseconds stops it. */
export async function runIn(session: Session, command: string, timeout = 20_000, signal?: AbortSignal): Promise<Ran> {
  let output = '';
  let sequence = -1;
  const end = await session.run({
    command,
    timeout,
    signal: signal ?? new AbortController().signal,
    onOutput: (text) => {
      output += text;
    },
    onSequence: (number) => {
      sequence = number;
    },
  });
  return { end, output, sequence };
}

type BashCase = {
  readonly name: string;
  readonly command: string;
  readonly code: number;
  readonly output: string | RegExp;
};

/** What each command has to give, in bash; other shells have forms of their own, or say why not. */
export const bashCases: readonly BashCase[] = [
  { name: 'a command', command: 'echo hello', code: 0, output: 'hello\r\n' },
  { name: 'the usual mask for new files', command: 'umask', code: 0, output: '0022\r\n' },
  { name: 'no output', command: ':', code: 0, output: '' },
  { name: 'an empty command', command: '', code: 0, output: '' },
  { name: 'only a comment', command: '# nothing', code: 0, output: '' },
  { name: 'no last line end', command: 'printf x', code: 0, output: 'x' },
  { name: 'an exit code', command: '(exit 7)', code: 7, output: '' },
  {
    name: 'a program that is not there',
    command: 'no-such-program',
    code: 127,
    output: /no-such-program: command not found/,
  },
  { name: 'several lines', command: 'echo a\necho b\n\necho c', code: 0, output: 'a\r\nb\r\nc\r\n' },
  { name: 'a stop at the first failure', command: 'echo a\n(exit 3)\necho b', code: 3, output: 'a\r\n' },
  { name: 'a stop at a failure within a line', command: 'false; echo b', code: 1, output: '' },
  {
    name: 'a failure that is expected',
    command: 'false || echo rescued\nif false; then :; fi\n! true || :',
    code: 0,
    output: 'rescued\r\n',
  },
  { name: 'a failure in a pipeline', command: 'false | cat\necho b', code: 1, output: '' },
  { name: 'a failure in a function', command: 'g() { return 9; }\ng\necho b', code: 9, output: '' },
  {
    name: 'a here-document',
    command: `cat <<'E'\n$HOME \\ \`x\` 'q' "d" ! !!\nE`,
    code: 0,
    output: `$HOME \\ \`x\` 'q' "d" ! !!\r\n`,
  },
  {
    name: 'quotes of all kinds',
    command: `printf '%s\\n' "\\"" "'" '\\' '\`' '$!#~*?[]{}' $'\\t|' "a\tb"`,
    code: 0,
    output: `"\r\n'\r\n\\\r\n\`\r\n$!#~*?[]{}\r\n\t|\r\na\tb\r\n`,
  },
  { name: 'Japanese', command: 'echo 手順書を実行する', code: 0, output: '手順書を実行する\r\n' },
  { name: 'characters beyond the BMP', command: 'echo 🐘𠮷', code: 0, output: '🐘𠮷\r\n' },
  { name: 'an unclosed quote', command: 'echo before\necho "abc', code: 2, output: /unexpected EOF/ },
  { name: 'a wrong syntax', command: 'if then', code: 2, output: /syntax error/ },
  {
    name: 'an unset variable under set -u',
    command: 'set -u\necho $not_set\necho b',
    code: 1,
    output: /not_set: unbound variable\r\n$/,
  },
  {
    name: 'a variable that must be set',
    command: 'echo ${not_set:?}\necho b',
    code: 1,
    output: /not_set: parameter null or not set\r\n$/,
  },
  { name: 'a division by zero', command: 'echo $((1/0))\necho b', code: 1, output: /division by 0.*\r\n$/ },
  { name: 'a wrong substitution', command: 'echo ${x!}\necho b', code: 1, output: /bad substitution\r\n$/ },
  {
    name: 'an assignment to a constant',
    command: 'readonly fixed=1\nfixed=2\necho b',
    code: 1,
    output: /readonly variable\r\n$/,
  },
  {
    name: 'a pattern without a match',
    command: 'shopt -s failglob\necho /nothing*\necho b',
    code: 1,
    output: /no match: .*\r\n$/,
  },
  { name: 'after failglob', command: 'shopt -u failglob', code: 0, output: '' },
  { name: 'exec of nothing', command: 'exec no-such-program\necho b', code: 127, output: /not found\r\n$/ },
  {
    name: 'a file that cannot be written',
    command: 'echo a >/no/such/file\necho b',
    code: 1,
    output: /No such file or directory\r\n$/,
  },
  { name: 'a backslash at the end', command: 'echo a \\', code: 0, output: 'a\r\n' },
  { name: 'a comment at the end', command: 'echo a # b', code: 0, output: 'a\r\n' },
  { name: 'an unfinished here-document', command: 'cat <<E\na', code: 2, output: /delimited by end-of-file/ },
  { name: 'after set -u', command: 'set +u; echo ok', code: 0, output: 'ok\r\n' },
  { name: 'return at the top', command: 'return 0\necho b', code: 2, output: /can only `return' from a function/ },
  { name: 'a signal', command: `sh -c 'kill -TERM $$'\necho b`, code: 143, output: /Terminated/ },
  { name: 'set -e', command: 'set -e\nfalse\necho b', code: 1, output: '' },
  { name: 'after set -e', command: 'grep nothing /etc/passwd', code: 1, output: '' },
  { name: 'stderr', command: 'echo e >&2', code: 0, output: 'e\r\n' },
  {
    name: 'a file of marks',
    command: `printf '\\033]133;D;0\\a\\033]133;D;0;n=00000000000000000000000000000000;s=1\\a'; (exit 4)`,
    code: 4,
    output: /133;D;0/,
  },
  { name: 'a terminal', command: 'test -t 0 -a -t 1 -a -t 2; stty size', code: 0, output: '30 120\r\n' },
  { name: 'no fd of ours', command: 'ls -l /proc/self/fd', code: 0, output: /^((?! 219 ->).)*$/s },
];

/** A step as a list of commands, each its own step; the last one's end and output count. */
type PromptCase = {
  readonly name: string;
  readonly commands: readonly string[];
  readonly code: number;
  readonly output?: string | RegExp;
};

/** A step behaves as its lines would at a prompt, and the first command that fails ends it, whatever the page does. */
const promptCases: readonly PromptCase[] = [
  {
    name: 'an ERR trap of the page',
    commands: [`trap 'echo failed' ERR; ls /nonexistent 2>&-; echo done`],
    code: 2,
    output: 'failed\r\n',
  },
  {
    name: 'its ERR trap in the next step',
    commands: [`trap 'echo failed' ERR`, 'false'],
    code: 1,
    output: 'failed\r\n',
  },
  { name: 'no ERR trap', commands: ['trap - ERR\nfalse\necho done'], code: 1, output: '' },
  {
    name: 'an ERR trap taken away by its builtin',
    commands: ['builtin trap - ERR\nfalse\necho done'],
    code: 1,
    output: '',
  },
  { name: 'no ERR trap, in a group', commands: ['{ trap - ERR; false; echo done; }'], code: 1, output: '' },
  {
    name: 'no ERR trap, in a function',
    commands: ['f() { trap "" ERR; false; echo f; }\nf\necho b'],
    code: 1,
    output: '',
  },
  { name: 'set +E', commands: ['set +E\nf() { false; echo f; }\nf\necho b'], code: 1, output: '' },
  {
    name: 'a trap and options of a library',
    commands: [`. <(echo 'trap "echo lib" ERR; set +E -e')\nls /nonexistent 2>&-\necho done`],
    code: 2,
    output: 'lib\r\n',
  },
  {
    name: 'the listing of traps',
    commands: [`trap 'echo x' ERR\ntrap -p; trap`],
    code: 0,
    output: /^(trap -- 'echo x' ERR\r\n){2}$/,
  },
  { name: 'a listing without traps', commands: ['trap - ERR\ntrap'], code: 0, output: '' },
  {
    name: 'a listing of a RETURN trap',
    commands: [`trap 'echo "it'\\''s"' RETURN`, 'trap -p RETURN'],
    code: 0,
    output: `trap -- 'echo "it'\\''s"' RETURN\r\n`,
  },
  {
    name: 'a listing for later',
    commands: [`trap 'echo int' INT`, 'kept=$(trap -p INT); echo "$kept"'],
    code: 0,
    output: `trap -- 'echo int' SIGINT\r\n`,
  },
  {
    name: 'an INT trap after a failure in a loop',
    commands: [`trap 'echo int' INT\nfor i in 1; do false; done`, 'trap -p INT'],
    code: 0,
    output: `trap -- 'echo int' SIGINT\r\n`,
  },
  {
    name: 'a DEBUG trap that was removed',
    commands: [`trap 'echo debug' DEBUG`, 'trap - DEBUG\necho b', 'echo c'],
    code: 0,
    output: 'c\r\n',
  },
  { name: 'a negated success', commands: ['! test -e /etc/passwd\necho y'], code: 1, output: '' },
  { name: 'a negated failure', commands: ['! test -e /nonexistent\necho y'], code: 0, output: 'y\r\n' },
  { name: 'a failure in an argument', commands: ['echo "rows: $(false)"\necho y'], code: 1, output: 'rows: \r\n' },
  { name: 'a failure in a test', commands: ['[ -z "$(exit_ 2>&-)" ]\necho y'], code: 127, output: '' },
  { name: 'a failure in an export', commands: ['export X=$(false)\necho y'], code: 1, output: '' },
  { name: 'a failure in a local', commands: ['f() { local x=$(false); echo f; }\nf\necho y'], code: 1 },
  {
    name: 'a failure in a list of words',
    commands: ['for i in $(ls /nope 2>&-); do echo $i; done\necho y'],
    code: 2,
    output: '',
  },
  { name: 'a failure in a here-document', commands: ['cat <<E\n$(false)\nE\necho y'], code: 1, output: '\r\n' },
  { name: 'a failure in a process that is read', commands: ['cat < <(false)\necho y'], code: 1, output: '' },
  { name: 'a reader that ends first', commands: ['head -1 < <(yes)\necho y'], code: 0, output: 'y\r\ny\r\n' },
  {
    name: 'a failure that is looked at',
    commands: ['if [ -z "$(false)" ]; then echo none; fi\nx=$(false) || echo y'],
    code: 0,
    output: 'none\r\ny\r\n',
  },
  {
    name: 'strict options, then a failure',
    commands: ['set -euo pipefail', 'grep nothing /etc/passwd'],
    code: 1,
    output: '',
  },
  { name: 'a job that fails', commands: ['false & wait'], code: 1, output: '' },
  { name: 'jobs that fail', commands: ['for i in 0 3; do (exit $i) & done\nwait'], code: 3, output: '' },
  {
    name: 'functions named as builtins',
    commands: ['return() { :; }\ntrap() { :; }\nfalse\necho y'],
    code: 1,
    output: '',
  },
  { name: 'an alias of a builtin', commands: [`alias eval=: builtin=: return=:\nfalse\necho y`], code: 1, output: '' },
  { name: 'a function named builtin', commands: ['builtin() { :; }\nfalse\necho y', 'false'], code: 1, output: '' },
  { name: 'IFS of digits', commands: ['IFS=127\nfalse\necho y'], code: 1, output: '' },
  { name: 'few descriptors', commands: ['ulimit -n 100\n(exit 7)\necho y'], code: 7, output: '' },
  { name: 'a job of the step before', commands: ['sleep 0.1 &', 'sleep 0.4; echo two'], code: 0, output: 'two\r\n' },
  { name: 'a job of the step', commands: ['sleep 0.1 &\nsleep 0.3\necho two'], code: 0, output: 'two\r\n' },
  {
    name: 'output through another process',
    commands: [`for i in 1 2; do echo $i; done > >(sed 's/^/> /')\necho 3`],
    code: 0,
    output: '> 1\r\n> 2\r\n3\r\n',
  },
  {
    name: 'output of a program through another process',
    commands: [`ls -d / > >(sed 's/^/> /')\nls -d / | tee >(sleep 0.1; sed 's/^/also /' | cat) >/dev/null\necho 3`],
    code: 0,
    output: '> /\r\nalso /\r\n3\r\n',
  },
  {
    name: 'errors of a program that fails through another process',
    commands: [`ls /nope 2> >(sleep 0.1; sed 's/:.*//')`],
    code: 2,
    output: 'ls\r\n',
  },
  {
    name: 'errors of a loop that fails through another process',
    commands: [`for i in 1 2; do ls /nope; done 2> >(sed 's/:.*//')`],
    code: 2,
    output: 'ls\r\n',
  },
  {
    name: 'output through another process without patterns of paths',
    commands: [`set -f\nexec > >(sed 's/^/> /')`, 'echo *', `ls -d / > >(sed 's/^/> /')`],
    code: 0,
    output: '> > /\r\n',
  },
  {
    name: 'all output through another process',
    commands: ['exec > >(sed "s/^/> /;s/$/ </") 2>&1\necho a', 'echo b; ls /nope'],
    code: 2,
  },
  { name: 'the exit status before', commands: ['(exit 2)', 'echo $?'], code: 0, output: '2\r\n' },
  { name: 'the exit status of a program before', commands: ['ls /nope', 'echo $?'], code: 0, output: '2\r\n' },
  { name: 'the last argument before', commands: ['echo a b', 'echo $_'], code: 0, output: 'b\r\n' },
  { name: 'the last argument of a failure', commands: ['ls /nope', 'echo $? $_'], code: 0, output: '2 /nope\r\n' },
  {
    name: 'the parts of the pipeline before',
    commands: ['true | true | true', 'echo ${PIPESTATUS[@]}'],
    code: 0,
    output: '0 0 0\r\n',
  },
  {
    name: 'extended patterns',
    commands: ['shopt -s extglob\ncd /etc; echo pass@(wd) !(*)'],
    code: 0,
    output: 'passwd !(*)\r\n',
  },
  { name: 'an alias', commands: ['alias g=echo\ng hi'], code: 0, output: 'hi\r\n' },
  { name: 'a trace', commands: ['set -x; true; set +x'], code: 0, output: '+ true\r\n+ set +x\r\n' },
  {
    name: 'a trace of a failure in a loop',
    commands: ['set -x', 'for i in 1; do false; done'],
    code: 1,
    output: '+ for i in 1\r\n+ false\r\n',
  },
  {
    name: 'a trace of a failure in an export',
    commands: ['set -x', 'export X=$(false)'],
    code: 1,
    output: '++ false\r\n+ export X=\r\n+ X=\r\n',
  },
  {
    name: 'a trace of what has functions of ours',
    commands: ['true & pid=$!\nset -x', 'trap : INT\nwait $pid'],
    code: 0,
    output: /^\+ trap : INT\r\n\+ wait \d+\r\n$/,
  },
  { name: 'a trace of a comment', commands: ['set -x', '# nothing'], code: 0, output: '' },
  { name: 'a closed stderr', commands: ['exec 2>&-', 'echo a; ls /nope'], code: 2, output: 'a\r\n' },
  {
    name: 'a failure in a loop with a closed stderr',
    commands: ['exec 2>&-', 'for i in 1; do false; done'],
    code: 1,
    output: '',
  },
  { name: 'a closed stdin', commands: ['exec 0<&-', 'echo a'], code: 0, output: 'a\r\n' },
  {
    name: 'a job that was waited for',
    commands: ['(exit 3) & wait $!', 'true & wait\necho b'],
    code: 0,
    output: 'b\r\n',
  },
  { name: 'no source', commands: ['cd /; cd "$(dirname "${BASH_SOURCE[0]}")"; pwd'], code: 0, output: '/\r\n' },
  { name: 'a DEBUG trap', commands: [`trap 'echo "> $BASH_COMMAND"' DEBUG\ntrue`], code: 0, output: '> true\r\n' },
  { name: 'a RETURN trap', commands: [`trap 'echo returned' RETURN\nf() { :; }\nf`], code: 0, output: '' },
  {
    name: 'exported variables',
    commands: ['set -a', `env | grep -c '[0-9a-f]\\{32\\}' || :`],
    code: 0,
    output: '0\r\n',
  },
  {
    name: 'a syntax error',
    commands: ['echo a\nfi\necho b'],
    code: 2,
    output: "a\r\nbash: syntax error near unexpected token `fi'\r\n",
  },
  {
    name: 'several statements behind a here-document',
    commands: ['cat <<E; echo b\na\nE\necho c'],
    code: 0,
    output: 'a\r\nb\r\nc\r\n',
  },
];

/** Shells that can hardly run anything: a step's text has run, or nobody says how it ended. The last step fails when it runs. */
const poorCases: readonly { readonly name: string; readonly commands: readonly string[]; readonly runs: boolean }[] = [
  { name: 'few descriptors', commands: ['ulimit -n 100', 'echo ran; false'], runs: true },
  { name: 'hardly any descriptors', commands: ['ulimit -n 10', 'echo ran; false'], runs: true },
  {
    name: 'no room for files of its own',
    commands: ['export TMPDIR=/nonexistent; ulimit -f 0', `: '${'x'.repeat(70_000)}'\necho ran; false`],
    runs: true,
  },
  { name: 'eval switched off', commands: ['x=enable; $x -n eval', 'echo ran; false'], runs: false },
  { name: 'eval switched off in the same step', commands: ['x=enable; $x -n eval; echo ran; false'], runs: false },
];

/** What every kind of session with a bash behind a terminal has to do. `open` gives a fresh session each time. */
export function conformance(kind: string, open: () => Promise<Session>): void {
  describe(`${kind}: a session that lives on`, () => {
    let session: Session;
    before(async () => {
      session = await open();
    });
    after(() => session.close());

    for (const { name, command, code, output } of bashCases) {
      it(name, async () => {
        const ran = await runIn(session, command);
        assert.deepEqual([ran.end.kind, 'code' in ran.end && ran.end.code], ['exited', code]);
        if (typeof output === 'string') assert.equal(ran.output, output);
        else assert.match(ran.output, output);
      });
    }

    for (const { name, commands, code, output } of promptCases) {
      it(`as at a prompt: ${name}`, async () => {
        const own = await open();
        try {
          let last: Ran | undefined;
          for (const command of commands) last = await runIn(own, command);
          assert.deepEqual(
            [last?.end.kind, last !== undefined && 'code' in last.end && last.end.code],
            ['exited', code],
          );
          if (typeof output === 'string') assert.equal(last?.output, output);
          else if (output !== undefined) assert.match(last?.output ?? '', output);
          const next = await runIn(own, 'echo the shell lives >/dev/tty');
          assert.deepEqual([next.end, /the shell lives/.test(next.output)], [{ kind: 'exited', code: 0 }, true]);
        } finally {
          await own.close();
        }
      });
    }

    for (const { name, commands, runs } of poorCases) {
      it(`with ${name}: ${runs ? 'the text runs' : 'a text that did not run is no failure of its own'}`, async () => {
        const own = await open();
        let last: Ran | undefined;
        for (const command of commands) last = await runIn(own, command);
        await own.close();
        if (runs) assert.deepEqual([last?.end, last?.output], [{ kind: 'exited', code: 1 }, 'ran\r\n']);
        else assert.deepEqual([last?.end.kind, last?.output.includes('ran\r\n')], ['disconnected', false]);
      });
    }

    it('keeps variables, functions, arrays and the directory', async () => {
      await runIn(session, 'cd /usr\nx=1\nexport y=2\ndeclare -A map=([k]=v)\nf() { echo "f$1"; }');
      const ran = await runIn(session, 'pwd; echo $x${map[k]}; sh -c "echo \\$x\\$y"; f 3');
      assert.equal(ran.output, '/usr\r\n1v\r\n2\r\nf3\r\n');
    });

    it('stands traps, traces and redirections that a step leaves behind', async () => {
      assert.deepEqual((await runIn(session, 'set -x; (exit 3)')).end, { kind: 'exited', code: 3 });
      assert.doesNotMatch((await runIn(session, 'set +x')).output, /133;/);
      assert.deepEqual((await runIn(session, 'exec >/dev/null; echo a; (exit 4)')).end, { kind: 'exited', code: 4 });
      assert.equal((await runIn(session, 'exec >/dev/tty; echo b')).output, 'b\r\n');
      assert.deepEqual((await runIn(session, 'trap "" ERR; trap : INT USR1; (exit 0)')).end, {
        kind: 'exited',
        code: 0,
      });
      assert.deepEqual((await runIn(session, 'false\necho b')).end, { kind: 'exited', code: 1 });
      await runIn(session, 'trap - INT USR1');
    });

    it('numbers commands upwards', async () => {
      const first = await runIn(session, ':');
      const second = await runIn(session, ':');
      assert.equal(second.sequence, first.sequence + 1);
    });

    it('keeps its secrets out of the environment and the history', async () => {
      const ran = await runIn(session, 'env; history');
      assert.doesNotMatch(ran.output, /tejun_|133;/);
    });

    it('runs a command of one megabyte', async () => {
      const ran = await runIn(session, `x='${'0123456789abcde\n'.repeat(65_536)}'; echo \${#x}`, 60_000);
      assert.deepEqual([ran.end, ran.output], [{ kind: 'exited', code: 0 }, '1048576\r\n']);
    });

    it('refuses a NUL instead of running half of the command', async () => {
      const ran = await runIn(session, 'echo a\0b');
      assert.equal(ran.end.kind, 'disconnected');
    });

    it('lets a background job go on and keeps its later output to itself', async () => {
      const ran = await runIn(session, '{ sleep 0.2; echo late; } &\necho now');
      assert.deepEqual([ran.end, ran.output], [{ kind: 'exited', code: 0 }, 'now\r\n']);
      assert.equal((await runIn(session, 'wait')).end.kind, 'exited');
    });

    it('hands on invalid UTF-8 as lone surrogates', async () => {
      const ran = await runIn(session, `printf '\\303\\050\\377|\\342\\202'`);
      assert.equal(ran.output, '\udcc3(\udcff|\udce2\udc82');
    });

    it('survives binary garbage', async () => {
      const ran = await runIn(session, 'head -c 1M /dev/urandom', 60_000);
      assert.deepEqual(ran.end, { kind: 'exited', code: 0 });
      assert.equal((await runIn(session, 'echo ok')).output, 'ok\r\n');
    });

    it('tells a program that waits for keys', async () => {
      const found = await runIn(session, 'cat\necho b');
      assert.deepEqual(found.end, { kind: 'waits-for-input', program: 'cat' });
      const builtin = await runIn(session, 'read -p "sure? " answer; echo b');
      assert.equal(builtin.end.kind, 'waits-for-input');
      assert.match(builtin.output, /^sure\? /);
      assert.doesNotMatch(builtin.output, /b\r\n/);
      assert.equal((await runIn(session, 'read -e answer; echo b')).end.kind, 'waits-for-input');
      assert.equal((await runIn(session, 'bash --norc -i')).end.kind, 'waits-for-input');
      assert.equal((await runIn(session, 'echo ok')).output, 'ok\r\n');
    });

    it('does not take silence or a pipe for waiting', async () => {
      const ran = await runIn(session, 'sleep 1.2 | cat; sleep 0.9 </dev/tty; echo ok');
      assert.deepEqual([ran.end, ran.output], [{ kind: 'exited', code: 0 }, 'ok\r\n']);
    });

    it('ends a command at its time limit, and can be used afterwards', async () => {
      const ran = await runIn(session, 'sleep 1000; echo b', 300);
      assert.equal(ran.end.kind, 'timed-out');
      assert.doesNotMatch(ran.output, /b\r\n/);
      assert.equal((await runIn(session, 'echo ok')).output, 'ok\r\n');
    });

    it('stops a command when told to', async () => {
      const abort = new AbortController();
      const running = runIn(session, 'echo started; sleep 1000; echo b', 20_000, abort.signal);
      setTimeout(() => abort.abort(), 200);
      const ran = await running;
      assert.deepEqual(ran.end, { kind: 'stopped' });
      assert.equal((await runIn(session, 'echo ok')).output, 'ok\r\n');
    });

    it('ends what does not heed Ctrl-C', async () => {
      const ran = await runIn(session, `sh -c 'trap "" INT TERM; while :; do sleep 0.1; done'; echo b`, 200);
      assert.equal(ran.end.kind, 'timed-out');
      const left = await runIn(session, `ps -eo args | grep -c '[t]rap "" INT TERM; while' || :`);
      assert.equal(left.output, '0\r\n');
    });

    it('stands a raw terminal and a screen left in disorder', async () => {
      const ran = await runIn(session, `stty raw -echo; printf '\\033[?1049h'; (exit 6)`);
      assert.deepEqual(ran.end, { kind: 'exited', code: 6 });
      assert.deepEqual((await runIn(session, 'stty sane; echo ok')).end, { kind: 'exited', code: 0 });
    });

    it('stands a changed prompt', async () => {
      await runIn(session, "PS1='> '; IFS=:; set -o vi; shopt -s extglob nullglob; set -f");
      const ran = await runIn(session, 'set +f; set -o emacs; unset IFS; (exit 2)');
      assert.deepEqual(ran.end, { kind: 'exited', code: 2 });
    });
  });

  describe(`${kind}: what ends a session`, { concurrency: 3 }, () => {
    const ends: readonly {
      name: string;
      command: string;
      timeout?: number;
      end: CommandEnd['kind'];
      code?: number;
      output?: string;
    }[] = [
      { name: 'exit', command: 'echo bye; exit 3', end: 'shell-exited', code: 3, output: 'bye\r\nexit\r\n' },
      { name: 'exit 0 is no pass either', command: 'exit 0', end: 'shell-exited', code: 0, output: 'exit\r\n' },
      { name: 'exec', command: `exec sh -c 'echo other; exit 5'`, end: 'shell-exited', code: 5, output: 'other\r\n' },
      { name: 'kill -9 of the shell', command: 'kill -9 $$', end: 'shell-exited', code: 137 },
      { name: 'a changed PROMPT_COMMAND', command: 'PROMPT_COMMAND=:', end: 'disconnected' },
      {
        name: 'a loop of builtins that ignores Ctrl-C',
        command: `trap '' INT TERM; while :; do :; done`,
        timeout: 200,
        end: 'timed-out',
      },
    ];
    for (const { name, command, timeout, end, code, output } of ends) {
      it(name, async () => {
        const session = await open();
        try {
          const ran = await runIn(session, command, timeout);
          assert.equal(ran.end.kind, end);
          if (ran.end.kind === 'shell-exited') assert.equal(ran.end.code, code);
          if (output !== undefined) assert.equal(ran.output, output);
          assert.equal((await runIn(session, 'echo never')).end.kind, 'disconnected');
        } finally {
          await session.close();
        }
      });
    }

    it('close ends what runs in the background', async () => {
      const session = await open();
      await runIn(session, 'nohup sleep 987654 >/dev/null 2>&1 &\n(trap "" HUP TERM; exec sleep 987655) &');
      await session.close();
      const other = await open();
      const left = await runIn(other, `ps -eo args | grep -c '[s]leep 98765' || :`);
      await other.close();
      assert.equal(left.output, '0\r\n');
    });
  });

  it(`${kind}: 100 MB of output come through whole`, async () => {
    const session = await open();
    let characters = 0;
    let foreign = 0;
    const end = await session.run({
      command: `head -c 100M /dev/zero | tr '\\0' x | fold -w 99`,
      timeout: 60_000,
      signal: new AbortController().signal,
      onOutput: (text) => {
        characters += text.length;
        if (/[^x\r\n]/.test(text)) foreign++;
      },
    });
    const after = await runIn(session, 'echo ok');
    await session.close();
    const lines = Math.ceil(104_857_600 / 99) - 1;
    assert.deepEqual(
      [end, characters, foreign, after.output],
      [{ kind: 'exited', code: 0 }, 104_857_600 + 2 * lines, 0, 'ok\r\n'],
    );
  });
}
