import { Command, Option } from 'commander';
import { type BlackScholesInput, blackScholes, type OptionType } from '../../core/options/blackScholes.ts';
import { impliedVolatility } from '../../core/options/impliedVolatility.ts';
import { significant } from '../../core/report/format.ts';
import { UsageError } from '../../runtime/errors.ts';
import { anyNumber, nonNegativeNumber, positiveNumber } from '../arguments.ts';
import { type CommandContext, type ExitCode, execute } from '../command.ts';
import { greeksLines } from '../output/greeks.ts';

const DAYS_PER_YEAR = 365;

interface GreeksOptions {
  readonly type: OptionType;
  readonly spot: number;
  readonly strike: number;
  readonly days: number;
  readonly volatility?: number;
  readonly price?: number;
  readonly rate: number;
  readonly yield: number;
}

/** `ballast greeks`: price and greeks of one option, or the volatility that a price implies. */
export function greeksCommand(): Command {
  return new Command('greeks')
    .description('price and greeks of one European option, or the volatility that its price implies')
    .addOption(new Option('--type <type>', 'call or put').choices(['call', 'put']).makeOptionMandatory())
    .requiredOption('--spot <price>', 'price of base, in quote', positiveNumber)
    .requiredOption('--strike <price>', 'strike, in quote', positiveNumber)
    .requiredOption('--days <number>', 'days to expiry, a fraction too', nonNegativeNumber)
    .option('--volatility <share>', 'per year, 0.65 = 65 %', nonNegativeNumber)
    .option('--price <price>', 'price of the option, in quote: gives the volatility', nonNegativeNumber)
    .option('--rate <share>', 'continuously compounded rate per year, 0.04 = 4 %', anyNumber, 0)
    .option('--yield <share>', 'what holding base yields per year', anyNumber, 0)
    .addHelpText(
      'after',
      '\nExample:\n  ballast greeks --type call --spot 3000 --strike 3200 --days 30 \\\n    --volatility 0.65',
    )
    .action((options: GreeksOptions, command: Command) =>
      execute(command, (context) => greeks(context, options)),
    );
}

async function greeks({ terminal }: CommandContext, options: GreeksOptions): Promise<ExitCode> {
  const { type, spot, strike, days, rate } = options;
  const market = { type, spot, strike, years: days / DAYS_PER_YEAR, rate, dividendYield: options.yield };
  const volatility = volatilityOf(market, options);
  const input: BlackScholesInput = { ...market, volatility };
  const result = blackScholes(input);
  if (!Object.values(result).every(Number.isFinite)) {
    throw new UsageError('USAGE', 'numbers this large or small have no finite greeks', {
      action: 'check --spot, --strike, --days, --volatility and the rates',
    });
  }
  terminal.line(...greeksLines(input, result, options.price !== undefined));
  terminal.document({ input, isImplied: options.price !== undefined, greeks: result });
  return 0;
}

function volatilityOf(
  { type, spot, strike, years, rate, dividendYield }: Omit<BlackScholesInput, 'volatility'>,
  { volatility, price }: GreeksOptions,
): number {
  if ((volatility === undefined) === (price === undefined)) {
    throw new UsageError('USAGE', 'give either --volatility or --price', {
      action: '--volatility 0.65 for the price, or --price 120 for the volatility',
    });
  }
  if (volatility !== undefined) return volatility;
  if (years === 0) {
    throw new UsageError('USAGE', 'an option without time left implies no volatility', {
      action: 'give --days above 0',
    });
  }
  const discount = Math.exp(-rate * years);
  const forward = spot * Math.exp((rate - dividendYield) * years);
  const implied = impliedVolatility({ type, forward, strike, years, price: price as number, discount });
  if (implied.status === 'found') return implied.volatility;
  const intrinsic = discount * Math.max(0, type === 'call' ? forward - strike : strike - forward);
  const most = discount * (type === 'call' ? forward : strike);
  throw new UsageError('PRICE_UNREACHABLE', `no volatility makes a ${type} cost ${price}`, {
    facts: { 'at least': significant(intrinsic, 8), below: significant(most, 8) },
    action: 'give a price between the two; check spot, strike and rate',
  });
}
