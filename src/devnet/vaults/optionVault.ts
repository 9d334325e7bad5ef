import {
  concatHex,
  decodeFunctionData,
  encodeDeployData,
  encodeFunctionData,
  getContractAddress,
  keccak256,
  numberToHex,
  toFunctionSelector,
} from 'viem';
import { optionVaultBytecode } from '../../../abis/bytecode/optionVault.ts';
import { erc20Abi } from '../../../abis/erc20.ts';
import { hedgeModuleAbi } from '../../../abis/hedgeModule.ts';
import { optionVaultAbi } from '../../../abis/optionVault.ts';
import { opynControllerStandInAbi } from '../../../abis/opynControllerStandIn.ts';
import { create2Deployer, hedgeModuleAddress } from '../../adapters/chain/deployment.ts';
import { type Address, type Hex, toRawUp } from '../../core/units.ts';
import { mainnet } from '../addresses.ts';
import type { AnvilNode } from '../node/node.ts';
import { type Call, callOf } from '../node/transactions.ts';
import { devnetTokens } from '../pools/pools.ts';
import { approveCall } from '../seed.ts';
import { defaultMandate, type Mandate } from './mandate.ts';
import { type ShortOption, writeOptionCalls } from './opyn.ts';
import { type CallsFrom, funding, resolveAll, type VaultTools } from './vaults.ts';

/** How it can be seen that a position of a round is settled: a read, and the hash of its answer then. */
export interface StatedPosition {
  readonly target: Address;
  readonly query: Hex;
  readonly settledHash: Hex;
}

/** How an OptionVault is made. */
export interface OptionVaultOptions {
  /** What the devnet's `user` deposits before the first round, whole USDC. */
  readonly depositUsdc: number;
  /** Replaces parts of the default mandate; null = no module, no mandate. */
  readonly mandate?: Partial<Mandate> | null;
  /** What the owner may call in a round, beside the module. @default Opyn's controller */
  readonly targets?: readonly Address[];
  /** Length of the first round, seconds. @default 30 days */
  readonly roundSeconds?: number;
}

/** An OptionVault of WETH and USDC with its first round open; the devnet's `owner` runs it. */
export interface DevnetOptionVault {
  readonly address: Address;
  /** The owner's calls in a round, a transaction each. @throws DevnetError when one reverts */
  execute(calls: readonly Call[]): Promise<void>;
  /** States positions of the round that is open. @throws DevnetError when that reverts */
  statePositions(positions: readonly StatedPosition[]): Promise<void>;
  /** Writes options with the vault's own money, each in an Opyn vault that is stated first. @returns the oTokens */
  writeOptions(options: readonly ShortOption[]): Promise<readonly Address[]>;
  /** Closes the round and settles the queue. @throws DevnetError when an option is open or base is left */
  closeRound(): Promise<void>;
}

/** A thousandth of a WETH: what may be left of base when a round is closed. */
const BASE_DUST = 10n ** 15n;
const DAY_SECONDS = 86_400;
const APPROVE = toFunctionSelector('approve(address,uint256)');

/** Deploys an OptionVault, has the `user` deposit, opens a round and sets a mandate: as its owner would, one call each. */
export async function createOptionVault(
  tools: VaultTools,
  {
    depositUsdc,
    mandate,
    targets = [mainnet.opynController],
    roundSeconds = 30 * DAY_SECONDS,
  }: OptionVaultOptions,
): Promise<DevnetOptionVault> {
  const { node, accounts } = tools;
  const { owner, guardian, deployer, user } = accounts;
  const nonce = await node.request<Hex>('eth_getTransactionCount', [owner.address, 'latest']);
  const { call: deployment, address } = deploymentOf(owner.address, guardian.address, BigInt(nonce));
  const { usdc } = devnetTokens;
  const assetsRaw = toRawUp(depositUsdc, usdc.decimals);
  const allow = (target: Address) => callOf(address, optionVaultAbi, 'allowTarget', [target]);
  const { timestampSeconds } = await node.head();
  const endsAt = BigInt(timestampSeconds + roundSeconds);
  const allowed = mandate === null ? targets : [hedgeModuleAddress, ...targets];
  await tools.transact([
    {
      from: owner,
      calls: [
        deployment,
        ...(mandate === null ? [] : [callOf(address, optionVaultAbi, 'enableModule', [hedgeModuleAddress])]),
        ...allowed.map(allow),
      ],
    },
  ]);
  await tools.transact([
    { from: deployer, calls: funding(user.address, [{ token: usdc, amount: depositUsdc }]) },
    {
      from: user,
      calls: [
        approveCall(usdc.address, address, assetsRaw),
        callOf(address, optionVaultAbi, 'requestDeposit', [assetsRaw, user.address, user.address]),
        callOf(address, optionVaultAbi, 'settle', []),
        callOf(address, optionVaultAbi, 'deposit', [assetsRaw, user.address, user.address]),
      ],
    },
  ]);
  const inForce = { ...defaultMandate(accounts), ...mandate };
  const setMandate = callOf(hedgeModuleAddress, hedgeModuleAbi, 'setMandate', [inForce]);
  await tools.transact([
    {
      from: owner,
      calls: [
        callOf(address, optionVaultAbi, 'openRound', [[], endsAt]),
        ...(mandate === null ? [] : [executeCall(address, setMandate)]),
      ],
    },
  ]);
  return openOptionVault(tools, address);
}

function openOptionVault(tools: VaultTools, address: Address): DevnetOptionVault {
  const asOwner = (calls: readonly Call[]): readonly CallsFrom[] => [{ from: tools.accounts.owner, calls }];
  return {
    address,
    async execute(calls) {
      await tools.transact(asOwner(calls.map((call) => executeCall(address, call))));
    },
    async statePositions(positions) {
      await tools.transact(asOwner([callOf(address, optionVaultAbi, 'statePositions', [positions])]));
    },
    async writeOptions(options) {
      const { creations, otokens } = await resolveAll(tools.node, options);
      const positions = await statedVaults(tools.node, address, options.length);
      const { deployer, user } = tools.accounts;
      const writes = options.flatMap((option, index) =>
        writeOptionCalls(option, otokens[index] as Address, user.address),
      );
      await tools.transact([
        { from: deployer, calls: creations },
        ...asOwner([
          callOf(address, optionVaultAbi, 'statePositions', [positions]),
          ...writes.map((call) => executeCall(address, call)),
        ]),
      ]);
      return otokens;
    },
    async closeRound() {
      await tools.transact(asOwner([callOf(address, optionVaultAbi, 'closeRound', [])]));
    },
  };
}

/** The next Opyn vaults of an account: settled is what looks like one that does not exist. */
async function statedVaults(
  node: AnvilNode,
  account: Address,
  count: number,
): Promise<readonly StatedPosition[]> {
  const { opynController: target } = mainnet;
  const opened = await node.read(target, opynControllerStandInAbi, 'getAccountVaultCounter', [account]);
  const queryOf = (id: bigint) =>
    encodeFunctionData({ abi: opynControllerStandInAbi, functionName: 'getVault', args: [account, id] });
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const query = queryOf(opened + BigInt(index) + 1n);
      const empty = await node.request<Hex>('eth_call', [{ to: target, data: query }, 'latest']);
      return { target, query, settledHash: keccak256(empty) };
    }),
  );
}

/** A call that the vault makes for its owner; an approval is a call of the vault's own, since its tokens are out of reach. */
function executeCall(vault: Address, { label, to, data, valueWei = 0n }: Call): Call {
  if (data.startsWith(APPROVE)) {
    const { args } = decodeFunctionData({ abi: erc20Abi, data });
    const [spender, amountRaw] = args as readonly [Address, bigint];
    return callOf(vault, optionVaultAbi, 'approveTarget', [to, spender, amountRaw]);
  }
  return { ...callOf(vault, optionVaultAbi, 'execute', [to, valueWei, data]), label };
}

/** Of WETH and USDC; its address follows from who owns it and the owner's nonce. */
function deploymentOf(owner: Address, guardian: Address, nonce: bigint) {
  const bytecode = encodeDeployData({
    abi: optionVaultAbi,
    bytecode: optionVaultBytecode,
    args: [mainnet.usdc, mainnet.weth, BASE_DUST, 'Options on WETH', 'ovWETH', owner, guardian],
  });
  const salt = numberToHex(nonce, { size: 32 });
  const address = getContractAddress({ opcode: 'CREATE2', from: create2Deployer, salt, bytecode });
  const call: Call = { label: 'deploy OptionVault', to: create2Deployer, data: concatHex([salt, bytecode]) };
  return { address, call };
}
