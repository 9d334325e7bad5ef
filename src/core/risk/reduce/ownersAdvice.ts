import { exposureOf } from '../../exposure/exposure.ts';
import type { MarketView, Position } from '../../position.ts';
import { fixed } from '../../report/format.ts';

/** Something that would shrink a vault and that only its owners can do: the mandate reaches no options, and ranges only where it says so. */
export interface OwnersAdvice {
  readonly kind: 'withdrawLiquidity' | 'buyBackOption' | 'closePerp';
  readonly label: string;
  /** Quote that it frees, or below 0 that it takes, at model prices. */
  readonly freesQuote: number;
  /** Gamma that it takes away, base per 1.00 quote of price; above 0 where the vault is short it. */
  readonly gammaRemoved: number;
  readonly text: string;
}

/** Gamma within this share of the largest counts as none: what it takes away is not worth the owners' signatures. */
const NEGLIGIBLE = 1e-3;

/**
 * What a vault's owners could do to shrink it, the most risk taken away per quote first: ranges out of the price, which
 * earn nothing and lock what could be traded with; written options bought back; perps closed. At model prices: whether a
 * position has a market, and what that charges, is for whoever closes it to see.
 *
 * @throws InvalidInputError when a position or the market is impossible
 */
export function ownersAdvice(positions: readonly Position[], view: MarketView): readonly OwnersAdvice[] {
  const seen = positions.map((position) => ({ position, exposure: exposureOf(position, view) }));
  const largest = Math.max(0, ...seen.map(({ exposure }) => Math.abs(exposure.gamma)));
  const advice = seen.flatMap(({ position, exposure }): readonly OwnersAdvice[] => {
    const kind = kindOf(position, exposure.gamma);
    if (kind === null) return [];
    const isRange = kind === 'withdrawLiquidity';
    const counts = isRange ? exposure.valueQuote > 0 : Math.abs(exposure.gamma) > NEGLIGIBLE * largest;
    if (!counts) return [];
    const gammaRemoved = -exposure.gamma + 0;
    const words = isRange && exposure.gamma === 0 ? 'out of the price' : `gamma ${fixed(exposure.gamma, 4)}`;
    const money = `${exposure.valueQuote < 0 ? 'takes' : 'frees'} about ${fixed(Math.abs(exposure.valueQuote), 2)} quote`;
    const text = `${position.label}: ${WORDS[kind]}, ${words}, ${money}`;
    return [{ kind, label: position.label, freesQuote: exposure.valueQuote, gammaRemoved, text }];
  });
  return [...advice].sort((a, b) => worth(b) - worth(a));
}

const WORDS: Readonly<Record<OwnersAdvice['kind'], string>> = {
  withdrawLiquidity: 'withdraw',
  buyBackOption: 'buy back',
  closePerp: 'close',
};

function kindOf(position: Position, gamma: number): OwnersAdvice['kind'] | null {
  switch (position.kind) {
    // In the price a range is as much a position as any other; out of it, it only locks tokens.
    case 'liquidity':
      return 'withdrawLiquidity';
    case 'option':
      return gamma === 0 ? null : position.size < 0 ? 'buyBackOption' : null;
    case 'powerPerp':
    case 'panopticLeg':
      return gamma < 0 ? 'closePerp' : null;
    default:
      return null;
  }
}

/** Frees money and takes no risk on: first. Otherwise gamma per quote that it takes. */
function worth({ freesQuote, gammaRemoved }: OwnersAdvice): number {
  if (freesQuote >= 0) return 1e12 + gammaRemoved * 1e6 + freesQuote;
  return gammaRemoved / -freesQuote;
}
