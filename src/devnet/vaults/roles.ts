import { createRequire } from 'node:module';
import {
  concatHex,
  encodeAbiParameters,
  encodeFunctionData,
  getContractAddress,
  parseAbiParameters,
} from 'viem';
import { rolesAbi } from '../../../abis/roles.ts';
import { create2Deployer } from '../../adapters/chain/deployment.ts';
import { roleCalls } from '../../adapters/chain/roles/setup.ts';
import type { RoleTerms } from '../../adapters/chain/roles/terms.ts';
import type { Address, Hex } from '../../core/units.ts';
import { mainnet } from '../addresses.ts';
import { addresses } from '../contracts.ts';
import { DevnetError } from '../errors.ts';
import type { Placement } from '../node/place.ts';
import { placeContracts } from '../node/place.ts';
import type { Call } from '../node/transactions.ts';
import { devnetTokens } from '../pools/pools.ts';
import { createSafe, type DevnetSafe, type TokenAmount, type VaultTools } from './vaults.ts';

/** Where the devnet keeps the Roles modifier that every Safe's own is a clone of, and the libraries of it. */
const MASTERCOPY: Address = '0xba11a57000000000000000000000000000000006';
const INTEGRITY: Address = '0xba11a57000000000000000000000000000000007';
const PACKER: Address = '0xba11a57000000000000000000000000000000008';
/** Where ERC-2470 has its factory on every chain, by which Roles stores conditions, and the code that stands there. */
const ERC_2470: Address = '0xce0042B868300000d44A59004Da54A005ffdcf9f';
const ERC_2470_CODE: Hex =
  '0x6080604052348015600f57600080fd5b506004361060285760003560e01c80634af63f0214602d575b600080fd5b60cf60048036036040811015604157600080fd5b810190602081018135640100000000811115605b57600080fd5b820183602082011115606c57600080fd5b80359060200191846001830284011164010000000083111715608d57600080fd5b91908080601f016020809104026020016040519081016040528093929190818152602001838380828437600092019190915250929550509135925060eb915050565b604080516001600160a01b039092168252519081900360200190f35b6000818351602085016000f5939250505056fea26469706673582212206b44f8a82cb6b156bfcc3dc6aadd6df4eefd204bc928a4397fd15dacf6d5320564736f6c63430006020033';
/** What the linker replaces in the code of Roles. */
const INTEGRITY_PLACEHOLDER = '__$2cd9b773a3c3e0b461f7ad54b09f46e6ae$__';
const PACKER_PLACEHOLDER = '__$1416e18a31f8412bde5440018f19e21267$__';

/** A Safe whose keeper has a role. */
export interface DevnetRolesSafe extends DevnetSafe {
  /** What the role allows. */
  readonly terms: RoleTerms;
}

/** How a Safe with a role is made. */
export interface RolesSafeOptions {
  /** Replaces parts of the devnet's usual role: both USDC pools, 1,000 WETH and 3,000,000 USDC a day, 1,500 to 6,000. */
  readonly terms?: Partial<RoleTerms>;
  /** What it holds at the start. */
  readonly holdings?: readonly TokenAmount[];
}

interface Artifact {
  readonly bytecode: string;
}

/** Makes a Safe 1.4.1 with a Zodiac Roles modifier of its own, and gives the devnet's keeper the role in it. */
export async function createRolesSafe(
  tools: VaultTools,
  options: RolesSafeOptions = {},
): Promise<DevnetRolesSafe> {
  const { node, accounts } = tools;
  const isPlaced = (await node.request<Hex>('eth_getCode', [MASTERCOPY, 'latest'])) !== '0x';
  if (!isPlaced) await placeRoles(tools);
  const safe = await createSafe(tools, { mandate: null, holdings: options.holdings ?? [] });
  const { roles, calls } = ownModifier(safe.address);
  const terms: RoleTerms = { ...defaultRole(safe.address, roles), ...options.terms };
  const fresh = {
    isEnabled: false,
    approvedBaseRaw: 0n,
    approvedQuoteRaw: 0n,
    isCounting: false,
    members: [],
  };
  const setup = roleCalls(terms, [accounts.keeper.address], fresh);
  await tools.transact([{ from: accounts.user, calls }]);
  await safe.execute(setup.map(({ title, to, data }) => ({ label: title, to, data })));
  return { ...safe, terms };
}

function defaultRole(account: Address, roles: Address): RoleTerms {
  const { weth, usdc } = devnetTokens;
  return {
    account,
    base: weth,
    quote: usdc,
    roles,
    role: 'ballast',
    router: mainnet.swapRouter02,
    factory: mainnet.uniswapV3Factory,
    fees: [500, 3_000],
    sellPerDayRaw: 1_000n * 10n ** 18n,
    spendPerDayRaw: 3_000_000n * 10n ** 6n,
    minPrice: 1_500,
    maxPrice: 6_000,
  };
}

/** A clone of the modifier (EIP-1167) that belongs to, acts for and calls as the Safe. */
function ownModifier(safe: Address): { readonly roles: Address; readonly calls: readonly Call[] } {
  const salt = `0x${safe.slice(2).padStart(64, '0')}` as const;
  const bytecode = concatHex([
    '0x3d602d80600a3d3981f3363d3d373d3d3d363d73',
    MASTERCOPY,
    '0x5af43d82803e903d91602b57fd5bf3',
  ]);
  const roles = getContractAddress({ opcode: 'CREATE2', from: create2Deployer, salt, bytecode });
  const initial = encodeAbiParameters(parseAbiParameters('address, address, address'), [safe, safe, safe]);
  const setUp = encodeFunctionData({ abi: rolesAbi, functionName: 'setUp', args: [initial] });
  return {
    roles,
    calls: [
      { label: 'clone Roles', to: create2Deployer, data: concatHex([salt, bytecode]) },
      { label: 'setUp', to: roles, data: setUp },
    ],
  };
}

/** Puts the real code at fixed addresses: as npm ships it, Roles is larger than a contract may be when it is deployed. */
async function placeRoles({ node, accounts, transact }: VaultTools): Promise<void> {
  await node.request('anvil_setCode', [ERC_2470, ERC_2470_CODE]);
  const from = accounts.deployer.address;
  await placeContracts(node, from, placements(), () => transact([]));
}

function placements(): readonly Placement[] {
  const { roles, integrity, packer } = artifacts();
  const linked = roles.bytecode
    .replaceAll(INTEGRITY_PLACEHOLDER, INTEGRITY.slice(2))
    .replaceAll(PACKER_PLACEHOLDER, PACKER.slice(2)) as Hex;
  const nobody = addresses(MASTERCOPY, MASTERCOPY, MASTERCOPY);
  return [
    { name: 'Roles', address: MASTERCOPY, creationCode: linked, constructorArguments: nobody },
    { name: 'Integrity', address: INTEGRITY, creationCode: integrity.bytecode as Hex },
    { name: 'Packer', address: PACKER, creationCode: packer.bytecode as Hex },
  ];
}

function artifacts(): { readonly roles: Artifact; readonly integrity: Artifact; readonly packer: Artifact } {
  try {
    const found = createRequire(import.meta.url)('zodiac-roles-sdk/typechain') as Readonly<
      Record<'Roles__factory' | 'Integrity__factory' | 'Packer__factory', Artifact>
    >;
    return {
      roles: found.Roles__factory,
      integrity: found.Integrity__factory,
      packer: found.Packer__factory,
    };
  } catch (cause) {
    throw new DevnetError('Zodiac Roles is not installed', {
      cause,
      action: 'npm install zodiac-roles-sdk@3.4.8, or do without a Safe of this kind',
    });
  }
}
