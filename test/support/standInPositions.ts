import type { Abi } from 'viem';
import { collateralTrackerStandInAbi } from '../../abis/collateralTrackerStandIn.ts';
import { crabStandInAbi } from '../../abis/crabStandIn.ts';
import { enumerableNftStandInAbi } from '../../abis/enumerableNftStandIn.ts';
import { gmxDataStoreStandInAbi } from '../../abis/gmxDataStoreStandIn.ts';
import { gmxReaderStandInAbi } from '../../abis/gmxReaderStandIn.ts';
import { panopticPoolStandInAbi } from '../../abis/panopticPoolStandIn.ts';
import { premiaPoolStandInAbi } from '../../abis/premiaPoolStandIn.ts';
import { ribbonThetaVaultStandInAbi } from '../../abis/ribbonThetaVaultStandIn.ts';
import { squeethControllerStandInAbi } from '../../abis/squeethControllerStandIn.ts';
import { synthetixPerpsStandInAbi } from '../../abis/synthetixPerpsStandIn.ts';
import { savedFundingKey } from '../../src/adapters/protocols/internal/gmxAbi.ts';
import { panoptic } from '../../src/adapters/protocols/panoptic.ts';
import type { Address } from '../../src/core/units.ts';
import { callOf, type Devnet, type DevnetSafe, placeStandIns, standIns } from '../../src/devnet/index.ts';

const ETHER = 10n ** 18n;
/** Token1 over token0 in USDC/WETH at about 3,000 dollars. */
const TICK_AT_3000 = 196_256;
/** A GMX market of the tests. */
export const gmxEthMarket: Address = '0x70d95587d40A2caf56bd97485aB3Eec10Bee6336';
/** A range order of the Premia pool: collateral that becomes shorts from 0.1 to 0.2, operated by nobody. */
const premiaRangeId = (1n << 252n) + (1n << 180n) + (200n << 10n) + 100n;

const call = (to: Address, abi: Abi, name: string, args: readonly unknown[], valueWei?: bigint) =>
  callOf(to, abi, name, args as never, valueWei);

/**
 * Puts every stand-in on a devnet and gives a Safe something in each.
 *
 * @param otoken a call that the theta vault sells, in WETH
 */
export async function giveStandInPositions(devnet: Devnet, safe: DevnetSafe, otoken: Address): Promise<void> {
  await placeStandIns(devnet, ['squeeth', 'ribbon', 'panoptic', 'premia', 'gmx', 'synthetix']);
  const { user } = devnet.accounts;
  const { weth, usdc } = devnet.tokens;
  await devnet.setEther(safe.address, 10n * ETHER);
  await devnet.fund(standIns.ribbonVault, [{ token: weth, amount: 100 }]);
  await safe.execute([
    call(
      standIns.squeethController,
      squeethControllerStandInAbi,
      'mintWPowerPerpAmount',
      [0n, 12n * ETHER, 0n],
      6n * ETHER,
    ),
  ]);
  const { ribbonVault, panopticPool, premiaPool, gmxReader, gmxDataStore, synthetixPerps } = standIns;
  await devnet.transact(user, [
    call(standIns.squeethController, squeethControllerStandInAbi, 'setMarket', [
      (55n * ETHER) / 100n,
      (54n * ETHER) / 100n,
      (112n * ETHER) / 100n,
    ]),
    call(standIns.crab, crabStandInAbi, 'depositAndMint', [8n * ETHER, safe.address], 4n * ETHER),
    call(standIns.crab, crabStandInAbi, 'depositAndMint', [8n * ETHER, user.address], 4n * ETHER),
    call(ribbonVault, ribbonThetaVaultStandInAbi, 'writeOption', [
      otoken,
      60_00000000n,
      60n * ETHER,
      user.address,
    ]),
    call(ribbonVault, ribbonThetaVaultStandInAbi, 'mint', [safe.address, 25n * ETHER]),
    call(ribbonVault, ribbonThetaVaultStandInAbi, 'mint', [user.address, 75n * ETHER]),
  ]);
  await devnet.transact(user, [
    call(panopticPool, panopticPoolStandInAbi, 'mintOption', [
      safe.address,
      BigInt((panoptic.sample as { tokenIds: string[] }).tokenIds[0]!),
      5n * ETHER,
      TICK_AT_3000,
    ]),
    call(panopticPool, panopticPoolStandInAbi, 'setPremium', [
      safe.address,
      (ETHER << 128n) / 100n + 7_000_000n,
      0n,
    ]),
    call(standIns.panopticCollateral0, collateralTrackerStandInAbi, 'deposit', [
      safe.address,
      9_000_000_000n,
      9_000_000n,
    ]),
    call(premiaPool, premiaPoolStandInAbi, 'setBalance', [safe.address, 0n, 3n * ETHER]),
    call(premiaPool, premiaPoolStandInAbi, 'setBalance', [safe.address, premiaRangeId, 10n * ETHER]),
    call(premiaPool, premiaPoolStandInAbi, 'setMarketPrice', [(15n * ETHER) / 100n]),
  ]);
  await devnet.transact(user, [
    call(gmxReader, gmxReaderStandInAbi, 'setMarket', [
      {
        marketToken: gmxEthMarket,
        indexToken: weth.address,
        longToken: weth.address,
        shortToken: usdc.address,
      },
    ]),
    call(gmxReader, gmxReaderStandInAbi, 'addPosition', [gmxShort(safe.address, usdc.address)]),
    call(gmxDataStore, gmxDataStoreStandInAbi, 'setInt', [savedFundingKey(gmxEthMarket), 10n ** 22n]),
    call(standIns.synthetixAccounts, enumerableNftStandInAbi, 'mintNFT', [safe.address]),
    call(synthetixPerps, synthetixPerpsStandInAbi, 'setMarket', [100n, 3_000n * ETHER, ETHER / 1_000n]),
    call(synthetixPerps, synthetixPerpsStandInAbi, 'setPosition', [
      1n,
      100n,
      { size: -4n * ETHER, entryPrice: 3_100n * ETHER, accruedFunding: -5n * ETHER, owedInterest: ETHER },
    ]),
    call(synthetixPerps, synthetixPerpsStandInAbi, 'modifyCollateral', [1n, 0n, 2_000n * ETHER]),
  ]);
}

/** A short of 2 ether opened at 3,200 dollars, backed by 1,500 USDC. */
export function gmxShort(account: Address, collateralToken: Address) {
  return {
    addresses: { account, market: gmxEthMarket, collateralToken },
    numbers: {
      sizeInUsd: 6_400n * 10n ** 30n,
      sizeInTokens: 2n * ETHER,
      collateralAmount: 1_500_000_000n,
      pendingImpactAmount: -(ETHER / 1_000n),
      borrowingFactor: 0n,
      fundingFeeAmountPerSize: 0n,
      longTokenClaimableFundingAmountPerSize: 0n,
      shortTokenClaimableFundingAmountPerSize: 0n,
      increasedAtTime: 0n,
      decreasedAtTime: 0n,
    },
    flags: { isLong: false },
  };
}
