import { inspect } from 'node:util';
import { encryptKeystoreJson } from 'ethers';
import { parseTransaction, recoverMessageAddress, recoverTransactionAddress } from 'viem';
import { privateKeyToAddress } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import * as signers from '../../../../src/adapters/signers/index.ts';
import { env, keystore, mnemonic } from '../../../../src/adapters/signers/index.ts';
import type { PricedTransaction, Signer } from '../../../../src/ports/signer.ts';
import { errorOf, everythingOf, secretsOf } from '../../../support/secrets.ts';
import { hasSharedData, sharedJson } from '../../../support/sharedData.ts';

/** The key of an account that every Ethereum development node publishes. */
const KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';
const ADDRESS = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
/** Its phrase, published as well. */
const PHRASE = 'test test test test test test test test test test test junk';
const PASSWORD = 'correct horse battery staple';

const transaction: PricedTransaction = {
  chainId: 1,
  nonce: 7,
  to: '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2',
  data: '0xd0e30db0',
  valueWei: 10n ** 18n,
  gasLimit: 60_000n,
  maxFeePerGasWei: 30_000_000_000n,
  maxPriorityFeePerGasWei: 1_000_000_000n,
};

const openEnv = (value: string) => env.open({ variable: 'KEEPER_KEY' }, secretsOf({ KEEPER_KEY: value }));

const openMnemonic = (phrase: string, path?: string) =>
  mnemonic.open(
    mnemonic.config.parse({ variable: 'PHRASE', ...(path === undefined ? {} : { path }) }),
    secretsOf({ PHRASE: phrase }),
  );

/** scrypt at its cheapest: what is tested is the format. */
const encrypted = await encryptKeystoreJson({ address: ADDRESS, privateKey: KEY }, PASSWORD, {
  scrypt: { N: 2, r: 1, p: 1 },
});

const openKeystore = (json: string, password = PASSWORD) =>
  keystore.open(
    { path: 'keeper.json', passwordVariable: 'KEEPER_PASSWORD' },
    secretsOf({ KEEPER_PASSWORD: password }, { 'keeper.json': json }),
  );

const openers: readonly [kind: string, open: () => Promise<Signer>][] = [
  ['env', () => openEnv(KEY)],
  ['keystore', () => openKeystore(encrypted)],
  ['mnemonic', () => openMnemonic(PHRASE)],
];

describe.each(openers)('signer %s', (_kind, open) => {
  it('has the key’s address', async () => {
    expect((await open()).address).toBe(ADDRESS);
  });

  it('signs a transaction that is exactly what was asked for', async () => {
    const raw = await (await open()).signTransaction(transaction);
    expect(await recoverTransactionAddress({ serializedTransaction: raw as `0x02${string}` })).toBe(ADDRESS);
    const { to, ...rest } = parseTransaction(raw);
    expect(to?.toLowerCase()).toBe(transaction.to.toLowerCase());
    expect(rest).toMatchObject({
      type: 'eip1559',
      chainId: 1,
      nonce: 7,
      data: '0xd0e30db0',
      value: 10n ** 18n,
      gas: 60_000n,
      maxFeePerGas: 30_000_000_000n,
      maxPriorityFeePerGas: 1_000_000_000n,
    });
  });

  it('gives the same bytes for the same transaction, always', async () => {
    const signer = await open();
    const first = await signer.signTransaction(transaction);
    expect(await signer.signTransaction({ ...transaction })).toBe(first);
    expect(await (await open()).signTransaction(transaction)).toBe(first);
    expect(await signer.signTransaction({ ...transaction, nonce: 8 })).not.toBe(first);
  });

  it('refuses a tip above the fee cap', async () => {
    const absurd = { ...transaction, maxPriorityFeePerGasWei: transaction.maxFeePerGasWei + 1n };
    await expect((await open()).signTransaction(absurd)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('signs messages that recover to it', async () => {
    const signature = await (await open()).signMessage('hello');
    expect(await recoverMessageAddress({ message: 'hello', signature })).toBe(ADDRESS);
  });

  it('shows its key in no way of printing it', async () => {
    const signer = await open();
    const printed = [
      inspect(signer, { depth: 10, showHidden: true }),
      JSON.stringify(signer),
      String(signer),
    ].join();
    expect(printed.toLowerCase()).not.toContain(KEY.slice(2, 20));
  });
});

describe('errors name the place and never the secret', () => {
  const zeroKey = '00'.repeat(32);
  const overTheOrder = 'ff'.repeat(32);
  const damaged = encrypted.replace('"aes-128-ctr"', '"rot13"');
  const wrongMac = encrypted.replace(/"mac":"[^"]{4}/, '"mac":"0000');

  const cases: readonly [what: string, open: () => Promise<Signer>, code: string, names: string][] = [
    [
      'an unset variable',
      () => env.open({ variable: 'NOWHERE' }, secretsOf({})),
      'SECRET_MISSING',
      'NOWHERE',
    ],
    ['an empty variable', () => openEnv('  '), 'SECRET_MISSING', 'KEEPER_KEY'],
    ['a key that is too short', () => openEnv(KEY.slice(0, -2)), 'KEY_INVALID', 'KEEPER_KEY'],
    ['a key that is too long', () => openEnv(`${KEY}00`), 'KEY_INVALID', 'KEEPER_KEY'],
    ['a key with a wrong digit', () => openEnv(`${KEY.slice(0, -1)}g`), 'KEY_INVALID', 'KEEPER_KEY'],
    ['a key of zero', () => openEnv(zeroKey), 'KEY_INVALID', 'KEEPER_KEY'],
    ['a key above the curve order', () => openEnv(overTheOrder), 'KEY_INVALID', 'KEEPER_KEY'],
    [
      'a keystore that is not there',
      () => keystore.open({ path: 'gone.json', passwordVariable: 'P' }, secretsOf({ P: PASSWORD })),
      'KEYSTORE_UNREADABLE',
      'gone.json',
    ],
    [
      'a keystore without a password',
      () =>
        keystore.open(
          { path: 'keeper.json', passwordVariable: 'P' },
          secretsOf({}, { 'keeper.json': encrypted }),
        ),
      'SECRET_MISSING',
      'P',
    ],
    ['an unset phrase', () => openMnemonic(''), 'SECRET_MISSING', 'PHRASE'],
    ['a word that is none', () => openMnemonic(PHRASE.replace('junk', 'jonk')), 'MNEMONIC_INVALID', 'PHRASE'],
    ['a wrong checksum', () => openMnemonic(PHRASE.replace('junk', 'test')), 'MNEMONIC_INVALID', 'PHRASE'],
    ['eleven words', () => openMnemonic(PHRASE.replace(' junk', '')), 'MNEMONIC_INVALID', 'PHRASE'],
    ['a key instead of a phrase', () => openMnemonic(KEY), 'MNEMONIC_INVALID', 'PHRASE'],
    [
      'a phrase file that is not there',
      () => mnemonic.open(mnemonic.config.parse({ file: 'gone.txt' }), secretsOf({})),
      'SECRET_FILE_UNREADABLE',
      'gone.txt',
    ],
    ['a wrong password', () => openKeystore(encrypted, `${PASSWORD}!`), 'KEYSTORE_LOCKED', 'wrong password'],
    ['a keystore that is a bare key', () => openKeystore(KEY), 'KEYSTORE_LOCKED', 'keeper.json'],
    ['a keystore of an unknown cipher', () => openKeystore(damaged), 'KEYSTORE_LOCKED', 'keeper.json'],
    ['a keystore that was changed', () => openKeystore(wrongMac), 'KEYSTORE_LOCKED', 'keeper.json'],
  ];

  it.each(cases)('%s', async (_what, open, code, names) => {
    const error = await errorOf(open());
    const shown = everythingOf(error);
    expect(error.code).toBe(code);
    expect(shown).toContain(names);
    expect(error.action).toBeTruthy();
    for (const secret of [
      KEY.slice(2, 22),
      KEY.slice(-20),
      PASSWORD,
      zeroKey,
      overTheOrder,
      'test test',
      'junk',
    ]) {
      expect(shown.toLowerCase()).not.toContain(secret.toLowerCase());
    }
  });

  it.each([KEY, KEY.slice(2), 'a b', ''])(
    'a config that holds "%s" instead of a variable’s name is refused',
    (variable) => {
      expect(env.config.safeParse({ variable }).success).toBe(false);
      expect(keystore.config.safeParse({ path: 'x', passwordVariable: variable }).success).toBe(false);
    },
  );
});

describe('keys as people write them', () => {
  it.each([KEY, KEY.slice(2), KEY.toUpperCase().replace('0X', '0x'), ` ${KEY}\n`])('%j', async (written) => {
    expect((await openEnv(written)).address).toBe(ADDRESS);
  });
});

describe('a mnemonic phrase', () => {
  /** The accounts that every development node prints for this phrase. */
  it.each([
    ["m/44'/60'/0'/0/1", '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'],
    ["m/44'/60'/0'/0/9", '0xa0Ee7A142d267C1f36714E4a8F75612F20a79720'],
  ])('leads along %s to %s', async (path, address) => {
    expect((await openMnemonic(PHRASE, path)).address).toBe(address);
  });

  it.each([`  ${PHRASE}\n`, PHRASE.replaceAll(' ', '\n'), PHRASE.toUpperCase()])(
    'as people write it: %j',
    async (phrase) => {
      expect((await openMnemonic(phrase)).address).toBe(ADDRESS);
      const fromFile = mnemonic.open(mnemonic.config.parse({ file: 'p' }), secretsOf({}, { p: phrase }));
      expect((await fromFile).address).toBe(ADDRESS);
    },
  );

  it.each(['', 'm', "44'/60'/0'/0/0", 'm/44h/60h', "m/2147483648'", 'm/-1', 'm/0x1'])(
    'refuses the path %j',
    (path) => {
      expect(mnemonic.config.safeParse({ variable: 'P', path }).success).toBe(false);
    },
  );

  it('is in one place, and its variable is a name', () => {
    expect(mnemonic.config.safeParse({}).success).toBe(false);
    expect(mnemonic.config.safeParse({ variable: 'P', file: 'f' }).success).toBe(false);
    expect(mnemonic.config.safeParse({ variable: PHRASE }).success).toBe(false);
  });
});

describe('samples', () => {
  it.each(Object.entries(signers))('of %s passes its own schema', (_, signer) => {
    expect(signer.config.parse(signer.sample)).toEqual(signer.sample);
  });
});

describe.skipIf(!hasSharedData)('recorded signatures', () => {
  interface Vector {
    readonly body: string;
    readonly address: string;
    readonly signature: string;
    readonly privateKey?: string;
  }

  it('are reproduced where the key is public', async () => {
    const { xFlashbotsSignature } = sharedJson<{ xFlashbotsSignature: Vector[] }>(
      'data/relay/flashbots_vectors.json',
    );
    const { keccak256, toBytes } = await import('viem');
    const withKey = xFlashbotsSignature.filter(({ privateKey }) => privateKey !== undefined);
    expect(withKey).toHaveLength(1);
    for (const { privateKey, body, signature, address } of withKey) {
      const signer = await openEnv(privateKey ?? '');
      expect(signer.address).toBe(privateKeyToAddress(privateKey as `0x${string}`));
      expect(signer.address).toBe(address);
      expect(await signer.signMessage(keccak256(toBytes(body)))).toBe(signature);
    }
  });
});
