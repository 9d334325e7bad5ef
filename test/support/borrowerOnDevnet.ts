import { aavePoolAbi } from '../../abis/aavePool.ts';
import { erc20Abi } from '../../abis/erc20.ts';
import { toRawUp, toWhole } from '../../src/core/units.ts';
import { type Mandate, mainnet } from '../../src/devnet/index.ts';
import { KeeperOnDevnet } from './keeperOnDevnet.ts';

/** Parts of a mandate that lets the keeper borrow base on the devnet's Aave. */
export function lendingMandate({
  minHealthFactor,
  maxBaseDebt,
}: {
  readonly minHealthFactor: number;
  readonly maxBaseDebt: number;
}): Partial<Mandate> {
  return {
    minBase: -toRawUp(maxBaseDebt, 18),
    lending: {
      pool: mainnet.aavePool,
      minHealthFactorWad: toRawUp(minHealthFactor, 18),
      maxBaseDebt: toRawUp(maxBaseDebt, 18),
      maxQuoteDebt: 0n,
    },
  };
}

/** A keeper whose vault borrows at Aave. */
export class BorrowerOnDevnet extends KeeperOnDevnet {
  override get configText(): string {
    return super.configText.replace(
      '      - { kind: balances }\n',
      `      - { kind: balances }\n      - { kind: aaveV3, pool: "${mainnet.aavePool}" }\n`,
    );
  }

  /** Base owed at the variable rate, whole. */
  async debtBase(): Promise<number> {
    const { node, tokens } = this.devnet;
    const { weth } = tokens;
    const reserve = await node.read(mainnet.aavePool, aavePoolAbi, 'getReserveData', [weth.address]);
    const owed = await node.read(reserve.variableDebtTokenAddress, erc20Abi, 'balanceOf', [
      this.safe.address,
    ]);
    return toWhole(owed, weth.decimals);
  }
}
