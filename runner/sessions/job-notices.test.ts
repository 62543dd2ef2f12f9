import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JobNotices, startsJobs } from './job-notices.ts';

function shown(text: string, cut: number): string {
  const notices = new JobNotices();
  let given = '';
  for (let at = 0; at < text.length; at += cut) given += notices.write(text.slice(at, at + cut));
  return given + notices.end();
}

test('notices of jobs are taken out, however they come, and nothing else', () => {
  const text = [
    '[1] 4711',
    '[1]+  Done                    sleep 0.3',
    '[2]-  Exit 1                  ( echo a; exit 1 ) > log',
    '[3]   Running                 sleep 9 &',
    'two',
    '[1] "a string of R"',
    '[1]   5 10',
    '[1] 4711 is a pid',
    'see [1] 4711',
    '[ 12.5] kernel',
    '[1]',
    '[',
  ].join('\r\n');
  const wanted = [
    'two',
    '[1] "a string of R"',
    '[1]   5 10',
    '[1] 4711 is a pid',
    'see [1] 4711',
    '[ 12.5] kernel',
    '[1]',
    '[',
  ];
  for (let cut = 1; cut <= text.length; cut++) assert.equal(shown(text, cut), wanted.join('\r\n'), `cut into ${cut}`);
});

test('jobs start by an & of their own', () => {
  const starts = (text: string) => startsJobs({ kind: 'whole', texts: [text], shown: text });
  for (const text of ['sleep 1 &', 'a & b', 'for i in 1; do a & done', '{ a; } &\nwait']) assert.ok(starts(text), text);
  for (const text of ['a && b', 'a 2>&1', 'a &>log', 'a |& b', 'a >&2']) assert.ok(!starts(text), text);
});
