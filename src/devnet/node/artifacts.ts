import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Address, Hex } from '../../core/units.ts';
import { DevnetError } from '../errors.ts';

const require = createRequire(import.meta.url);

/** Where a contract's code holds addresses of libraries: source file, library, places in bytes. */
type LinkReferences = Readonly<
  Record<string, Readonly<Record<string, readonly { readonly start: number; readonly length: number }[]>>>
>;

/**
 * The creation code that an npm package ships for a contract, as its authors compiled it.
 *
 * @param path for example `@uniswap/v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json`
 */
export function npmBytecode(path: string): Hex {
  const { bytecode } = require(path) as { readonly bytecode: string | { readonly object: string } };
  const code = typeof bytecode === 'string' ? bytecode : bytecode.object;
  return code.startsWith('0x') ? (code as Hex) : `0x${code}`;
}

/**
 * The same for a contract that calls libraries: their addresses are written into its code.
 *
 * @param libraries where each library stands, by its name
 * @throws DevnetError where the code wants a library that is not given
 */
export function npmLinkedBytecode(path: string, libraries: Readonly<Record<string, Address>>): Hex {
  const { linkReferences } = require(path) as { readonly linkReferences: LinkReferences };
  const code = npmBytecode(path).slice(2).split('');
  for (const [name, places] of Object.values(linkReferences).flatMap((file) => Object.entries(file))) {
    const library = libraries[name];
    if (library === undefined)
      throw new DevnetError('a library is not linked', { facts: { contract: path, library: name } });
    for (const { start, length } of places)
      code.splice(2 * start, 2 * length, ...library.slice(2).toLowerCase());
  }
  return `0x${code.join('')}`;
}

/** Permit2's code as it stands on chains: its package ships it inside a deployment script. */
export function permit2Runtime(): Hex {
  const script = require.resolve('@uniswap/v4-periphery/lib/permit2/test/utils/DeployPermit2.sol');
  const code = /hex"([0-9a-f]+)"/.exec(readFileSync(script, 'utf8'))?.[1];
  if (code === undefined)
    throw new DevnetError('the package of Permit2 holds no code', { facts: { script } });
  return `0x${code}`;
}

/** Multicall3's creation code: viem carries it but does not export it, so it is found by its file. */
export function multicall3Bytecode(): Hex {
  const folder = dirname(require.resolve('viem/package.json'));
  const constants = require(join(folder, '_cjs/constants/contracts.js')) as {
    readonly multicall3Bytecode: Hex;
  };
  return constants.multicall3Bytecode;
}
