import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keystore } from '../../../../src/adapters/signers/index.ts';
import { listLines, writtenLines } from '../../../../src/cli/output/keys.ts';
import { plainStyle } from '../../../../src/cli/output/style.ts';
import { givenSecret } from '../../../../src/runtime/keys/givenSecret.ts';
import { listKeystores, refuseExisting, writeKeystore } from '../../../../src/runtime/keys/keystores.ts';
import { createRedactor } from '../../../../src/runtime/log/redact.ts';
import { systemSecrets } from '../../../../src/runtime/secrets.ts';
import { errorOf, everythingOf } from '../../../support/secrets.ts';

const KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';
const ADDRESS = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const PASSPHRASE = 'correct horse battery';
/** scrypt at its cheapest: what is tested is the file. */
const CHEAP = 2;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ballast-keys-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const at = (name: string) => join(folder, name);
const secrets = () => systemSecrets(createRedactor());
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

function file(name: string, text: string, mode = 0o600): string {
  writeFileSync(at(name), text);
  chmodSync(at(name), mode);
  return at(name);
}

describe('writing a keystore', () => {
  it('encrypts a key that was imported, for its owner alone, and the signer opens it', async () => {
    const written = await writeKeystore(at('imported.json'), KEY.slice(2), PASSPHRASE, 'a variable', CHEAP);
    expect(written).toMatchObject({ address: ADDRESS, mode: '0600', isOwnersAlone: true });
    expect(modeOf(written.path)).toBe('600');
    expect(readFileSync(written.path, 'utf8').toLowerCase()).not.toContain(KEY.slice(2, 20));
    const passwordFile = file('pass', `${PASSPHRASE}\n`);
    const signer = await keystore.open({ path: written.path, passwordFile }, secrets());
    expect(signer.address).toBe(ADDRESS);
  });

  it('makes another key every time', async () => {
    const [first, second] = [
      await writeKeystore(at('one.json'), null, PASSPHRASE, '', CHEAP),
      await writeKeystore(at('two.json'), null, PASSPHRASE, '', CHEAP),
    ];
    expect(first.address).not.toBe(second.address);
  });

  it('never writes over a file', async () => {
    const path = file('precious.json', 'precious');
    expect((await errorOf(refuseExisting(path))).code).toBe('FILE_EXISTS');
    expect((await errorOf(writeKeystore(path, KEY, PASSPHRASE, '', CHEAP))).code).toBe('FILE_EXISTS');
    expect(readFileSync(path, 'utf8')).toBe('precious');
  });

  it.each([
    ['no private key', 'not-a-key-marker', PASSPHRASE, 'KEY_INVALID'],
    ['a short passphrase', KEY, 'short-1', 'PASSPHRASE_UNUSABLE'],
  ])('leaves nothing behind where it is given %s, and shows none of it', async (_, key, passphrase, code) => {
    const before = readdirSync(folder);
    const error = await errorOf(writeKeystore(at('never.json'), key, passphrase, 'a variable', CHEAP));
    expect(error.code).toBe(code);
    for (const secret of [KEY.slice(2, 20), 'not-a-key-marker', PASSPHRASE, 'short-1'])
      expect(everythingOf(error)).not.toContain(secret);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('says so where the folder is not there', async () => {
    const error = await errorOf(writeKeystore(at('gone/k.json'), KEY, PASSPHRASE, '', CHEAP));
    expect(error.code).toBe('FILE_UNUSABLE');
  });
});

describe('a file with a secret in it', () => {
  it.each([0o644, 0o640, 0o604, 0o660])('is refused where others may use it: %o', async (mode) => {
    const path = file('exposed', PASSPHRASE, mode);
    const error = await errorOf(givenSecret(secrets(), path, undefined));
    expect(error).toMatchObject({ code: 'SECRET_FILE_EXPOSED' });
    expect(error.action).toContain(`chmod 600 ${path}`);
    expect(everythingOf(error)).not.toContain(PASSPHRASE);
  });

  it('is refused by the signer as well', async () => {
    const path = file('exposed.json', '{}', 0o644);
    const opening = keystore.open({ path, passwordFile: file('fine', PASSPHRASE) }, secrets());
    expect((await errorOf(opening)).code).toBe('SECRET_FILE_EXPOSED');
  });

  it.each([0o600, 0o400])('is read where it is its owner’s alone: %o', async (mode) => {
    const path = file(`own-${mode}`, `${PASSPHRASE}\r\n`, mode);
    expect(await givenSecret(secrets(), path, undefined)).toBe(PASSPHRASE);
  });

  it('is hidden from all output from then on', async () => {
    const redactor = createRedactor();
    await givenSecret(systemSecrets(redactor), file('hidden', PASSPHRASE), undefined);
    expect(redactor.text(`it is ${PASSPHRASE}!`)).toBe('it is [hidden]!');
  });
});

describe('listing', () => {
  it('shows keystores only, with address, mode and date, and what to do about those that are exposed', async () => {
    const own = at('list');
    mkdirSync(own);
    await writeKeystore(join(own, 'a.json'), KEY, PASSPHRASE, '', CHEAP);
    await writeKeystore(join(own, 'b.json'), null, PASSPHRASE, '', CHEAP);
    chmodSync(join(own, 'b.json'), 0o644);
    for (const [name, text] of [
      ['package.json', '{"version":3}'],
      ['notes.txt', KEY],
      ['broken.json', '{'],
      ['large.json', ' '.repeat(100_000)],
    ] as const)
      writeFileSync(join(own, name), text);
    const found = await listKeystores(own);
    expect(found.map(({ path, mode }) => [path, mode])).toEqual([
      [join(own, 'a.json'), '0600'],
      [join(own, 'b.json'), '0644'],
    ]);
    expect(found[0]?.address).toBe(ADDRESS);
    const text = listLines(found, own, plainStyle).join('\n');
    expect(text).toContain(ADDRESS);
    expect(text).toMatch(/0600 {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}/);
    expect(text).toContain(`chmod 600 ${join(own, 'b.json')}`);
    expect(text).not.toContain(`chmod 600 ${join(own, 'a.json')}`);
    expect(text.toLowerCase()).not.toContain(KEY.slice(2, 20));
  });

  it('of an empty folder says what comes next; of none at all is an error', async () => {
    mkdirSync(at('empty'));
    expect(listLines(await listKeystores(at('empty')), 'empty', plainStyle)[0]).toContain('keys create');
    expect((await errorOf(listKeystores(at('nowhere')))).code).toBe('FOLDER_UNUSABLE');
  });
});

describe('what is printed after writing', () => {
  const written = {
    path: 'keeper.json',
    address: ADDRESS,
    mode: '0600',
    isOwnersAlone: true,
    modifiedAtSeconds: 0,
  } as const;

  it.each([
    [{ file: 'pass' }, '    passwordFile: pass'],
    [{ variable: 'P' }, '    passwordVariable: P'],
    [{}, '    passwordVariable: BALLAST_KEYSTORE_PASSWORD'],
  ])('names the passphrase’s place for the config: %j', (place, line) => {
    const lines = writtenLines(written, place, plainStyle);
    expect(lines).toContain(line);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
  });
});
