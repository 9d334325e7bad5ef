import { aaveAclManagerAbi } from '../../../abis/aaveAclManager.ts';
import { aavePoolAbi } from '../../../abis/aavePool.ts';
import { aavePoolAddressesProviderAbi } from '../../../abis/aavePoolAddressesProvider.ts';
import { aavePoolConfiguratorAbi } from '../../../abis/aavePoolConfigurator.ts';
import { type Address, type Token, toRawUp } from '../../core/units.ts';
import type { DevnetAccounts } from '../accounts.ts';
import { mainnet } from '../addresses.ts';
import type { BlockBuilder } from '../market/blocks.ts';
import type { AnvilNode } from '../node/node.ts';
import { placeContracts } from '../node/place.ts';
import { type Call, callOf, sendCalls } from '../node/transactions.ts';
import { approveCall, fundCall } from '../seed.ts';
import { aaveDependents, aaveFoundations, aaveImplementation, aaveStrategy } from './aaveContracts.ts';
import { type DevnetReserve, devnetReserves, etherEMode } from './aaveReserves.ts';

/** A devnet that has its tokens and feeds. */
export interface LendingSetUp {
  readonly node: AnvilNode;
  readonly builder: BlockBuilder;
  readonly accounts: DevnetAccounts;
}

const NOBODY: Address = '0x0000000000000000000000000000000000000000';
const VARIABLE_RATE = 2n;
const NO_REFERRAL = 0;
/** Repays all that is owed, or withdraws all that is there. */
const AAVE_ALL = (1n << 256n) - 1n;

/**
 * Puts Aave v3's core market in place at mainnet's addresses, lists its reserves and gives them liquidity, in a few
 * blocks of one second. Its oracle reads the devnet's feeds, which must have answered.
 *
 * @throws DevnetError when a step fails, or the package is not installed
 */
export async function openAave({ node, builder, accounts }: LendingSetUp): Promise<void> {
  const { deployer, liquidityProvider } = accounts;
  const mine = async () => builder.build({ timestampSeconds: (await node.head()).timestampSeconds + 1 });
  const run = async (from: Address, calls: readonly Call[]) => {
    const sent = await sendCalls(node, from, calls);
    await mine();
    await sent.confirm();
  };
  const { aavePoolAddressesProvider: provider, aavePoolConfigurator: configurator } = mainnet;
  await placeContracts(node, deployer.address, aaveFoundations(), mine);
  // A contract that was created counts from 1; the proxies' addresses follow from it.
  await node.request('anvil_setNonce', [provider, 1n]);
  await run(deployer.address, registryCalls(deployer.address));
  await placeContracts(node, deployer.address, aaveDependents(), mine);
  await run(deployer.address, roleCalls(deployer.address));
  for (const reserve of Object.values<DevnetReserve>(devnetReserves)) {
    await node.request('anvil_setNonce', [configurator, reserve.configuratorNonce]);
    await run(deployer.address, listingCalls(reserve));
  }
  await run(deployer.address, eModeCalls());
  await run(liquidityProvider.address, seedCalls(liquidityProvider.address));
}

/** Calls by which an account lends tokens that it has; they count as its collateral from then on. */
export function aaveSupplyCalls(account: Address, token: Token, amount: number): readonly Call[] {
  const amountRaw = toRawUp(amount, token.decimals);
  return [
    approveCall(token.address, mainnet.aavePool, 0n),
    approveCall(token.address, mainnet.aavePool, amountRaw),
    callOf(mainnet.aavePool, aavePoolAbi, 'supply', [token.address, amountRaw, account, NO_REFERRAL]),
  ];
}

/** The call by which an account borrows at the variable rate. */
export function aaveBorrowCall(account: Address, token: Token, amount: number): Call {
  const amountRaw = toRawUp(amount, token.decimals);
  const args = [token.address, amountRaw, VARIABLE_RATE, NO_REFERRAL, account] as const;
  return callOf(mainnet.aavePool, aavePoolAbi, 'borrow', args);
}

/** Calls by which an account pays back what it owes at the variable rate. @param amount whole tokens, or `all` */
export function aaveRepayCalls(account: Address, token: Token, amount: number | 'all'): readonly Call[] {
  const amountRaw = amount === 'all' ? AAVE_ALL : toRawUp(amount, token.decimals);
  return [
    approveCall(token.address, mainnet.aavePool, 0n),
    approveCall(token.address, mainnet.aavePool, amountRaw),
    callOf(mainnet.aavePool, aavePoolAbi, 'repay', [token.address, amountRaw, VARIABLE_RATE, account]),
  ];
}

/** The call by which an account takes back what it lent. @param amount whole tokens, or `all` */
export function aaveWithdrawCall(account: Address, token: Token, amount: number | 'all'): Call {
  const amountRaw = amount === 'all' ? AAVE_ALL : toRawUp(amount, token.decimals);
  return callOf(mainnet.aavePool, aavePoolAbi, 'withdraw', [token.address, amountRaw, account]);
}

function registryCalls(admin: Address): readonly Call[] {
  const provider = mainnet.aavePoolAddressesProvider;
  const abi = aavePoolAddressesProviderAbi;
  return [
    callOf(provider, abi, 'setACLAdmin', [admin]),
    callOf(provider, abi, 'setPriceOracle', [mainnet.aaveOracle]),
    callOf(provider, abi, 'setPoolDataProvider', [mainnet.aaveProtocolDataProvider]),
    callOf(provider, abi, 'setPoolImpl', [aaveImplementation('Pool')]),
    callOf(provider, abi, 'setPoolConfiguratorImpl', [aaveImplementation('PoolConfigurator')]),
  ];
}

function roleCalls(admin: Address): readonly Call[] {
  const { aavePoolAddressesProvider: provider, aaveAclManager: manager } = mainnet;
  return [
    callOf(provider, aavePoolAddressesProviderAbi, 'setACLManager', [manager]),
    callOf(manager, aaveAclManagerAbi, 'addPoolAdmin', [admin]),
    callOf(manager, aaveAclManagerAbi, 'addEmergencyAdmin', [admin]),
  ];
}

function listingCalls(reserve: DevnetReserve): readonly Call[] {
  const { token, loanToValueBps, liquidationThresholdBps, liquidationBonusBps } = reserve;
  const configurator = mainnet.aavePoolConfigurator;
  const abi = aavePoolConfiguratorAbi;
  const { symbol, address, decimals } = token;
  const input = {
    aTokenImpl: aaveImplementation('AToken'),
    stableDebtTokenImpl: aaveImplementation('StableDebtToken'),
    variableDebtTokenImpl: aaveImplementation('VariableDebtToken'),
    underlyingAssetDecimals: decimals,
    interestRateStrategyAddress: aaveStrategy(reserve),
    underlyingAsset: address,
    treasury: configurator,
    incentivesController: NOBODY,
    aTokenName: `Aave Ethereum ${symbol}`,
    aTokenSymbol: `aEth${symbol}`,
    variableDebtTokenName: `Aave Ethereum Variable Debt ${symbol}`,
    variableDebtTokenSymbol: `variableDebtEth${symbol}`,
    stableDebtTokenName: `Aave Ethereum Stable Debt ${symbol}`,
    stableDebtTokenSymbol: `stableDebtEth${symbol}`,
    params: '0x',
  } as const;
  return [
    callOf(configurator, abi, 'initReserves', [[input]]),
    callOf(configurator, abi, 'configureReserveAsCollateral', [
      address,
      loanToValueBps,
      liquidationThresholdBps,
      liquidationBonusBps,
    ]),
    callOf(configurator, abi, 'setReserveBorrowing', [address, true]),
    callOf(configurator, abi, 'setReserveFactor', [address, reserve.reserveFactorBps]),
    callOf(configurator, abi, 'setSupplyCap', [address, reserve.supplyCap]),
    callOf(configurator, abi, 'setBorrowCap', [address, reserve.borrowCap]),
  ];
}

function eModeCalls(): readonly Call[] {
  const { category, label, loanToValueBps, liquidationThresholdBps, liquidationBonusBps } = etherEMode;
  const configurator = mainnet.aavePoolConfigurator;
  const abi = aavePoolConfiguratorAbi;
  return [
    callOf(configurator, abi, 'setEModeCategory', [
      category,
      loanToValueBps,
      liquidationThresholdBps,
      liquidationBonusBps,
      NOBODY,
      label,
    ]),
    ...Object.values<DevnetReserve>(devnetReserves)
      .filter(({ eModeCategory }) => eModeCategory !== 0)
      .map(({ token, eModeCategory }) =>
        callOf(configurator, abi, 'setAssetEModeCategory', [token.address, eModeCategory]),
      ),
  ];
}

/** The lender of the devnet supplies all first and borrows then, so that its collateral carries its debt. */
function seedCalls(lender: Address): readonly Call[] {
  const reserves: readonly DevnetReserve[] = Object.values(devnetReserves);
  return [
    ...reserves.flatMap(({ token, seed }) => [
      ...fundCall(token.address, lender, toRawUp(seed.supplied, token.decimals)),
      ...aaveSupplyCalls(lender, token, seed.supplied),
    ]),
    ...reserves.map(({ token, seed }) => aaveBorrowCall(lender, token, seed.borrowed)),
  ];
}
