import { getContractAddress, keccak256, toHex } from 'viem';
import { hedgeModuleBytecode } from '../../../abis/bytecode/hedgeModule.ts';
import type { Address, Hash, Hex } from '../../core/units.ts';

/** The deterministic deployment proxy (Arachnid, 2020): takes salt ‖ creation code, stands on most chains. */
export const create2Deployer: Address = '0x4e59b44847b379578588920cA78FbF26c0B4956C';

/** One HedgeModule per version of its code serves every vault of a chain. */
export const hedgeModuleSalt: Hash = keccak256(toHex('ballast.HedgeModule'));

/** Where this build's HedgeModule stands, on every chain: its address follows from its code. */
export const hedgeModuleAddress: Address = getContractAddress({
  opcode: 'CREATE2',
  from: create2Deployer,
  salt: hedgeModuleSalt,
  bytecode: hedgeModuleBytecode,
});

/** The transaction that puts the HedgeModule there; anybody may send it, once. */
export const hedgeModuleDeployment: { readonly to: Address; readonly data: Hex } = {
  to: create2Deployer,
  data: `${hedgeModuleSalt}${hedgeModuleBytecode.slice(2)}`,
};
