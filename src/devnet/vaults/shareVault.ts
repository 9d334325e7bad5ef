import { encodeAbiParameters, encodeFunctionData, parseAbiParameters } from 'viem';
import { devnetShareVaultBytecode } from '../../../abis/bytecode/devnetShareVault.ts';
import { wrappedTokenStandInBytecode } from '../../../abis/bytecode/wrappedTokenStandIn.ts';
import { devnetShareVaultAbi } from '../../../abis/devnetShareVault.ts';
import { type Address, type Token, toRawUp } from '../../core/units.ts';
import { addresses } from '../contracts.ts';
import type { Devnet } from '../devnet.ts';
import { type Placement, placeContracts } from '../node/place.ts';
import { type Call, callOf } from '../node/transactions.ts';
import { approveCall } from '../seed.ts';

/** Where the devnet's ERC-4626 vault and its wrapped staked ether stand. */
export const devnetShares = {
  shareVault: '0xBa11A57000000000000000000000000000000201',
  wstEth: '0x7f39C581F595B53c5cb19bD0b3f8dA6c935E2Ca0',
} as const satisfies Readonly<Record<string, Address>>;

const WAD_DECIMALS = 18;

/** Puts OpenZeppelin's ERC-4626 vault for an asset on a devnet, in one block. @throws DevnetError when it fails */
export function placeShareVault(devnet: Devnet, asset: Token): Promise<void> {
  return placeOne(devnet, {
    name: 'share vault',
    address: devnetShares.shareVault,
    creationCode: devnetShareVaultBytecode,
    constructorArguments: addresses(asset.address),
  });
}

/** Puts a stand-in for wstETH on a devnet, in one block. @param rate staked ether that one token stands for */
export function placeWrappedEther(devnet: Devnet, rate: number): Promise<void> {
  return placeOne(devnet, {
    name: 'wstETH stand-in',
    address: devnetShares.wstEth,
    creationCode: wrappedTokenStandInBytecode,
    constructorArguments: encodeAbiParameters(parseAbiParameters('string, string, uint8, uint256'), [
      'Wrapped liquid staked Ether 2.0',
      'wstETH',
      WAD_DECIMALS,
      toRawUp(rate, WAD_DECIMALS),
    ]),
  });
}

/** Calls by which an account puts tokens that it has into the share vault. */
export function depositSharesCalls(account: Address, asset: Token, amount: number): readonly Call[] {
  const amountRaw = toRawUp(amount, asset.decimals);
  return [
    approveCall(asset.address, devnetShares.shareVault, amountRaw),
    callOf(devnetShares.shareVault, devnetShareVaultAbi, 'deposit', [amountRaw, account]),
  ];
}

/** A call that the share vault is made to make. */
export function asShareVault({ to, data, label }: Call): Call {
  const made = encodeFunctionData({ abi: devnetShareVaultAbi, functionName: 'execute', args: [to, data] });
  return { label: `${label} by the share vault`, to: devnetShares.shareVault, data: made };
}

async function placeOne({ node, accounts, mineBlock }: Devnet, placement: Placement): Promise<void> {
  await placeContracts(node, accounts.deployer.address, [placement], () => mineBlock());
}
