import { type AbiParameter, encodeAbiParameters, parseAbiParameters } from 'viem';
import { collateralTrackerStandInBytecode } from '../../../abis/bytecode/collateralTrackerStandIn.ts';
import { crabStandInBytecode } from '../../../abis/bytecode/crabStandIn.ts';
import { devnetTokenBytecode } from '../../../abis/bytecode/devnetToken.ts';
import { enumerableNftStandInBytecode } from '../../../abis/bytecode/enumerableNftStandIn.ts';
import { gmxDataStoreStandInBytecode } from '../../../abis/bytecode/gmxDataStoreStandIn.ts';
import { gmxReaderStandInBytecode } from '../../../abis/bytecode/gmxReaderStandIn.ts';
import { panopticPoolStandInBytecode } from '../../../abis/bytecode/panopticPoolStandIn.ts';
import { premiaOracleAdapterStandInBytecode } from '../../../abis/bytecode/premiaOracleAdapterStandIn.ts';
import { premiaPoolStandInBytecode } from '../../../abis/bytecode/premiaPoolStandIn.ts';
import { ribbonThetaVaultStandInBytecode } from '../../../abis/bytecode/ribbonThetaVaultStandIn.ts';
import { squeethControllerStandInBytecode } from '../../../abis/bytecode/squeethControllerStandIn.ts';
import { synthetixPerpsStandInBytecode } from '../../../abis/bytecode/synthetixPerpsStandIn.ts';
import { type Address, type Hex, toRawDown } from '../../core/units.ts';
import { mainnet } from '../addresses.ts';
import { addresses } from '../contracts.ts';
import type { Devnet } from '../devnet.ts';
import { type Placement, placeContracts } from '../node/place.ts';

/**
 * Where the stand-ins of protocols stand whose bytecode no package ships: the real address where there is one
 * deployment that everybody uses, otherwise one of the devnet's own.
 */
export const standIns = {
  squeethController: '0x64187ae08781B09368e6253F9E94951243A493D5',
  wPowerPerp: '0xf1B99e3E573A1a9C5E6B2Ce818b617F0E664E86B',
  shortPowerPerp: '0xa653e22A963ff0026292Cc8B67941c0ba7863a38',
  crab: '0x3B960E47784150F5a63777201ee2B15253D713e8',
  ribbonVault: '0x25751853Eab4D0eB3652B5eB6ecB102A2789644B',
  premiaPool: '0xba11a57000000000000000000000000000000101',
  premiaOracleAdapter: '0xba11a57000000000000000000000000000000105',
  panopticPool: '0xba11a57000000000000000000000000000000102',
  panopticCollateral0: '0xba11a57000000000000000000000000000000103',
  panopticCollateral1: '0xba11a57000000000000000000000000000000104',
  gmxReader: '0x470fbC46bcC0f16532691Df360A07d8Bf5ee0789',
  gmxDataStore: '0xFD70de6b91282D8017aA4E741e9Ae325CAb992d8',
  synthetixPerps: '0x0A2AF931eFFd34b81ebcc57E3d3c9B1E1dE1C9Ce',
  synthetixAccounts: '0x63f4Dd0434BEB5baeCD27F3778a909278d8cf5b8',
} as const satisfies Readonly<Record<string, Address>>;

/** A group of stand-ins that belong together. */
export type StandInProtocol = 'squeeth' | 'ribbon' | 'panoptic' | 'premia' | 'gmx' | 'synthetix';

/** The option that the Premia pool is on. */
export interface PremiaSeries {
  readonly type: 'call' | 'put';
  /** Dollars. */
  readonly strike: number;
  readonly maturitySeconds: number;
}

/**
 * Puts the stand-ins of some protocols on a devnet, in one block.
 *
 * @param premia what the Premia pool's option is; only that of `premia` looks at it
 * @throws DevnetError when a constructor fails
 */
export async function placeStandIns(
  { node, accounts, mineBlock }: Devnet,
  protocols: readonly StandInProtocol[],
  premia: PremiaSeries = { type: 'call', strike: 3_500, maturitySeconds: 2_000_000_000 },
): Promise<void> {
  const placements = protocols.flatMap((protocol) => placementsOf[protocol](premia));
  const deployer = accounts.deployer.address;
  await placeContracts(node, deployer, placements, () => mineBlock());
}

const placementsOf: Readonly<Record<StandInProtocol, (premia: PremiaSeries) => readonly Placement[]>> = {
  squeeth: () => [
    at('wPowerPerp', devnetTokenBytecode, encode('string, string, uint8', ['Opyn Squeeth', 'oSQTH', 18])),
    at('shortPowerPerp', enumerableNftStandInBytecode),
    at(
      'squeethController',
      squeethControllerStandInBytecode,
      addresses(mainnet.weth, mainnet.usdc, standIns.wPowerPerp, standIns.shortPowerPerp, mainnet.ethUsdFeed),
    ),
    at('crab', crabStandInBytecode, addresses(standIns.squeethController)),
  ],
  ribbon: () => [
    at(
      'ribbonVault',
      ribbonThetaVaultStandInBytecode,
      encode('address, bool, uint8, address, address', [
        mainnet.opynController,
        false,
        18,
        mainnet.weth,
        mainnet.weth,
      ]),
    ),
  ],
  panoptic: () => [
    at('panopticCollateral0', collateralTrackerStandInBytecode, encode('uint8', [6])),
    at('panopticCollateral1', collateralTrackerStandInBytecode, encode('uint8', [18])),
    at(
      'panopticPool',
      panopticPoolStandInBytecode,
      addresses(mainnet.usdcWeth500, standIns.panopticCollateral0, standIns.panopticCollateral1),
    ),
  ],
  premia: ({ type, strike, maturitySeconds }) => [
    at('premiaOracleAdapter', premiaOracleAdapterStandInBytecode),
    at(
      'premiaPool',
      premiaPoolStandInBytecode,
      encode('address, address, address, uint256, uint256, bool', [
        mainnet.weth,
        mainnet.usdc,
        standIns.premiaOracleAdapter,
        toRawDown(strike, 18),
        BigInt(maturitySeconds),
        type === 'call',
      ]),
    ),
  ],
  gmx: () => [at('gmxReader', gmxReaderStandInBytecode), at('gmxDataStore', gmxDataStoreStandInBytecode)],
  synthetix: () => [
    at('synthetixAccounts', enumerableNftStandInBytecode),
    at('synthetixPerps', synthetixPerpsStandInBytecode, addresses(standIns.synthetixAccounts)),
  ],
};

function at(name: keyof typeof standIns, creationCode: Hex, constructorArguments: Hex = '0x'): Placement {
  return { name, address: standIns[name], creationCode, constructorArguments };
}

function encode(types: string, values: readonly unknown[]): Hex {
  return encodeAbiParameters(parseAbiParameters(types) as readonly AbiParameter[], values);
}
