/**
 * Writes `abis/*.ts`: the ABIs of every contract that is talked to, `as const`, and the creation code of our own.
 * Foreign ABIs come from the packages that ship the contracts, ours from forge's output (`npm run contracts` first).
 *
 *   tsx scripts/abis.ts            write
 *   tsx scripts/abis.ts --check    fail when what is committed differs
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { erc20Abi } from 'viem';
import { Roles__factory } from 'zodiac-roles-sdk/typechain';

interface Artifact {
  readonly abi: readonly unknown[];
  readonly bytecode: string | { readonly object: string };
}

const root = join(import.meta.dirname, '..');
const periphery = '@uniswap/v3-periphery/artifacts/contracts';
const core = '@uniswap/v3-core/artifacts/contracts';
const pair = '@uniswap/v2-core/build';
const pairRouter = '@uniswap/v2-periphery/build';
const v4Core = '@uniswap/v4-core/out';
const v4Periphery = '@uniswap/v4-periphery/foundry-out';
const router = '@uniswap/swap-router-contracts/artifacts/contracts';
const aave = '@aave/core-v3/artifacts/contracts';
const safe = '@safe-global/safe-contracts/build/artifacts/contracts';

/** Name of the ABI in our code: artifact inside node_modules. */
const foreign: Readonly<Record<string, string>> = {
  weth9: 'canonical-weth/build/contracts/WETH9.json',
  uniswapV3Factory: `${core}/UniswapV3Factory.sol/UniswapV3Factory.json`,
  uniswapV3Pool: `${core}/UniswapV3Pool.sol/UniswapV3Pool.json`,
  nonfungiblePositionManager: `${periphery}/NonfungiblePositionManager.sol/NonfungiblePositionManager.json`,
  tickLens: `${periphery}/lens/TickLens.sol/TickLens.json`,
  uniswapV2Factory: `${pair}/UniswapV2Factory.json`,
  uniswapV2Pair: `${pair}/UniswapV2Pair.json`,
  uniswapV2Router02: `${pairRouter}/UniswapV2Router02.json`,
  poolManager: `${v4Core}/PoolManager.sol/PoolManager.json`,
  poolSwapTest: `${v4Core}/PoolSwapTest.sol/PoolSwapTest.json`,
  stateView: `${v4Periphery}/StateView.sol/StateView.json`,
  v4Quoter: `${v4Periphery}/V4Quoter.sol/V4Quoter.json`,
  positionManager: `${v4Periphery}/PositionManager.sol/PositionManager.json`,
  universalRouter: '@uniswap/universal-router/artifacts/contracts/UniversalRouter.sol/UniversalRouter.json',
  quoterV2: `${router}/lens/QuoterV2.sol/QuoterV2.json`,
  swapRouter02: `${router}/SwapRouter02.sol/SwapRouter02.json`,
  aavePool: `${aave}/protocol/pool/Pool.sol/Pool.json`,
  aavePoolConfigurator: `${aave}/protocol/pool/PoolConfigurator.sol/PoolConfigurator.json`,
  aavePoolAddressesProvider: `${aave}/protocol/configuration/PoolAddressesProvider.sol/PoolAddressesProvider.json`,
  aaveAclManager: `${aave}/protocol/configuration/ACLManager.sol/ACLManager.json`,
  aaveOracle: `${aave}/misc/AaveOracle.sol/AaveOracle.json`,
  aaveProtocolDataProvider: `${aave}/misc/AaveProtocolDataProvider.sol/AaveProtocolDataProvider.json`,
  safe: `${safe}/Safe.sol/Safe.json`,
  safeProxyFactory: `${safe}/proxies/SafeProxyFactory.sol/SafeProxyFactory.json`,
  multiSend: `${safe}/libraries/MultiSend.sol/MultiSend.json`,
};

/** Our own contracts, compiled by forge: ABI and creation code. */
const own: Readonly<Record<string, string>> = {
  hedgeModule: 'HedgeModule.sol/HedgeModule.json',
  optionVault: 'OptionVault.sol/OptionVault.json',
  barePayer: 'Trader.sol/BarePayer.json',
  devnetToken: 'DevnetToken.sol/DevnetToken.json',
  devnetTether: 'DevnetToken.sol/DevnetTether.json',
  devnetAggregator: 'PriceFeed.sol/DevnetAggregator.json',
  devnetFeedProxy: 'PriceFeed.sol/DevnetFeedProxy.json',
  storageWriter: 'StorageWriter.sol/StorageWriter.json',
  devnetShareVault: 'DevnetShareVault.sol/DevnetShareVault.json',
  wrappedTokenStandIn: 'WrappedTokenStandIn.sol/WrappedTokenStandIn.json',
  otokenStandIn: 'OtokenStandIn.sol/OtokenStandIn.json',
  opynControllerStandIn: 'OpynControllerStandIn.sol/OpynControllerStandIn.json',
  opynOtokenFactoryStandIn: 'OpynStandIns.sol/OpynOtokenFactoryStandIn.json',
  opynOracleStandIn: 'OpynStandIns.sol/OpynOracleStandIn.json',
  enumerableNftStandIn: 'EnumerableNftStandIn.sol/EnumerableNftStandIn.json',
  ribbonThetaVaultStandIn: 'RibbonThetaVaultStandIn.sol/RibbonThetaVaultStandIn.json',
  squeethControllerStandIn: 'SqueethStandIns.sol/SqueethControllerStandIn.json',
  crabStandIn: 'SqueethStandIns.sol/CrabStandIn.json',
  panopticPoolStandIn: 'PanopticStandIns.sol/PanopticPoolStandIn.json',
  collateralTrackerStandIn: 'PanopticStandIns.sol/CollateralTrackerStandIn.json',
  premiaPoolStandIn: 'PremiaStandIns.sol/PremiaPoolStandIn.json',
  premiaOracleAdapterStandIn: 'PremiaStandIns.sol/PremiaOracleAdapterStandIn.json',
  gmxReaderStandIn: 'GmxStandIns.sol/GmxReaderStandIn.json',
  gmxDataStoreStandIn: 'GmxStandIns.sol/GmxDataStoreStandIn.json',
  synthetixPerpsStandIn: 'SynthetixPerpsStandIn.sol/SynthetixPerpsStandIn.json',
};

/** Where a contract answers to more than it declares itself: the interface that says all of it. */
const interfaces: Readonly<Record<string, string>> = {
  hedgeModule: 'IHedgeModule.sol/IHedgeModule.json',
};

/** The part of Multicall3 that is used; the deployed contract is its authors'. */
const multicall3 = [
  {
    type: 'function',
    name: 'aggregate3',
    stateMutability: 'payable',
    inputs: [
      {
        name: 'calls',
        type: 'tuple[]',
        components: [
          { name: 'target', type: 'address' },
          { name: 'allowFailure', type: 'bool' },
          { name: 'callData', type: 'bytes' },
        ],
      },
    ],
    outputs: [
      {
        name: 'returnData',
        type: 'tuple[]',
        components: [
          { name: 'success', type: 'bool' },
          { name: 'returnData', type: 'bytes' },
        ],
      },
    ],
  },
];

const header = '// Generated by scripts/abis.ts; do not edit.\n';

/** The files that should stand in `abis/`, by path relative to it. */
function generate(): Map<string, string> {
  const files = new Map<string, string>();
  const addAbi = (name: string, abi: readonly unknown[]) => {
    const items = abi.map((item) => `  ${JSON.stringify(item)},\n`).join('');
    files.set(`${name}.ts`, `${header}export const ${name}Abi = [\n${items}] as const;\n`);
  };
  addAbi('erc20', erc20Abi);
  addAbi('multicall3', multicall3);
  addAbi('roles', Roles__factory.abi);
  for (const [name, path] of Object.entries(foreign)) {
    addAbi(name, (JSON.parse(readFileSync(join(root, 'node_modules', path), 'utf8')) as Artifact).abi);
  }
  for (const [name, path] of Object.entries(own)) {
    const { bytecode } = compiled(path);
    const code = typeof bytecode === 'string' ? bytecode : bytecode.object;
    addAbi(name, compiled(interfaces[name] ?? path).abi);
    files.set(`bytecode/${name}.ts`, `${header}export const ${name}Bytecode = '${code}';\n`);
  }
  return files;
}

function compiled(path: string): Artifact {
  const file = join(root, 'contracts/out', path);
  if (!existsSync(file)) throw new Error(`${file} is missing: run npm run contracts first`);
  return JSON.parse(readFileSync(file, 'utf8')) as Artifact;
}

/** What stands there now. */
function committed(): Map<string, string> {
  const files = new Map<string, string>();
  for (const folder of ['', 'bytecode']) {
    for (const name of readdirSync(join(root, 'abis', folder))) {
      const path = join(folder, name);
      if (name.endsWith('.ts')) files.set(path, readFileSync(join(root, 'abis', path), 'utf8'));
    }
  }
  return files;
}

mkdirSync(join(root, 'abis/bytecode'), { recursive: true });
const wanted = generate();
const found = committed();
if (process.argv.includes('--check')) {
  const drifted = [...new Set([...wanted.keys(), ...found.keys()])].filter(
    (path) => wanted.get(path) !== found.get(path),
  );
  if (drifted.length > 0) {
    console.error(
      `abis differ from their sources: ${drifted.join(', ')}\n  do: npm run contracts && npm run abis`,
    );
    process.exit(1);
  }
  console.log(`abis: ${wanted.size} files match their sources`);
} else {
  for (const path of found.keys()) if (!wanted.has(path)) rmSync(join(root, 'abis', path));
  for (const [path, text] of wanted) writeFileSync(join(root, 'abis', path), text);
  console.log(`abis: ${wanted.size} files written`);
}
