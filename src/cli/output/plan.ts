import { swapFeePips } from '../../core/amm/poolTerms.ts';
import { swapsZeroForOne } from '../../core/amm/price.ts';
import { isTowardsQuote } from '../../core/amm/twoHop.ts';
import type { Band, CostEstimate, Decision, HedgeDecision, OrderPlan } from '../../core/decision.ts';
import { fairPrice } from '../../core/hedge/fairPrice.ts';
import { marginStandings } from '../../core/risk/marginStanding.ts';
import { usableOracle } from '../../core/risk/oracle.ts';
import { sameAddress, toWhole } from '../../core/units.ts';
import type { TickResult } from '../../engine/tick.ts';
import type { VaultSetup } from '../../engine/world.ts';
import { shareOfLevel } from '../../runtime/status.ts';
import type { Terminal } from '../terminal.ts';
import { explanationLines } from './explanation.ts';
import { marginLines } from './margin.ts';
import { base, bps, count, orUnknown, percent, quote, signed } from './numbers.ts';
import { type Style, visibleWidth } from './style.ts';
import { labelled, pad } from './table.ts';
import { volatilityWords } from './volatility.ts';

const LABEL_WIDTH = 12;

/** A plan as people read it: answer, number, reason, limits. At most 80 columns. */
export function planLines(
  result: TickResult,
  vault: VaultSetup,
  terminal: Pick<Terminal, 'style' | 'address'>,
): readonly string[] {
  const { style } = terminal;
  const { decision } = result;
  const { netDelta, band, exposure, spot, cost } = decision.numbers;
  const { base: baseToken, quote: quoteToken } = vault.terms;
  const say = (label: string, text: string) => labelled(label, text, LABEL_WIDTH);
  const title = `${style.bold(vault.terms.name)}   block ${orUnknown(result.block ? Number(result.block.number) : null, count)}   spot ${orUnknown(spot, quote)}${sourcesOf(result, vault)}`;
  const mark = style.yellow('NOTHING SENT');
  const beside = 80 - visibleWidth(mark);
  const lines =
    visibleWidth(title) < beside ? [pad(title, beside, 'left') + mark] : [title, pad(mark, 80, 'right')];
  lines.push(
    ...say(
      'net delta',
      `${orUnknown(netDelta, signed)} ${baseToken.symbol}    ${bandWords(band, netDelta, style)}`.trimEnd(),
    ),
  );
  if (exposure !== null) {
    const { gamma, vega, theta, valueQuote, deltaStdError } = exposure;
    if (deltaStdError !== undefined && deltaStdError > 0) {
      const words = `±${base(deltaStdError)} ${baseToken.symbol}, one standard error of net delta: volatility, price age`;
      lines.push(...say('known to', words));
    }
    lines.push(...say('value', `${quote(valueQuote)} ${quoteToken.symbol}`));
    const inQuote = (value: number) => signed(value, 2);
    lines.push(
      ...say(
        'greeks',
        `gamma ${signed(gamma, 6)}   vega ${inQuote(vega)}   theta ${inQuote(theta / 365)} a day`,
      ),
    );
  }
  if (result.snapshot !== null)
    lines.push(...marginLines(marginStandings(result.snapshot), vault.terms, 'margin', LABEL_WIDTH));
  lines.push(...volatilityLines(result, terminal.address));
  lines.push(...decisionLines(result, vault, style));
  if (cost !== null) lines.push(...say('cost', costWords(cost, quoteToken.symbol)));
  if (decision.explanation !== undefined) {
    const symbols = { base: baseToken.symbol, quote: quoteToken.symbol };
    for (const { label, text } of explanationLines(decision.explanation, symbols))
      lines.push(...say(label, text));
  }
  if (decision.kind === 'hedge') {
    lines.push(...legLines(decision, result, vault, terminal.address), ...lendingLines(decision, vault));
  }
  lines.push(...careLines(decision, style));
  lines.push(...say('limits', limitWords(result, vault)));
  for (const warning of decision.warnings) lines.push(...say(style.yellow('warn'), warning.text));
  return lines;
}

function volatilityLines({ snapshot }: TickResult, shown: (address: string) => string): readonly string[] {
  if (snapshot === null) return [];
  return labelled('volatility', volatilityWords(snapshot.observed, snapshot.chain.block, shown), LABEL_WIDTH);
}

function sourcesOf({ snapshot }: TickResult, { limits }: VaultSetup): string {
  if (snapshot === null) return '';
  const oracle = usableOracle(snapshot);
  return 'code' in oracle ? '' : ` (median of ${fairPrice(snapshot, oracle, limits).sources})`;
}

/** `[−1.50 ·(−0.28 ·0· +0.29)· +1.52]`: outside act, inside target, and where net delta stands. */
export function bandWords(band: Band | null, netDelta: number | null, style: Style): string {
  if (band === null) return '';
  const { sell, buy } = band;
  const short = (value: number) => signed(value, 2);
  const range = `[${short(buy.act)} ·(${short(buy.target)} ·0· ${short(sell.target)})· ${short(sell.act)}]`;
  if (netDelta === null) return range;
  const isInside = netDelta <= sell.act && netDelta >= buy.act;
  const share = shareOfLevel(band, netDelta);
  const used = share === null ? '' : ` ${percent(share, 0)} of act`;
  return `${range} ${isInside ? style.green('●') : style.red('●')}${used}`;
}

function decisionLines({ decision }: TickResult, vault: VaultSetup, style: Style): readonly string[] {
  const say = (text: string) => labelled('decision', text, LABEL_WIDTH);
  const why = labelled('why', decision.why, LABEL_WIDTH);
  if (decision.kind === 'halt') return [...say(`${style.red('halt')}: ${decision.code}`), ...why];
  if (decision.kind === 'hold') return [...say(`hold: ${decision.code}`), ...why];
  const { plan } = decision;
  if (decision.kind === 'reduce') {
    return [...say(`${style.bold('reduce')}: ${lendingWords(plan, vault)}`), ...why];
  }
  const { base: baseToken, quote: quoteToken } = vault.terms;
  const amount = `${base(toWhole(plan.baseRaw, baseToken.decimals))} ${baseToken.symbol}`;
  const limit = `${quote(toWhole(plan.quoteLimitRaw, quoteToken.decimals))} ${quoteToken.symbol}`;
  const bound = plan.side === 'sell' ? `receive at least ${limit}` : `pay at most ${limit}`;
  return [
    ...say(`${style.bold('hedge')}: ${plan.side} ${amount}, ${bound}`),
    ...why,
    ...labelled('after', `net delta ${signed(decision.netDeltaAfter)}`, LABEL_WIDTH),
  ];
}

/** `borrow 6.0000 WETH; repay 2.0000 WETH`, in the order in which they happen; withdrawals of liquidity come first. */
export function lendingWords(
  { lending, withdrawals = [] }: OrderPlan,
  { terms }: Pick<VaultSetup, 'terms'>,
): string {
  const steps = lending === undefined ? [] : [...lending.before, ...lending.after];
  const amount = (asset: 'base' | 'quote', amountRaw: bigint) => {
    const { decimals, symbol } = terms[asset];
    const whole = toWhole(amountRaw, decimals);
    return `${asset === 'base' ? base(whole) : quote(whole)} ${symbol}`;
  };
  return [
    ...withdrawals.map(
      ({ label, baseRaw, quoteRaw }) =>
        `withdraw ${label} (${amount('base', baseRaw)}, ${amount('quote', quoteRaw)})`,
    ),
    ...steps.map(({ kind, asset, amountRaw }) => `${kind} ${amount(asset, amountRaw)}`),
  ].join('; ');
}

/** Lending steps of a hedge, and what the instruments cost to hold. */
function lendingLines(decision: HedgeDecision, vault: VaultSetup): readonly string[] {
  const { plan, instruments = [] } = decision;
  if (plan.lending === undefined) return [];
  const perDay = instruments.map(
    ({ kind, base: amount, perDayQuote }) => `${kind} ${base(amount)}: ${signed(perDayQuote, 2)} a day`,
  );
  const cheaper = decision.cheaperUnexecutable;
  const beside =
    cheaper === undefined ? '' : `   a ${cheaper.kind} would cost ${quote(cheaper.savedQuote)} less to hold`;
  return labelled('lending', `${lendingWords(plan, vault)}   ${perDay.join(', ')}${beside}`, LABEL_WIDTH);
}

/** What was looked at before the decision: breakers that tripped, stress, dated events; nothing where all is calm. */
export function careLines({ precautions }: Decision, style: Style): readonly string[] {
  if (precautions === undefined) return [];
  const { tripped, level, figures, events } = precautions;
  const worst =
    figures === null ? [] : [figures.margin, figures.cost, figures.reach].filter(({ use }) => use >= 0.67);
  return [
    ...tripped.flatMap(({ name, effect, text }) =>
      labelled(style.yellow('breaker'), `${name} (${effect}): ${text}`, LABEL_WIDTH),
    ),
    ...(level === 'normal'
      ? []
      : labelled(
          'stress',
          `${style.yellow(level)}: ${worst.map(({ text }) => text).join('; ')}`,
          LABEL_WIDTH,
        )),
    ...(events === null ? [] : labelled('events', events, LABEL_WIDTH)),
  ];
}

/** `fee 2.33 + impact 0.52 + gas 1.93 = 4.78 USDC   10.3 bps` */
export function costWords(cost: CostEstimate, symbol: string): string {
  const parts = `fee ${quote(cost.feeQuote)} + impact ${quote(cost.impactQuote)} + gas ${quote(cost.gasQuote)}`;
  return `${parts} = ${quote(cost.totalQuote)} ${symbol}   ${bps(cost.bps)}`;
}

function legLines(
  decision: HedgeDecision,
  { snapshot }: TickResult,
  vault: VaultSetup,
  shown: (address: string) => string,
): readonly string[] {
  const pools = snapshot?.chain.pools ?? [];
  const nameOf = (address: string) => {
    const pool = pools.find((one) => sameAddress(one.address, address));
    if (pool === undefined) return shown(address);
    const zeroForOne = swapsZeroForOne(decision.plan.side, isTowardsQuote(pool, vault.terms));
    return `${swapFeePips(pool, zeroForOne) / 10_000} % pool ${shown(address)}`;
  };
  const { legs } = decision.plan;
  const used = legs.map(({ pool, baseRaw, via }) => {
    const way = [pool, ...(via === undefined ? [] : [via.pool])].map(nameOf).join(' then ');
    return `${way}  ${base(toWhole(baseRaw, vault.terms.base.decimals))}`;
  });
  const swapped = legs.flatMap(({ pool, via }) => (via === undefined ? [pool] : [pool, via.pool]));
  const unused = pools
    .filter((pool) => !swapped.some((address) => sameAddress(address, pool.address)))
    .map((pool) => nameOf(pool.address));
  const rest = unused.length === 0 ? '' : `   not used: ${unused.join(', ')}`;
  return labelled('legs', `${used.join(', ')}${rest}`, LABEL_WIDTH);
}

function limitWords({ snapshot }: TickResult, { limits, terms }: VaultSetup): string {
  const slippage = `slippage ${limits.maxSlippageBps} bps`;
  if (snapshot === null) return slippage;
  const { guard } = snapshot.chain;
  const turnover = quote(toWhole(guard.turnoverAvailableRaw, terms.quote.decimals));
  return `turnover ${turnover} ${terms.quote.symbol} left; ${slippage} here, ${guard.maxSlippageBps} on chain`;
}
