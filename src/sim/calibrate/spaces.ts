import { InvalidInputError } from '../../core/errors.ts';
import { requireInteger } from '../../core/statistics/require.ts';
import { SECONDS_PER_DAY, SECONDS_PER_YEAR } from '../../core/units.ts';
import type { PolicyChoice } from '../fast/candidate.ts';
import type { MarketPath } from '../market/marketPath.ts';
import type { VaultPlan } from '../vaultPlan.ts';
import type { SearchDimension, SearchSpace } from './searchSpace.ts';

/** How large a vault is and what a hedge costs about: where it is worth looking. */
export interface BookScale {
  /** Options and liquidity, base. */
  readonly grossBase: number;
  /** Quote per base. */
  readonly spot: number;
  /** Base per 1.00 of price, of a typical moment. */
  readonly gamma: number;
  /** What the vault is worth about, quote. */
  readonly valueQuote: number;
  /** Gas of a hedge, quote. */
  readonly gasQuote: number;
  readonly stepSeconds: number;
}

/** Half widths over the gross size between which no vault should look further. */
const NARROWEST = 0.003;
const WIDEST = 0.5;
/** Cost of a trade as a share of it, about: only where to look depends on it. */
const TYPICAL_COST_SHARE = 6e-4;
const GAS_UNITS = 190_000;

const median = (values: Float64Array): number => Float64Array.from(values).sort()[values.length >> 1]!;

/**
 * The size of a vault on a market.
 *
 * @throws InvalidInputError for a vault without anything to hedge
 */
export function bookScale(plan: VaultPlan, market: MarketPath): BookScale {
  const spot = median(market.spot);
  const volatility = median(market.impliedVolatility);
  const liquidity = plan.liquidity.reduce((sum, { valueQuote }) => sum + valueQuote / spot, 0);
  let [options, gamma] = [0, liquidity / spot];
  for (const { sizeBase, days, everyDays } of plan.options) {
    const open = Math.max(1, days / everyDays);
    options += Math.abs(sizeBase) * open;
    // An option at the money with half its life left has 0.4 / (S sigma sqrt(T)).
    const years = (days * SECONDS_PER_DAY) / SECONDS_PER_YEAR / 2;
    gamma += (Math.abs(sizeBase) * open * 0.4) / (spot * volatility * Math.sqrt(years));
  }
  const grossBase = options + liquidity;
  if (!(grossBase > 0))
    throw new InvalidInputError('vault', 'no options, no liquidity', 'something to hedge');
  const gwei = median(market.baseFeeGwei) + median(market.tipGwei);
  const { timestampSeconds } = market;
  return {
    grossBase,
    spot,
    gamma,
    valueQuote: Math.max(plan.base * spot + plan.quote, 0.01 * grossBase * spot),
    gasQuote: GAS_UNITS * gwei * 1e-9 * spot,
    stepSeconds: timestampSeconds[1]! - timestampSeconds[0]!,
  };
}

/** Risk aversion at which a band is about so wide, 1/quote: the larger of the two that cost per unit and gas ask for. */
function aversionFor({ spot, gamma, gasQuote }: BookScale, halfWidth: number): number {
  const byUnit = (1.5 * TYPICAL_COST_SHARE * spot * gamma ** 2) / halfWidth ** 3;
  const byGas = (12 * gasQuote * gamma ** 2) / halfWidth ** 4;
  return byUnit + byGas;
}

type Parameters = Readonly<Record<string, unknown>>;

function log(name: string, low: number, high: number, points: number): SearchDimension {
  return { name, scale: 'log', low, high, points };
}

function widthSpace(scale: BookScale, present: Parameters): Omit<SearchSpace, 'policy'> {
  const isShare = (present.halfWidth as Parameters | undefined)?.shareOfGross !== undefined;
  const unit = isShare ? 1 : scale.grossBase;
  return {
    dimensions: [
      {
        ...log('halfWidth', NARROWEST * unit, WIDEST * unit, 7),
        unit: isShare ? 'share of gross delta' : 'base',
      },
      { name: 'tradeTo', scale: 'linear', low: 0, high: 1, points: 3 },
    ],
    choiceOf: ([width, tradeTo]) => ({
      kind: 'fixedBand',
      parameters: {
        ...present,
        halfWidth: isShare ? { shareOfGross: width } : { base: width },
        tradeTo,
      },
    }),
  };
}

function timeSpace(
  kind: string,
  { stepSeconds }: BookScale,
  present: Parameters,
): Omit<SearchSpace, 'policy'> {
  const longest = Math.max(4 * SECONDS_PER_DAY, 16 * stepSeconds);
  const seconds: SearchDimension = {
    ...log('seconds', stepSeconds, longest, 7),
    unit: 's',
    multipleOf: stepSeconds,
  };
  return {
    dimensions: [seconds],
    choiceOf: ([every]: readonly number[]): PolicyChoice => ({
      kind,
      parameters: { ...present, seconds: every },
    }),
  };
}

function aversionSpace(kind: string, scale: BookScale, present: Parameters): Omit<SearchSpace, 'policy'> {
  const isRelative = present.relativeRiskAversion !== undefined;
  const unit = isRelative ? scale.valueQuote : 1;
  const name = isRelative ? 'relativeRiskAversion' : 'riskAversion';
  const at = (share: number) => aversionFor(scale, share * scale.grossBase) * unit;
  return {
    dimensions: [
      { ...log(name, at(WIDEST), at(NARROWEST * 2), 9), ...(isRelative ? {} : { unit: '1/quote' }) },
    ],
    choiceOf: ([aversion]: readonly number[]): PolicyChoice => ({
      kind,
      parameters: { ...present, [name]: aversion },
    }),
  };
}

/** What is searched for beside a policy's own parameters. */
export interface SpaceOptions {
  /** Steps between two looks at the vault that are tried; every step alone where left out. */
  readonly checkEvery?: readonly number[];
}

/**
 * The spaces of a policy's main parameters around a vault: width and where to trade to, time between hedges, or risk
 * aversion. All other parameters stay as they are. One space for every check frequency.
 *
 * @param present the policy with its parameters as they are now
 * @throws InvalidInputError for a policy that nothing is known to search of
 */
export function searchSpaces(
  present: PolicyChoice,
  scale: BookScale,
  { checkEvery = [1] }: SpaceOptions = {},
): readonly SearchSpace[] {
  const parameters = (present.parameters ?? {}) as Parameters;
  const space = spaceOf(present.kind, scale, parameters);
  return checkEvery.map((steps): SearchSpace => {
    requireInteger('checkEvery', steps, 1, 1_000_000);
    const check = steps === 1 ? {} : { checkEvery: { steps, stepSeconds: scale.stepSeconds } };
    return {
      policy: present.kind,
      dimensions: space.dimensions,
      choiceOf: (values) => ({ ...space.choiceOf(values), ...check }),
    };
  });
}

function spaceOf(kind: string, scale: BookScale, parameters: Parameters): Omit<SearchSpace, 'policy'> {
  if (kind === 'fixedBand') return widthSpace(scale, parameters);
  if (kind === 'interval' || kind === 'leland') return timeSpace(kind, scale, parameters);
  if (kind === 'whalleyWilmott' || kind === 'zakamouline' || kind === 'optimalBand') {
    return aversionSpace(kind, scale, parameters);
  }
  throw new InvalidInputError('policy', kind, 'a policy whose parameters can be searched');
}
