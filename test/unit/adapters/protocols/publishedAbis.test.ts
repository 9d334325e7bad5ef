import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Abi,
  type AbiFunction,
  type AbiParameter,
  parseAbiItem,
  toEventSelector,
  toFunctionSelector,
} from 'viem';
import { describe, expect, it } from 'vitest';
import { collateralTrackerStandInAbi } from '../../../../abis/collateralTrackerStandIn.ts';
import { crabStandInAbi } from '../../../../abis/crabStandIn.ts';
import { enumerableNftStandInAbi } from '../../../../abis/enumerableNftStandIn.ts';
import { gmxDataStoreStandInAbi } from '../../../../abis/gmxDataStoreStandIn.ts';
import { gmxReaderStandInAbi } from '../../../../abis/gmxReaderStandIn.ts';
import { opynControllerStandInAbi } from '../../../../abis/opynControllerStandIn.ts';
import { opynOracleStandInAbi } from '../../../../abis/opynOracleStandIn.ts';
import { opynOtokenFactoryStandInAbi } from '../../../../abis/opynOtokenFactoryStandIn.ts';
import { otokenStandInAbi } from '../../../../abis/otokenStandIn.ts';
import { panopticPoolStandInAbi } from '../../../../abis/panopticPoolStandIn.ts';
import { premiaOracleAdapterStandInAbi } from '../../../../abis/premiaOracleAdapterStandIn.ts';
import { premiaPoolStandInAbi } from '../../../../abis/premiaPoolStandIn.ts';
import { ribbonThetaVaultStandInAbi } from '../../../../abis/ribbonThetaVaultStandIn.ts';
import { squeethControllerStandInAbi } from '../../../../abis/squeethControllerStandIn.ts';
import { synthetixPerpsStandInAbi } from '../../../../abis/synthetixPerpsStandIn.ts';
import {
  gmxDataStoreAbi,
  gmxReaderAbi,
  savedFundingKey,
} from '../../../../src/adapters/protocols/internal/gmxAbi.ts';
import {
  opynControllerAbi,
  opynOracleAbi,
  opynOtokenAbi,
} from '../../../../src/adapters/protocols/internal/opynAbi.ts';
import { enumerableNftAbi } from '../../../../src/adapters/protocols/internal/ownedNfts.ts';
import {
  collateralTrackerAbi,
  panopticPoolAbi,
} from '../../../../src/adapters/protocols/internal/panopticAbi.ts';
import {
  premiaOracleAdapterAbi,
  premiaPoolAbi,
} from '../../../../src/adapters/protocols/internal/premiaAbi.ts';
import { ribbonVaultAbi } from '../../../../src/adapters/protocols/internal/ribbonAbi.ts';
import { crabAbi, squeethControllerAbi } from '../../../../src/adapters/protocols/internal/squeethAbi.ts';
import { synthetixPerpsAbi } from '../../../../src/adapters/protocols/internal/synthetixAbi.ts';

/** A contract as its authors published it: selector and results of what is read, and signatures of its events. */
interface Published {
  readonly file: string;
  readonly commit: string;
  readonly read: Abi;
  readonly standIn: Abi;
  readonly selectors: Readonly<Record<string, readonly [selector: string, results: string]>>;
  readonly events: readonly string[];
}

const gamma = { file: 'opynAbi.ts', commit: '841f81d9d05da9d27277b5775edfbb48c4012d2a' };
const squeethMonorepo = { file: 'squeethAbi.ts', commit: '6dc8cd9e794831c288273ee16f0aa7d71387f191' };
const panopticCore = { file: 'panopticAbi.ts', commit: '0a333bc1283ac14c4eb2be59110c070b83eb0289' };
const premiaContracts = { file: 'premiaAbi.ts', commit: 'fe3b821ab87a0b98cb6f1142134e2ddaadbc4c4d' };
const gmxSynthetics = { file: 'gmxAbi.ts', commit: 'a5c0c8835182cbd84e47dca04b971239311d2f1d' };

const contracts: Readonly<Record<string, Published>> = {
  'Gamma Controller': {
    ...gamma,
    read: opynControllerAbi,
    standIn: opynControllerStandInAbi,
    selectors: {
      oracle: ['0x7dc0d1d0', 'address'],
      getAccountVaultCounter: ['0xcaa6d21a', 'uint256'],
      getVault: ['0xd99d13f5', '(address[],address[],address[],uint256[],uint256[],uint256[])'],
      isSettlementAllowed: ['0xe723406c', 'bool'],
    },
    events: [
      'event VaultOpened(address indexed, uint256, uint256 indexed)',
      'event ShortOtokenMinted(address indexed, address indexed, address indexed, uint256, uint256)',
      'event VaultSettled(address indexed, address indexed, address, uint256, uint256, uint256 indexed)',
      'event Redeem(address indexed, address indexed, address indexed, address, uint256, uint256)',
    ],
  },
  'Gamma Otoken': {
    ...gamma,
    read: opynOtokenAbi,
    standIn: otokenStandInAbi,
    selectors: {
      balanceOf: ['0x70a08231', 'uint256'],
      underlyingAsset: ['0x7158da7c', 'address'],
      strikeAsset: ['0x17d69bc8', 'address'],
      collateralAsset: ['0xaabaecd6', 'address'],
      strikePrice: ['0xc52987cf', 'uint256'],
      expiryTimestamp: ['0xade6e2aa', 'uint256'],
      isPut: ['0xf3c274a6', 'bool'],
    },
    events: [
      'event Transfer(address indexed, address indexed, uint256)',
      'event Approval(address indexed, address indexed, uint256)',
    ],
  },
  'Gamma OtokenFactory': {
    ...gamma,
    read: [],
    standIn: opynOtokenFactoryStandInAbi,
    selectors: {},
    events: [
      'event OtokenCreated(address, address, address indexed, address indexed, address indexed, uint256, uint256, bool)',
    ],
  },
  'Gamma Oracle': {
    ...gamma,
    read: opynOracleAbi,
    standIn: opynOracleStandInAbi,
    selectors: { getExpiryPrice: ['0x01957f81', 'uint256,bool'] },
    events: ['event ExpiryPriceUpdated(address indexed, uint256 indexed, uint256, uint256)'],
  },
  'Ribbon theta vault': {
    file: 'ribbonAbi.ts',
    commit: '9a7c788f123cf1e82b207b1ddbcddcab14727019',
    read: ribbonVaultAbi,
    standIn: ribbonThetaVaultStandInAbi,
    selectors: {
      vaultParams: ['0x9fcc2d75', 'bool,uint8,address,address,uint56,uint104'],
      vaultState: ['0x2728f333', 'uint16,uint104,uint104,uint128,uint128'],
      optionState: ['0xa083ff17', 'address,address,uint32'],
      GAMMA_CONTROLLER: ['0x1a92f6c2', 'address'],
      lastQueuedWithdrawAmount: ['0x503c70aa', 'uint256'],
      totalSupply: ['0x18160ddd', 'uint256'],
      shares: ['0xce7c2ac2', 'uint256'],
      depositReceipts: ['0x6719b2ee', 'uint16,uint104,uint128'],
      withdrawals: ['0x7a9262a2', 'uint16,uint128'],
      roundPricePerShare: ['0x87153eb1', 'uint256'],
    },
    events: [
      'event OpenShort(address indexed, uint256, address indexed)',
      'event Transfer(address indexed, address indexed, uint256)',
      'event Approval(address indexed, address indexed, uint256)',
    ],
  },
  'Squeeth Controller': {
    ...squeethMonorepo,
    read: squeethControllerAbi,
    standIn: squeethControllerStandInAbi,
    selectors: {
      weth: ['0x3fc8cef3', 'address'],
      quoteCurrency: ['0x82564bca', 'address'],
      wPowerPerp: ['0x7f07b130', 'address'],
      shortPowerPerp: ['0x9d4c9442', 'address'],
      vaults: ['0x8c64ea4a', 'address,uint32,uint96,uint128'],
      normalizationFactor: ['0xd5272584', 'uint128'],
      getExpectedNormalizationFactor: ['0x24f5f531', 'uint256'],
      getDenormalizedMark: ['0xee3189ff', 'uint256'],
      getIndex: ['0x8cd21d7c', 'uint256'],
      isShutDown: ['0xff947525', 'bool'],
      indexForSettlement: ['0xde4a427a', 'uint256'],
    },
    events: [
      'event OpenVault(address, uint256)',
      'event DepositCollateral(address, uint256, uint256)',
      'event MintShort(address, uint256, uint256)',
      'event Shutdown(uint256)',
    ],
  },
  'Squeeth ShortPowerPerp': {
    file: 'ownedNfts.ts',
    commit: '',
    read: enumerableNftAbi,
    standIn: enumerableNftStandInAbi,
    selectors: { balanceOf: ['0x70a08231', 'uint256'], tokenOfOwnerByIndex: ['0x2f745c59', 'uint256'] },
    events: ['event Transfer(address indexed, address indexed, uint256 indexed)'],
  },
  CrabStrategyV2: {
    ...squeethMonorepo,
    read: crabAbi,
    standIn: crabStandInAbi,
    selectors: {
      balanceOf: ['0x70a08231', 'uint256'],
      totalSupply: ['0x18160ddd', 'uint256'],
      powerTokenController: ['0x3dcb0c5d', 'address'],
      getVaultDetails: ['0x533092ef', 'address,uint256,uint256,uint256'],
    },
    events: [
      'event Deposit(address indexed, uint256, uint256)',
      'event Transfer(address indexed, address indexed, uint256)',
      'event Approval(address indexed, address indexed, uint256)',
    ],
  },
  PanopticPool: {
    ...panopticCore,
    read: panopticPoolAbi,
    standIn: panopticPoolStandInAbi,
    selectors: {
      univ3pool: ['0x4f94c530', 'address'],
      collateralToken0: ['0x7594cdc3', 'address'],
      collateralToken1: ['0x4d7b0900', 'address'],
      positionData: ['0x0828a2f8', 'int24,int24,int24,int24,int256,int256,uint128'],
      numberOfPositions: ['0x7f96a064', 'uint256'],
      getAccumulatedFeesAndPositionsData: ['0x2dda106b', 'uint256,uint256,uint256[2][]'],
    },
    events: [
      'event OptionMinted(address indexed, uint128, uint256 indexed, uint128)',
      'event OptionBurnt(address indexed, uint128, uint256 indexed, int256)',
    ],
  },
  CollateralTracker: {
    ...panopticCore,
    read: collateralTrackerAbi,
    standIn: collateralTrackerStandInAbi,
    selectors: {
      balanceOf: ['0x70a08231', 'uint256'],
      totalSupply: ['0x18160ddd', 'uint256'],
      totalAssets: ['0x01e1d114', 'uint256'],
    },
    events: [
      'event Deposit(address indexed, address indexed, uint256, uint256)',
      'event Transfer(address indexed, address indexed, uint256)',
      'event Approval(address indexed, address indexed, uint256)',
    ],
  },
  'Premia pool': {
    ...premiaContracts,
    read: premiaPoolAbi,
    standIn: premiaPoolStandInAbi,
    selectors: {
      getPoolSettings: ['0xe4a0ce2f', 'address,address,address,uint256,uint256,bool'],
      marketPrice: ['0x45a15388', 'uint256'],
      getSettlementPrice: ['0xec2c0e63', 'uint256'],
      getClaimableFees: ['0x2892e828', 'uint256'],
      tokensByAccount: ['0x85bff2e7', 'uint256[]'],
      balanceOf: ['0x00fdd58e', 'uint256'],
    },
    events: ['event SettlementPriceCached(uint256)'],
  },
  'Premia oracle adapter': {
    ...premiaContracts,
    read: premiaOracleAdapterAbi,
    standIn: premiaOracleAdapterStandInAbi,
    selectors: { getPriceAt: ['0xd84c011b', 'uint256'] },
    events: [],
  },
  'GMX Reader': {
    ...gmxSynthetics,
    read: gmxReaderAbi,
    standIn: gmxReaderStandInAbi,
    selectors: {
      getAccountPositions: [
        '0x77cfb162',
        '((address,address,address),(uint256,uint256,uint256,int256,uint256,uint256,uint256,uint256,uint256,uint256),(bool))[]',
      ],
      getMarket: ['0x714af34b', '(address,address,address,address)'],
    },
    events: [],
  },
  'GMX DataStore': {
    ...gmxSynthetics,
    read: gmxDataStoreAbi,
    standIn: gmxDataStoreStandInAbi,
    selectors: { getInt: ['0xdc97d962', 'int256'] },
    events: [],
  },
  'Synthetix PerpsMarketProxy': {
    file: 'synthetixAbi.ts',
    commit: '23585f73c76d625b2a43aaf94dc440a8a1e7a8fa',
    read: synthetixPerpsAbi,
    standIn: synthetixPerpsStandInAbi,
    selectors: {
      getAccountTokenAddress: ['0xa148bf10', 'address'],
      getOpenPosition: ['0x22a73967', 'int256,int256,int128,uint256'],
      getAccountCollateralIds: ['0x9734ba0f', 'uint256[]'],
      getCollateralAmount: ['0x5dbd5c9b', 'uint256'],
      debt: ['0xcafdefbc', 'uint256'],
      indexPrice: ['0x4f778fb4', 'uint256'],
      currentFundingRate: ['0xd435b2a2', 'int256'],
    },
    events: ['event CollateralModified(uint128 indexed, uint128 indexed, int256, address indexed)'],
  },
};

/** Types as a call's answer holds them, tuples spelled out. */
function typesOf(parameters: readonly AbiParameter[]): string {
  return parameters
    .map((parameter) =>
      'components' in parameter
        ? `(${typesOf(parameter.components)})${parameter.type.slice('tuple'.length)}`
        : parameter.type,
    )
    .join(',');
}

const functionsOf = (abi: Abi) => abi.filter((item): item is AbiFunction => item.type === 'function');
const facts = (abi: Abi) =>
  Object.fromEntries(
    functionsOf(abi).map((item) => [item.name, [toFunctionSelector(item), typesOf(item.outputs)]]),
  );

describe.each(Object.entries(contracts))('%s', (_, { file, commit, read, standIn, selectors, events }) => {
  it('is read by the selectors and results that were published', () => {
    expect(facts(read)).toEqual(selectors);
  });

  it('has a stand-in with the same functions, and no event that was not published', () => {
    const stands = functionsOf(standIn).map((item) => [toFunctionSelector(item), typesOf(item.outputs)]);
    for (const published of Object.values(selectors)) expect(stands).toContainEqual(published);
    const topics = events.map((signature) => toEventSelector(parseAbiItem(signature as 'event X()')));
    const indexed = (inputs: readonly AbiParameter[]) =>
      inputs.map((input) => 'indexed' in input && input.indexed === true);
    for (const item of standIn) {
      if (item.type !== 'event') continue;
      const at = topics.indexOf(toEventSelector(item));
      expect(at, item.name).toBeGreaterThanOrEqual(0);
      const published = parseAbiItem(events[at] as 'event X()');
      expect(indexed(item.inputs), item.name).toEqual(indexed(published.inputs));
    }
  });

  it('names the commit that it was taken from', () => {
    const path = join(import.meta.dirname, '../../../../src/adapters/protocols/internal', file);
    expect(readFileSync(path, 'utf8')).toContain(commit);
  });
});

it('GMX keeps the funding factor of a market under the published key', () => {
  // keccak256(abi.encode(keccak256(abi.encode("SAVED_FUNDING_FACTOR_PER_SECOND")), market)), worked out by another library.
  const key = savedFundingKey('0x70d95587d40A2caf56bd97485aB3Eec10Bee6336');
  expect(key).toBe('0x2e710b6b808edef5b63f223b8a7d869c0342fdbcc6859a53637f549caca27386');
});
