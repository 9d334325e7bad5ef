import { getContractAddress, keccak256, toHex } from 'viem';
import { hedgeModuleBytecode } from '../../../abis/bytecode/hedgeModule.ts';
import type { Address, Hex } from '../../core/units.ts';

/** The deterministic deployment proxy (Arachnid, 2020): takes salt ‖ creation code, stands on most chains. */
export const create2Deployer: Address = '0x4e59b44847b379578588920cA78FbF26c0B4956C';

/** A HedgeModule of this build: where it stands, and the transaction that puts it there; anybody may send it, once. */
export interface ModuleDeployment {
  readonly address: Address;
  readonly to: Address;
  readonly data: Hex;
}

/**
 * The HedgeModule of this build under a name. It holds one mandate for each account, so an account with several underlyings
 * needs as many modules: the same code under other names. The address follows from code and name, on every chain.
 *
 * @param name empty for the one that serves all accounts of one underlying
 */
export function moduleDeployment(name = ''): ModuleDeployment {
  const salt = keccak256(toHex(name === '' ? 'ballast.HedgeModule' : `ballast.HedgeModule ${name}`));
  return {
    address: getContractAddress({
      opcode: 'CREATE2',
      from: create2Deployer,
      salt,
      bytecode: hedgeModuleBytecode,
    }),
    to: create2Deployer,
    data: `${salt}${hedgeModuleBytecode.slice(2)}`,
  };
}

/** The transaction that puts this build's HedgeModule in its place. */
export const hedgeModuleDeployment: ModuleDeployment = moduleDeployment();

/** Where this build's HedgeModule stands, on every chain. */
export const hedgeModuleAddress: Address = hedgeModuleDeployment.address;
