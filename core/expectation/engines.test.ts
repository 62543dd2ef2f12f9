import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RE2JS } from 're2js';
import type { Part, PlaceholderType } from './model.ts';
import { nativeSource } from './native-source.ts';
import { isOfType, nearestType, placeholderTypes, typeSource } from './placeholder-types.ts';
import { createRandom } from './seeded-random.test.ts';

const samples: Record<Exclude<PlaceholderType, 'any'>, { yes: string[]; no: string[] }> = {
  timestamp: {
    yes: [
      '2026-11-23 01:10:15.123 UTC',
      '2026-11-23T01:10:15Z',
      '2026-11-23 01:10:15+09',
      '2026-11-23 01:10:15.1+05:30',
      '2026-11-23 01:10',
      'Nov 23 01:10:15',
      'Mon Nov 23 01:33:48 UTC 2026',
      'Mon Nov  2 01:33:48 2026',
      '2026/11/23 01:10:15',
      'Mon 23 Nov 2026 01:10:15 AM UTC',
      '2026年12月01日 03時21分28秒',
      '2026年 12月  1日 火曜日 03:21:28 JST',
      '2026年  1月  3日 土曜日 03:21:28 JST',
      '2026年12月1日 3:21:28',
      '2026年12月1日(火) 午後3時21分',
      '2026年 12月 01日 星期二 03:21:28 CST',
      'Di 1. Dez 03:21:28 CET 2026',
      'Di 01 Dez 2026 03:21:28 CET',
      'Mi 4. Mär 03:21:28 CET 2026',
      '01.12.2026 03:21:28.123456 CET',
      '12/01/2026 03:21:28.123 CET',
      '01/12/2026 03:21:28.123 CET',
      '12/31/2026 03:21:28 +09',
      'Tue Dec 01 03:21:28.123 2026 CET',
      'Tue 01 Dec 03:21:28.123 2026 CET',
      'Tue Dec 01 03:21:28 2026 +09',
      'Tue Dec  1 03:21:28 AM UTC 2026',
      'Tue, 01 Dec 2026 03:21:28 +0000',
      'Tue,  1 Dec 2026 03:21:28 +0900',
      '2026-12-01T03:21:28+00:00',
      '2026-12-01T03:21:28,123456789+09:00',
      '2026-12-01T03:21:28.123Z',
      '2026-12-01 03:21:28.123 JST',
      '0044-03-15 12:00:00+00 BC',
      '2026/12/01  3:21:28.12',
      'Tue 12/01/2026  3:21:28.12',
      '12/01/2026  03:21 AM',
      'Tuesday, December 1, 2026 3:21:28 AM',
    ],
    no: [
      '2026-13-23 01:10:15',
      '2026-11-23',
      '01:10:15',
      '2026-11-23 25:10:15',
      '2026-11-23 01:10:15 up',
      '２026-11-23 01:10:15',
      '2026-11-23 01:10:15\n',
      '2026年13月01日 03時21分28秒',
      '2026年12月32日 03時21分28秒',
      '2026年12月01日',
      '13/13/2026 03:21:28',
      '01.13.2026 03:21:28',
      '01.12.2026',
      'Di 1. Foo 03:21:28 CET 2026',
      'Tue Dec 01 25:21:28 2026 CET',
      'December 1, 2026',
      'infinity',
    ],
  },
  lsn: { yes: ['0/3000148', 'FF/0'], no: ['0/300014g', '0/', '/0', '0/123456789', 'ff/0'] },
  pid: { yes: ['1', '4194304'], no: ['0', '01', '-1', '', '1 '] },
  int: { yes: ['0', '-1', '+7', '007'], no: ['', '-', '1.0', '1e3', '１', '0x1', '1,000'] },
  number: { yes: ['1', '-1.5', '.5', '1e-3', '1.'], no: ['NaN', 'Infinity', '', '.', '1,5', '1e', '--1'] },
  duration: {
    yes: [
      '3 ms',
      '12.5ms',
      '00:00:01.5',
      '1 min 3 s',
      '2h3m',
      '00:01.235',
      '1 day 02:03:04',
      '5秒',
      '1208.761 ms (00:01.209)',
      '1208,761 ms (00:01,209)',
      '1208,761 ms',
      '3723004.000 ms (01:02:03.004)',
      '90123004.000 ms (1 d 01:02:03.004)',
      '59999.600 ms (00:60.000)',
      '1504.076 ミリ秒(00:01.504)',
      '3723004.000 ミリ秒 (01:02:03.004)',
      '90123004.000 ミリ秒 (1 日 01:02:03.004)',
      '1504.076 мс (00:01.504)',
      '90123004.000 мс (1 д. 01:02:03.004)',
      '90123004.000 მწმ (1 დღე 01:02:03.004)',
      '1504.076 მწმ',
      '1504.076 ms（00:01.504）',
      '90123004.000 ms（1 d 01:02:03.004）',
      '1 year 2 mons',
      '1 year 2 mons 3 days 04:05:06.789',
      '-1 days +02:03:00',
      '-1 years -2 mons +3 days -04:05:06.789',
      '1 mon',
      '-00:00:01.5',
      '@ 1 year ago',
      '@ 1 year 2 mons -3 days 4 hours 5 mins 6.789 secs ago',
      '@ 0',
      'P1Y2M3DT4H5M6S',
      'PT0S',
      'P-1Y-2M3DT-4H-5M-6.789S',
      'P1M',
      '1-2',
      '+1-2 -3 +4:05:06',
      '3 4:05:06',
      '2 hours, 3 minutes',
      '1h2m3.5s',
    ],
    no: [
      '3',
      'ms',
      '3 xs',
      '',
      '1:99',
      'abc',
      'P',
      'PT',
      'PT5',
      'P1S',
      '@',
      '@ ago',
      'ago',
      '1 year 2',
      '1-13',
      '1208.761 ms (00:01.209',
      '1208.761 ms ()',
      '1208.761 ms 00:01',
      '1208.761.2 ms',
      '1 ms ms',
      '- 1 day',
      '1208.761 ms (1 d)',
    ],
  },
  ip: {
    yes: [
      '192.168.1.228',
      '::1',
      'fe80::1',
      '2001:db8::8:800:200c:417a',
      '10.0.0.0/8',
      '::',
      '1::',
      '::ffff:1.2.3.4',
      '1:2:3:4:5:6:7:8',
    ],
    no: ['192.168.1.328', '1.2.3', '1.2.3.4.5', ':::', '1:2:3:4:5:6:7:8:9', '01.2.3.4', '1::2::3'],
  },
  path: { yes: ['/var/lib', 'C:\\Program Files\\x', 'a/b', '~/x', '/'], no: ['a', '', '/a b', '/a:1', '/a"'] },
  word: { yes: ['a', 'プライマリ', 'a|b'], no: ['', 'a b', 'a　b', 'a\u00a0b'] },
};

test('each type takes its values and nothing else, in both engines', () => {
  for (const type of placeholderTypes) {
    const re2 = RE2JS.compile(typeSource(type));
    for (const [values, expected] of [
      [samples[type].yes, true],
      [samples[type].no, false],
    ] as const) {
      for (const value of values) {
        assert.equal(isOfType(type, value), expected, `${type} ${JSON.stringify(value)}`);
        assert.equal(re2.testExact(value), expected, `${type} ${JSON.stringify(value)} in RE2`);
      }
    }
  }
});

test('V8 and RE2 agree on lines of several placeholders, on what matches and on what each takes', () => {
  const random = createRandom(3);
  const literals = [' ', ' [', '] ', ':', ' took ', ' s ', ', ', '/', '.', ' at ', '　', '(', '\t', ' (a+)$ '];
  const types = [...placeholderTypes, 'any'] as const;
  let native = 0;
  let matched = 0;
  for (let round = 0; round < 8_000; round++) {
    const parts: Part[] = [];
    let text = '';
    for (let i = 0; i < 2 + random(2); i++) {
      const type = types[random(types.length)] ?? 'any';
      parts.push({ kind: 'placeholder', type });
      const pool = type === 'any' ? ['', 'x y'] : samples[type][random(6) === 0 ? 'no' : 'yes'];
      const literal = literals[random(literals.length)] ?? '';
      text += (pool[random(pool.length)] ?? '') + literal;
      parts.push({ kind: 'literal', text: literal });
    }
    if (random(3) === 0) text = text.slice(0, random(text.length)) + text.slice(random(text.length));
    const source = nativeSource(parts);
    if (source === undefined) continue;
    native++;
    const groups = parts.map((part) =>
      part.kind === 'literal'
        ? RE2JS.quote(part.text)
        : `(${typeSource(part.kind === 'placeholder' ? part.type : 'any')})`,
    );
    const re2 = RE2JS.compile(groups.join('')).matcher(text);
    const found = new RegExp(source).exec(text);
    assert.equal(found !== null, re2.matches(), `${source}\n${text}`);
    if (found === null) continue;
    matched++;
    found.slice(1).forEach((value, i) => {
      assert.equal(value, re2.group(i + 1), `${source}\n${text}`);
    });
  }
  assert.ok(native > 1000 && matched > 500, `${native} ${matched}`);
});

test('misspelt types find their nearest', () => {
  assert.equal(nearestType('itn'), 'int');
  assert.equal(nearestType('timestmp'), 'timestamp');
  assert.equal(nearestType('zzzzzz'), undefined);
});
