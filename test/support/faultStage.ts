import { type Devnet, startDevnet } from '../../src/devnet/index.ts';
import { parseConfig } from '../../src/runtime/config/load.ts';
import type { Config } from '../../src/runtime/config/schema.ts';
import { devnetConfigText } from '../../src/runtime/demo/config.ts';
import { createDemoVault } from '../../src/runtime/demo/vault.ts';
import { registry } from '../../src/runtime/registry.ts';
import type { Stage } from '../../src/runtime/rehearse/stage.ts';

const START_PRICE = 3_000;

/** Two vaults on one key: options over a ladder of two rungs, and a plain holding beside them. */
function configOf(
  devnet: Devnet,
  strangle: `0x${string}`,
  heldOtokens: readonly `0x${string}`[],
  plain: `0x${string}`,
): Config {
  const text = devnetConfigText({
    devnet,
    account: strangle,
    heldOtokens,
    relayUrl: devnet.url,
    journalPath: 'journal.sqlite',
    variables: { keeper: 'KEEPER', identity: 'IDENTITY' },
  })
    .replace(
      'submission: { windowBlocks: 3 }',
      'submission: { finalityBlocks: 7, ladder: [{ blocks: 2 }, { blocks: 2, tipMultiplier: 1.5 }] }',
    )
    .replace('halfWidth: { base: 4 }', 'halfWidth: { base: 1 }');
  const environment = () => undefined;
  const config = parseConfig('faults.yaml', text, { environment, registry });
  const [vault] = config.vaults;
  if (vault === undefined) throw new Error('the devnet writes a config with a vault');
  const beside = {
    ...vault,
    name: 'plain-eth',
    account: { ...vault.account, address: plain },
    positions: vault.positions.filter(({ kind }) => kind === 'balances'),
  };
  return { ...config, vaults: [vault, beside] };
}

/** A devnet with two vaults that have something to hedge from the first block on. */
export async function startFaultStage(): Promise<Stage> {
  const devnet = await startDevnet({ price: START_PRICE });
  try {
    const { safe, heldOtokens } = await createDemoVault(devnet);
    const { weth, usdc } = devnet.tokens;
    const plain = await devnet.createSafe({
      holdings: [
        { token: weth, amount: 12 },
        { token: usdc, amount: 100_000 },
      ],
    });
    const config = configOf(devnet, safe.address, heldOtokens, plain.address);
    const module = devnet.addresses.hedgeModule;
    return {
      node: devnet.node,
      config,
      keeperKey: devnet.accounts.keeper.privateKey,
      accounts: config.vaults.map(({ name, account }) => ({ vault: name, account: account.address, module })),
      startPrice: START_PRICE,
      build: (request) => devnet.mineBlock(request),
      addPrivatePool: (pool) => devnet.addPrivatePool(pool),
      async give(account, _, base) {
        if (base > 0) await devnet.fund(account, [{ token: weth, amount: base }]);
      },
      snapshot: () => devnet.snapshot(),
      stop: () => devnet.stop(),
    };
  } catch (error) {
    await devnet.stop();
    throw error;
  }
}
