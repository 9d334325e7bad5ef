import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Hex } from '../core/units.ts';

const require = createRequire(import.meta.url);

/**
 * The creation code that an npm package ships for a contract, as its authors compiled it.
 *
 * @param path for example `@uniswap/v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json`
 */
export function npmBytecode(path: string): Hex {
  const { bytecode } = require(path) as { readonly bytecode: string };
  return bytecode.startsWith('0x') ? (bytecode as Hex) : `0x${bytecode}`;
}

/** Multicall3's creation code: viem carries it but does not export it, so it is found by its file. */
export function multicall3Bytecode(): Hex {
  const folder = dirname(require.resolve('viem/package.json'));
  const constants = require(join(folder, '_cjs/constants/contracts.js')) as {
    readonly multicall3Bytecode: Hex;
  };
  return constants.multicall3Bytecode;
}
