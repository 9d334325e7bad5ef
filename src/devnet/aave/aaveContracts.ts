import { encodeAbiParameters, numberToHex, parseAbiParameters } from 'viem';
import type { Address, Hex } from '../../core/units.ts';
import { devnetAccounts } from '../accounts.ts';
import { mainnet } from '../addresses.ts';
import { addresses, at } from '../contracts.ts';
import { DevnetError } from '../errors.ts';
import { npmBytecode, npmLinkedBytecode } from '../node/artifacts.ts';
import type { Placement } from '../node/place.ts';
import { type DevnetReserve, devnetReserves } from './aaveReserves.ts';

const artifacts = '@aave/core-v3/artifacts/contracts';
const NOBODY: Address = '0x0000000000000000000000000000000000000000';
/** Aave's oracle counts in dollars with the feeds' 8 decimals. */
const DOLLAR_UNIT = 100_000_000n;
const RAY = 10n ** 27n;
const MARKET_NAME = 'Aave Ethereum Market';
/** Each library after the ones that it calls. */
const LIBRARIES = [
  'BorrowLogic',
  'BridgeLogic',
  'EModeLogic',
  'FlashLoanLogic',
  'LiquidationLogic',
  'PoolLogic',
  'SupplyLogic',
  'ConfiguratorLogic',
] as const;
const IMPLEMENTATIONS = [
  'Pool',
  'PoolConfigurator',
  'AToken',
  'VariableDebtToken',
  'StableDebtToken',
] as const;

/** Where the code behind the market's proxies and what it calls stands: the devnet's own addresses. */
const codeAt: Readonly<Record<string, Address>> = Object.fromEntries(
  [...LIBRARIES, ...IMPLEMENTATIONS].map((name, index) => [name, ownAddress(0xaa00 + index)]),
);

function ownAddress(index: number): Address {
  return `0xba11a57${numberToHex(index, { size: 17 }).slice(3)}`;
}

/** The code behind one of the market's proxies. */
export function aaveImplementation(name: (typeof IMPLEMENTATIONS)[number]): Address {
  return codeAt[name]!;
}

/** The interest rate strategy of a reserve. */
export function aaveStrategy(reserve: DevnetReserve): Address {
  return ownAddress(0xaa80 + Number(reserve.configuratorNonce));
}

/** What stands on nothing: libraries, the registry, oracle and readers, the pool's code, the rate strategies. */
export function aaveFoundations(): readonly Placement[] {
  const provider = mainnet.aavePoolAddressesProvider;
  const reserves: readonly DevnetReserve[] = Object.values(devnetReserves);
  return installed(() => [
    ...LIBRARIES.map((name) => code(name, `protocol/libraries/logic/${name}`)),
    at(
      'aavePoolAddressesProvider',
      bytecode('protocol/configuration/PoolAddressesProvider'),
      encodeAbiParameters(parseAbiParameters('string, address'), [
        MARKET_NAME,
        devnetAccounts().deployer.address,
      ]),
    ),
    at(
      'aaveOracle',
      bytecode('misc/AaveOracle'),
      encodeAbiParameters(parseAbiParameters('address, address[], address[], address, address, uint256'), [
        provider,
        reserves.map(({ token }) => token.address),
        reserves.map(({ feed }) => feed),
        NOBODY,
        NOBODY,
        DOLLAR_UNIT,
      ]),
    ),
    at('aaveProtocolDataProvider', bytecode('misc/AaveProtocolDataProvider'), addresses(provider)),
    code('Pool', 'protocol/pool/Pool', addresses(provider)),
    code('PoolConfigurator', 'protocol/pool/PoolConfigurator'),
    ...reserves.map(strategy),
  ]);
}

/** What asks the registry or the pool when it is made. */
export function aaveDependents(): readonly Placement[] {
  const pool = addresses(mainnet.aavePool);
  return installed(() => [
    at(
      'aaveAclManager',
      bytecode('protocol/configuration/ACLManager'),
      addresses(mainnet.aavePoolAddressesProvider),
    ),
    ...(['AToken', 'VariableDebtToken', 'StableDebtToken'] as const).map((name) =>
      code(name, `protocol/tokenization/${name}`, pool),
    ),
  ]);
}

function code(name: string, path: string, constructorArguments: Hex = '0x'): Placement {
  return { name, address: codeAt[name]!, creationCode: bytecode(path), constructorArguments };
}

function bytecode(path: string): Hex {
  const file = `${artifacts}/${path}.sol/${path.split('/').at(-1)}.json`;
  return npmLinkedBytecode(file, codeAt);
}

function strategy(reserve: DevnetReserve): Placement {
  const { optimalUsage, slopeBelow, slopeAbove } = reserve.rates;
  const ray = (share: number) => (BigInt(Math.round(share * 1e6)) * RAY) / 1_000_000n;
  return {
    name: `rate strategy of ${reserve.token.symbol}`,
    address: aaveStrategy(reserve),
    creationCode: npmBytecode(
      `${artifacts}/protocol/pool/DefaultReserveInterestRateStrategy.sol/DefaultReserveInterestRateStrategy.json`,
    ),
    constructorArguments: encodeAbiParameters(
      parseAbiParameters(
        'address, uint256, uint256, uint256, uint256, uint256, uint256, uint256, uint256, uint256',
      ),
      [
        mainnet.aavePoolAddressesProvider,
        ray(optimalUsage),
        0n,
        ray(slopeBelow),
        ray(slopeAbove),
        0n,
        0n,
        0n,
        0n,
        0n,
      ],
    ),
  };
}

function installed(placements: () => readonly Placement[]): readonly Placement[] {
  try {
    return placements();
  } catch (cause) {
    if ((cause as { code?: string }).code !== 'MODULE_NOT_FOUND') throw cause;
    throw new DevnetError('Aave v3 is not installed', {
      cause,
      action: 'npm install @aave/core-v3@1.19.3, or start without it',
    });
  }
}
