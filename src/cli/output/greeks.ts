import type { BlackScholesInput, OptionGreeks } from '../../core/options/blackScholes.ts';
import { fixed } from '../../core/report/format.ts';
import { percent, quote, significant } from './numbers.ts';
import { table } from './table.ts';

const DIGITS = 6;
const DAYS_PER_YEAR = 365;
/** Of a volatility or a rate. */
const POINT = 0.01;

/** An option's price and greeks as people read them: per point of volatility and rate, and per day. */
export function greeksLines(
  input: BlackScholesInput,
  greeks: OptionGreeks,
  isImplied: boolean,
): readonly string[] {
  const { type, spot, strike, years, volatility } = input;
  const days = significant(years * DAYS_PER_YEAR, 4);
  const words = `volatility ${isImplied ? `${percent(volatility, 4)} (implied)` : percent(volatility, 2)}`;
  const title = `${type}   spot ${quote(spot)}   strike ${quote(strike)}   ${days} days   ${words}`;
  const rows: readonly (readonly [string, number, string])[] = [
    ['delta', greeks.delta, 'base'],
    ['gamma', greeks.gamma, 'base per 1.00 quote of price'],
    ['vega', greeks.vega * POINT, 'quote per point of volatility'],
    ['theta', greeks.theta / DAYS_PER_YEAR, 'quote a day'],
    ['rho', greeks.rho * POINT, 'quote per point of rate'],
    ['vanna', greeks.vanna * POINT, 'base per point of volatility'],
    ['volga', greeks.volga * POINT ** 2, 'quote per point of volatility squared'],
    ['charm', greeks.charm / DAYS_PER_YEAR, 'base a day'],
  ];
  return [
    title,
    '',
    ...table(
      [
        { title: '', align: 'left' },
        { title: 'of one', align: 'right' },
        { title: '', align: 'left' },
      ],
      [
        ['price', significant(greeks.price, DIGITS), 'quote'],
        ...rows.map(([name, value, unit]) => [name, withSign(value), unit]),
      ],
    ),
  ];
}

function withSign(value: number): string {
  const text = value === 0 ? fixed(0, 0) : significant(value, DIGITS);
  return value > 0 ? `+${text}` : text;
}
