import {
  type Abi,
  concatHex,
  encodeDeployData,
  encodeFunctionData,
  getContractAddress,
  pad,
  toHex,
} from 'viem';
import { Integrity__factory, Packer__factory, Roles__factory } from 'zodiac-roles-sdk/typechain';
import { safeAbi } from '../../abis/safe.ts';
import { create2Deployer } from '../../src/adapters/chain/deployment.ts';
import type { Address, Hex } from '../../src/core/units.ts';
import type { Call, Devnet } from '../../src/devnet/index.ts';
import { callOf } from '../../src/devnet/index.ts';
import { ALLOWANCE, type RoleScope } from './rolesScopes.ts';

/** As npm ships it, Roles is larger than a contract may be on Ethereum: anvil's flags for it. */
export const rolesAnvilFlags = ['--code-size-limit', '40000'] as const;

/** Where ERC-2470 puts its factory on every chain, by which Roles stores conditions, and the code that stands there. */
const ERC_2470_ADDRESS: Address = '0xce0042B868300000d44A59004Da54A005ffdcf9f';
const ERC_2470_CODE: Hex =
  '0x6080604052348015600f57600080fd5b506004361060285760003560e01c80634af63f0214602d575b600080fd5b60cf60048036036040811015604157600080fd5b810190602081018135640100000000811115605b57600080fd5b820183602082011115606c57600080fd5b80359060200191846001830284011164010000000083111715608d57600080fd5b91908080601f016020809104026020016040519081016040528093929190818152602001838380828437600092019190915250929550509135925060eb915050565b604080516001600160a01b039092168252519081900360200190f35b6000818351602085016000f5939250505056fea26469706673582212206b44f8a82cb6b156bfcc3dc6aadd6df4eefd204bc928a4397fd15dacf6d5320564736f6c63430006020033';
/** Placeholders that the linker replaces in the bytecode of Roles. */
const INTEGRITY_PLACEHOLDER = '__$2cd9b773a3c3e0b461f7ad54b09f46e6ae$__';
const PACKER_PLACEHOLDER = '__$1416e18a31f8412bde5440018f19e21267$__';

const SALT = pad('0x01');
const ROLE = pad(toHex('hedger'), { dir: 'right' });
const rolesAbi = Roles__factory.abi as unknown as Abi;

/** The nearest thing there was: a Safe whose keeper may make one kind of swap of WETH for USDC, a daily allowance at most. */
export interface RolesVault {
  /** Wraps a call of the router so that the keeper sends it through the role. */
  throughRole(router: Call): Call;
  readonly safe: Address;
}

/** Makes a Safe with real Zodiac Roles on it and 10 WETH in it. */
export async function createRolesVault(devnet: Devnet, scope: RoleScope): Promise<RolesVault> {
  const { accounts, tokens } = devnet;
  await devnet.node.request('anvil_setCode', [ERC_2470_ADDRESS, ERC_2470_CODE]);
  const safe = await devnet.createSafe({ mandate: null, holdings: [{ token: tokens.weth, amount: 10 }] });
  const roles = await deployRoles(devnet, safe.address);
  await safe.execute([callOf(safe.address, safeAbi, 'enableModule', [roles]), ...scope.approvals]);
  const conditions = scope.conditions.map(([parent, paramType, operator, compValue]) => ({
    parent,
    paramType,
    operator,
    compValue,
  }));
  const daily = 20n * 10n ** 18n;
  await devnet.transact(accounts.owner, [
    rolesCall(roles, 'assignRoles', [accounts.keeper.address, [ROLE], [true]]),
    rolesCall(roles, 'scopeTarget', [ROLE, scope.target]),
    rolesCall(roles, 'setAllowance', [ALLOWANCE, daily, daily, daily, 86_400n, 0n]),
    rolesCall(roles, 'scopeFunction', [ROLE, scope.target, scope.selector, conditions, 0]),
  ]);
  return {
    safe: safe.address,
    throughRole: ({ to, data }) => rolesCall(roles, 'execTransactionWithRole', [to, 0n, data, 0, ROLE, true]),
  };
}

async function deployRoles(devnet: Devnet, safe: Address): Promise<Address> {
  const integrity = await deploy(devnet, Integrity__factory.bytecode as Hex);
  const packer = await deploy(devnet, Packer__factory.bytecode as Hex);
  const linked = Roles__factory.bytecode
    .replaceAll(INTEGRITY_PLACEHOLDER, integrity.slice(2))
    .replaceAll(PACKER_PLACEHOLDER, packer.slice(2)) as Hex;
  const args = [devnet.accounts.owner.address, safe, safe];
  return deploy(devnet, encodeDeployData({ abi: rolesAbi, bytecode: linked, args }));
}

/** The libraries are the same for every vault: they are deployed once. */
async function deploy(devnet: Devnet, bytecode: Hex): Promise<Address> {
  const address = getContractAddress({ opcode: 'CREATE2', from: create2Deployer, salt: SALT, bytecode });
  if ((await devnet.node.request('eth_getCode', [address, 'latest'])) !== '0x') return address;
  await devnet.transact(devnet.accounts.user, [
    { label: 'deploy', to: create2Deployer, data: concatHex([SALT, bytecode]) },
  ]);
  return address;
}

function rolesCall(roles: Address, functionName: string, args: readonly unknown[]): Call {
  return { label: functionName, to: roles, data: encodeFunctionData({ abi: rolesAbi, functionName, args }) };
}
