import { encodeAbiParameters, parseAbiParameters } from 'viem';
import { devnetAggregatorBytecode } from '../../abis/bytecode/devnetAggregator.ts';
import { devnetFeedProxyBytecode } from '../../abis/bytecode/devnetFeedProxy.ts';
import { devnetTetherBytecode } from '../../abis/bytecode/devnetTether.ts';
import { devnetTokenBytecode } from '../../abis/bytecode/devnetToken.ts';
import { opynControllerStandInBytecode } from '../../abis/bytecode/opynControllerStandIn.ts';
import { opynOracleStandInBytecode } from '../../abis/bytecode/opynOracleStandIn.ts';
import { opynOtokenFactoryStandInBytecode } from '../../abis/bytecode/opynOtokenFactoryStandIn.ts';
import type { Address, Hex } from '../core/units.ts';
import { devnetAggregators, mainnet } from './addresses.ts';
import { multicall3Bytecode, npmBytecode } from './node/artifacts.ts';
import type { Placement } from './node/place.ts';

const core = '@uniswap/v3-core/artifacts/contracts';
const periphery = '@uniswap/v3-periphery/artifacts/contracts';
const router = '@uniswap/swap-router-contracts/artifacts/contracts';
const safe = '@safe-global/safe-contracts/build/artifacts/contracts';

/** A constructor argument that is not on the devnet: mainnet's NFT descriptor. */
const NFT_DESCRIPTOR: Address = '0x91ae842A5Ffd8d12023116943e72A606179294f3';

/** Decimals of every USD feed of Chainlink. */
const FEED_DECIMALS = 8;

/** Every contract of the devnet that is put at a fixed address: others' as npm ships them, and our own stand-ins. */
export function devnetPlacements(): readonly Placement[] {
  return [...uniswap(), ...safeContracts(), ...tokens(), ...feeds(), ...opyn()];
}

function uniswap(): Placement[] {
  const { uniswapV3Factory: factory, weth, nonfungiblePositionManager } = mainnet;
  return [
    at('multicall3', multicall3Bytecode()),
    at('uniswapV3Factory', npmBytecode(`${core}/UniswapV3Factory.sol/UniswapV3Factory.json`)),
    at(
      'nonfungiblePositionManager',
      npmBytecode(`${periphery}/NonfungiblePositionManager.sol/NonfungiblePositionManager.json`),
      addresses(factory, weth, NFT_DESCRIPTOR),
    ),
    at('tickLens', npmBytecode(`${periphery}/lens/TickLens.sol/TickLens.json`)),
    at('quoterV2', npmBytecode(`${router}/lens/QuoterV2.sol/QuoterV2.json`), addresses(factory, weth)),
    at(
      'swapRouter02',
      npmBytecode(`${router}/SwapRouter02.sol/SwapRouter02.json`),
      addresses(mainnet.uniswapV2Factory, factory, nonfungiblePositionManager, weth),
    ),
  ];
}

function safeContracts(): Placement[] {
  return [
    at('safeSingleton', npmBytecode(`${safe}/Safe.sol/Safe.json`)),
    at('safeProxyFactory', npmBytecode(`${safe}/proxies/SafeProxyFactory.sol/SafeProxyFactory.json`)),
    at(
      'safeFallbackHandler',
      npmBytecode(`${safe}/handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler.json`),
    ),
    at('multiSend', npmBytecode(`${safe}/libraries/MultiSend.sol/MultiSend.json`)),
    at('multiSendCallOnly', npmBytecode(`${safe}/libraries/MultiSendCallOnly.sol/MultiSendCallOnly.json`)),
  ];
}

function tokens(): Placement[] {
  const described = parseAbiParameters('string, string, uint8');
  return [
    at('weth', npmBytecode('canonical-weth/build/contracts/WETH9.json')),
    at('usdc', devnetTokenBytecode, encodeAbiParameters(described, ['USD Coin', 'USDC', 6])),
    at('usdt', devnetTetherBytecode),
    at('wbtc', devnetTokenBytecode, encodeAbiParameters(described, ['Wrapped BTC', 'WBTC', 8])),
  ];
}

function feeds(): Placement[] {
  const feed = (symbol: 'eth' | 'usdc' | 'usdt'): Placement[] => {
    const aggregator = devnetAggregators[`${symbol}Usd`];
    const described = encodeAbiParameters(parseAbiParameters('uint8, string'), [
      FEED_DECIMALS,
      `${symbol.toUpperCase()} / USD`,
    ]);
    return [
      {
        name: `${symbol}UsdAggregator`,
        address: aggregator,
        creationCode: devnetAggregatorBytecode,
        constructorArguments: described,
      },
      at(`${symbol}UsdFeed`, devnetFeedProxyBytecode, addresses(aggregator)),
    ];
  };
  return [...feed('eth'), ...feed('usdc'), ...feed('usdt')];
}

function opyn(): Placement[] {
  return [
    at('opynOracle', opynOracleStandInBytecode),
    at('opynController', opynControllerStandInBytecode, addresses(mainnet.opynOracle)),
    at('opynOtokenFactory', opynOtokenFactoryStandInBytecode, addresses(mainnet.opynController)),
  ];
}

/** Puts code at one of mainnet's addresses. */
export function at(
  name: keyof typeof mainnet,
  creationCode: Hex,
  constructorArguments: Hex = '0x',
): Placement {
  return { name, address: mainnet[name], creationCode, constructorArguments };
}

/** Addresses as constructor arguments. */
export function addresses(...list: readonly Address[]): Hex {
  return encodeAbiParameters(
    list.map(() => ({ type: 'address' }) as const),
    list,
  );
}
