import type { Address } from '../core/units.ts';

/** Where the devnet's contracts stand: Ethereum mainnet's addresses, so that one config fits both. */
export const mainnet = {
  weth: '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2',
  usdc: '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48',
  usdt: '0xdAC17F958D2ee523a2206206994597C13D831ec7',
  wbtc: '0x2260FAC5E5542a773Aa44fBCfeDf7C193bc2C599',

  uniswapV2Factory: '0x5C69bEe701ef814a2B6a3EDD4B1652CB9cc5aA6f',
  uniswapV2Router02: '0x7a250d5630B4cF539739dF2C5dAcb4c659F2488D',
  usdcWethPair: '0xB4e16d0168e52d35CaCD2c6185b44281Ec28C9Dc',
  wethUsdtPair: '0x0d4a11d5EEaaC28EC3F61d100daF4d40471f1852',

  poolManager: '0x000000000004444c5dc75cB358380D2e3dE08A90',
  stateView: '0x7fFE42C4a5DEeA5b0feC41C94C136Cf115597227',
  v4Quoter: '0x52F0E24D1c21C8A0cB1e5a5dD6198556BD9E1203',
  positionManager: '0xbD216513d74C8cf14cf4747E6AaA6420FF64ee9e',
  universalRouter: '0x66a9893cC07D91D95644AEDD05D03f95e1dBA8Af',
  permit2: '0x000000000022D473030F116dDEE9F6B43aC78BA3',

  uniswapV3Factory: '0x1F98431c8aD98523631AE4a59f267346ea31F984',
  nonfungiblePositionManager: '0xC36442b4a4522E871399CD717aBDD847Ab11FE88',
  quoterV2: '0x61fFE014bA17989E743c5F6cB21bF9697530B21e',
  swapRouter02: '0x68b3465833fb72A70ecDF485E0e4C7bD8665Fc45',
  tickLens: '0xbfd8137f7d1516D3ea5cA83523914859ec47F573',
  usdcWeth500: '0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640',
  usdcWeth3000: '0x8ad599c3A0ff1De082011EFDDc58f1908eb6e6D8',
  wethUsdt3000: '0x4e68Ccd3E89f51C3074ca5072bbAC773960dFa36',
  wbtcWeth3000: '0xCBCdF9626bC03E24f779434178A73a0B4bad62eD',

  ethUsdFeed: '0x5f4eC3Df9cbd43714FE2740f5E3616155c5b8419',
  usdcUsdFeed: '0x8fFfFfd4AfB6115b954Bd326cbe7B4BA576818f6',
  usdtUsdFeed: '0x3E7d1eAB13ad0104d2750B8863b489D65364e32D',

  safeSingleton: '0x41675C099F32341bf84BFc5382aF534df5C7461a',
  safeProxyFactory: '0x4e1DCf7AD4e460CfD30791CCC4F9c8a4f820ec67',
  safeFallbackHandler: '0xfd0732Dc9E303f09fCEf3a7388Ad10A83459Ec99',
  multiSend: '0x38869bf66a61cF6bDB996A6aE40D5853Fd43B526',
  multiSendCallOnly: '0x9641d764fc13c8B624c04430C7356C1C7C8102e2',

  opynController: '0x4ccc2339F87F6c59c6893E1A678c2266cA58dC72',
  opynOtokenFactory: '0x7C06792Af1632E77cb27a558Dc0885338F4Bdf8E',
  opynOracle: '0x789cD7AB3742e23Ce0952F6Bc3Eb3A73A0E08833',

  aavePoolAddressesProvider: '0x2f39d218133AFaB8F2B819B1066c7E434Ad94E9e',
  aavePool: '0x87870Bca3F3fD6335C3F4ce8392D69350B4fA4E2',
  aavePoolConfigurator: '0x64b761D848206f447Fe2dd461b0c635Ec39EbB27',
  aaveAclManager: '0xc2aaCf6553D20d1e9d78E365AAba8032af9c85b0',
  aaveOracle: '0x54586bE62E3c3580375aE3723C145253060Ca0C2',
  aaveProtocolDataProvider: '0x7B4EB56E7CD4b454BA8ff71E4518426369a138a3',
  aaveWeth: '0x4d5F47FA6A74757f35C14fD3a6Ef8E3C9BC514E8',
  aaveWethVariableDebt: '0xeA51d7853EEFb32b6ee06b1C12E6dcCA88Be0fFE',
  aaveUsdc: '0x98C23E9d8f34FEFb1B7BD6a91B7FF122F4e16F5c',
  aaveUsdcVariableDebt: '0x72E95b8931767C79bA4EeE721354d6E99a61D004',
  aaveUsdt: '0x23878914EFE38d27C4D67Ab83ed1b93A74D4086a',
  aaveUsdtVariableDebt: '0x6df1C1E379bC5a00a7b4C6e67A203333772f45A8',

  multicall3: '0xcA11bde05977b3631167028862bE2a173976CA11',
} as const satisfies Readonly<Record<string, Address>>;

/** Where the devnet's own swapper on v4 pools stands: mainnet has nothing that swaps there up to a price. */
export const devnetV4Swapper: Address = '0xba11a57000000000000000000000000000000004';

/**
 * Where the aggregators behind the feed proxies stand on the devnet. Mainnet's change with every phase of a feed, so
 * these are the devnet's own; readers go through the proxies.
 */
export const devnetAggregators = {
  ethUsd: '0xba11a57000000000000000000000000000000001',
  usdcUsd: '0xba11a57000000000000000000000000000000002',
  usdtUsd: '0xba11a57000000000000000000000000000000003',
} as const satisfies Readonly<Record<string, Address>>;
