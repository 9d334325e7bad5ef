import { toHex } from 'viem';
import { describe, expect, it } from 'vitest';
import { type DataFeeTerms, hedgeDataFee } from '../../../src/core/gas/dataFee.ts';
import { GAS_PRICE_ORACLE, selectors } from '../../../src/core/gas/dataFeeRead.ts';
import type { Call, CallResult, Read } from '../../../src/core/read.ts';
import { tick } from '../../../src/engine/tick.ts';
import type { Chain } from '../../../src/ports/chain.ts';
import { memoryStore } from '../../../src/sim/memoryStore.ts';
import { Ledger } from '../../support/simulatedLedger.ts';
import {
  freshVault,
  simulatedChain,
  simulatedRelay,
  simulatedVault,
  simulatedWorld,
} from '../../support/simulatedWorld.ts';

/** A dear hour on mainnet, in OP Mainnet's own scalars. */
const terms: DataFeeTerms = {
  kind: 'opStack',
  isFjord: true,
  l1BaseFeeWei: 80_000_000_000n,
  blobBaseFeeWei: 30_000_000_000n,
  baseFeeScalar: 5_227n,
  blobBaseFeeScalar: 1_014_213n,
};

const answers: Readonly<Record<string, bigint>> = {
  [selectors['isEcotone()']]: 1n,
  [selectors['isFjord()']]: 1n,
  [selectors['l1BaseFee()']]: terms.l1BaseFeeWei,
  [selectors['blobBaseFee()']]: terms.blobBaseFeeWei,
  [selectors['baseFeeScalar()']]: terms.baseFeeScalar,
  [selectors['blobBaseFeeScalar()']]: terms.blobBaseFeeScalar,
};

/** Answers what is asked of the oracle and hands on the rest. */
function* besideOracle<T>(read: Read<T>, answer: (call: Call) => CallResult): Read<T> {
  let step = read.next();
  while (!step.done) {
    const isOracle = step.value.map(({ to }) => to === GAS_PRICE_ORACLE);
    const others = step.value.filter((_, index) => !isOracle[index]);
    const rest = [...(others.length === 0 ? [] : yield others)];
    const asked = step.value;
    step = read.next(
      asked.map((call, index) => (isOracle[index] ? answer(call) : (rest.shift() as CallResult))),
    );
  }
  return step.value;
}

/** The first decision of a vault on a chain with that id. */
async function decided(chainId: number, answer: (call: Call) => CallResult, balanceWei = 10n ** 20n) {
  const ledger = new Ledger({ north: freshVault });
  ledger.mine({ drift: { north: 20n * 10n ** 18n } });
  const l1 = simulatedChain(ledger, { receiptLagBlocks: 0, balanceWei, simulationFailure: null });
  const chain: Chain = {
    ...l1,
    chainId,
    read: (reads, at) =>
      l1.read(
        reads.map((read) => besideOracle(read, answer)),
        at,
      ),
  };
  const relays = [simulatedRelay('dev', ledger, { passesOn: true, says: 'accepted' })];
  const vault = simulatedVault('north');
  return tick(simulatedWorld({ chain, store: memoryStore(), relays }), {
    ...vault,
    terms: { ...vault.terms, chainId },
  });
}

const oracle = ({ data }: Call): CallResult => ({ ok: true, data: toHex(answers[data] ?? 0n, { size: 32 }) });

describe('a hedge on an L2', () => {
  it('costs its data fee beside its gas, in the snapshot, in the decision and in the order', async () => {
    const [l1, l2] = [await decided(1, oracle), await decided(10, oracle)];
    const { firstLeg } = hedgeDataFee(terms);
    const feeQuote = (Number(firstLeg) / 1e18) * (l2.snapshot?.native.priceQuote ?? Number.NaN);
    expect(l2.snapshot?.native.l1DataFeeWei).toEqual(hedgeDataFee(terms));
    expect(l1.snapshot?.native).not.toHaveProperty('l1DataFeeWei');
    expect(feeQuote).toBeGreaterThan(0.01);
    const gas = (result: typeof l1) => result.decision.numbers.cost?.gasQuote ?? Number.NaN;
    expect(gas(l2) - gas(l1)).toBeCloseTo(feeQuote, 9);
    expect(l2.order?.record.plannedGasQuote).toBe(gas(l2));
  });

  it('needs gas money for its data too', async () => {
    const needed = async (chainId: number) => {
      const { decision } = await decided(chainId, oracle, 1n);
      return BigInt(/needs up to (\d+)/.exec(decision.why)?.[1] ?? 0);
    };
    const l1Wei = await needed(1);
    expect((await decided(10, oracle, l1Wei)).decision).toMatchObject({ kind: 'halt', code: 'gasMoney' });
    expect((await decided(10, oracle, await needed(10))).decision.kind).toBe('hedge');
    expect((await needed(10)) - l1Wei).toBe(hedgeDataFee(terms).firstLeg);
  });

  it('is not decided where the chain does not say what data cost', async () => {
    const { decision } = await decided(10, () => ({ ok: false, data: '0x' }));
    expect(decision).toMatchObject({ kind: 'halt', code: 'dataFault' });
  });
});
