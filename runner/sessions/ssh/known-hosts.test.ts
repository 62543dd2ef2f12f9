import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fingerprint, judgeKey, keysOf, keyType, knownName, parseKnownHosts } from './known-hosts.ts';

const folder = mkdtempSync(join(tmpdir(), 'tejun-known-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A new public key, as known_hosts has it, and its bytes. */
function makeKey(type: string): { text: string; key: Buffer } {
  const path = join(folder, `${type}${count++}`);
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', path]);
  const [name = '', encoded = ''] = readFileSync(`${path}.pub`, 'utf8').split(' ');
  return { text: `${name} ${encoded}`, key: Buffer.from(encoded, 'base64') };
}
let count = 0;

const one = makeKey('ed25519');
const other = makeKey('ed25519');
const rsa = makeKey('rsa');

function verdict(text: string, name: string, key: Buffer): string {
  return judgeKey(key, keysOf(name, parseKnownHosts(text, 'file'))).kind;
}

describe('known hosts', () => {
  const cases: readonly [what: string, text: string, name: string, key: Buffer, expected: string][] = [
    ['a plain name', `host ${one.text}`, 'host', one.key, 'known'],
    ['a name in a list, with a comment', `a,host,b ${one.text} me@there`, 'host', one.key, 'known'],
    ['another case', `HOST ${one.text}`, 'host', one.key, 'known'],
    ['another host', `host2 ${one.text}`, 'host', one.key, 'unknown'],
    ['no more than a part of a name', `hosts ${one.text}`, 'host', one.key, 'unknown'],
    ['a dot that is a dot', `ho.t ${one.text}`, 'host', one.key, 'unknown'],
    ['a port', `[host]:2222 ${one.text}`, '[host]:2222', one.key, 'known'],
    ['another port', `[host]:2222 ${one.text}`, 'host', one.key, 'unknown'],
    ['a pattern', `*.example ${one.text}`, 'db.example', one.key, 'known'],
    ['a pattern for one character', `db? ${one.text}`, 'db1', one.key, 'known'],
    ['a pattern that excludes', `*.example,!db.example ${one.text}`, 'db.example', one.key, 'unknown'],
    ['another key', `host ${one.text}`, 'host', other.key, 'different'],
    ['another type of key', `host ${rsa.text}`, 'host', one.key, 'different'],
    ['one of several keys', `host ${rsa.text}\nhost ${other.text}\nhost ${one.text}`, 'host', one.key, 'known'],
    ['a revoked key', `host ${one.text}\n@revoked * ${one.text}`, 'host', one.key, 'revoked'],
    ['another key that is revoked', `@revoked * ${other.text}`, 'host', one.key, 'unknown'],
    ['a certificate authority, which is no host', `@cert-authority * ${one.text}`, 'host', one.key, 'unknown'],
    ['comments and blank lines', `# host ${one.text}\n\n`, 'host', one.key, 'unknown'],
    ['a line that is broken', 'host ssh-ed25519 AAAA', 'host', one.key, 'unknown'],
    ["a type that is not the key's", `host ssh-rsa ${one.text.split(' ')[1]}`, 'host', one.key, 'unknown'],
    ['nothing', '', 'host', one.key, 'unknown'],
  ];
  for (const [what, text, name, key, expected] of cases)
    it(what, () => assert.equal(verdict(text, name, key), expected));

  it('names that ssh-keygen has hashed', () => {
    const path = join(folder, 'hashed');
    writeFileSync(path, `host,[host]:2222 ${one.text}\n192.168.1.228 ${other.text}\n`);
    execFileSync('ssh-keygen', ['-q', '-H', '-f', path], { stdio: 'ignore' });
    const text = readFileSync(path, 'utf8');
    assert.doesNotMatch(text, /host|192/);
    assert.equal(verdict(text, 'host', one.key), 'known');
    assert.equal(verdict(text, '[host]:2222', one.key), 'known');
    assert.equal(verdict(text, '192.168.1.228', one.key), 'different');
    assert.equal(verdict(text, '192.168.1.229', one.key), 'unknown');
  });

  it('fingerprints and names are those of OpenSSH', () => {
    const path = join(folder, 'print');
    writeFileSync(path, one.text);
    assert.ok(execFileSync('ssh-keygen', ['-lf', path], { encoding: 'utf8' }).includes(fingerprint(one.key)));
    assert.deepEqual([keyType(one.key), keyType(rsa.key), keyType(Buffer.from('x'))], ['ssh-ed25519', 'ssh-rsa', '']);
    assert.deepEqual([knownName('Host', 22), knownName('::1', 2222)], ['host', '[::1]:2222']);
  });
});
