import { toHex } from 'viem';
import { mnemonicToAccount, privateKeyToAccount } from 'viem/accounts';
import type { Address, Hex } from '../core/units.ts';

/** An account of the devnet: its key is public knowledge, worth nothing anywhere else. */
export interface DevnetAccount {
  readonly address: Address;
  readonly privateKey: Hex;
}

/** Who does what on the devnet; every one has 10,000 ETH or more. */
export interface DevnetAccounts {
  /** Deploys the contracts and owns what has an owner. */
  readonly deployer: DevnetAccount;
  /** Owns the Safes that the devnet makes. */
  readonly owner: DevnetAccount;
  /** Named as keeper in the mandates that the devnet makes. */
  readonly keeper: DevnetAccount;
  readonly guardian: DevnetAccount;
  /** Moves the pools to the market's price. */
  readonly arbitrageur: DevnetAccount;
  /** Reports prices to the feeds. */
  readonly reporter: DevnetAccount;
  /** Owns the pools' liquidity. */
  readonly liquidityProvider: DevnetAccount;
  /** Free for any use. */
  readonly user: DevnetAccount;
}

/** The mnemonic of anvil and hardhat, known to everybody. */
const MNEMONIC = 'test test test test test test test test test test test junk';
const PARENT_PATH = "m/44'/60'/0'/0";

/** anvil's deterministic accounts, by what they are used for here. */
export function devnetAccounts(): DevnetAccounts {
  const parent = mnemonicToAccount(MNEMONIC, { path: PARENT_PATH }).getHdKey();
  const account = (index: number): DevnetAccount => {
    const privateKey = toHex(parent.derive(`m/${index}`).privateKey!);
    return { address: privateKeyToAccount(privateKey).address, privateKey };
  };
  return {
    deployer: account(0),
    owner: account(1),
    keeper: account(2),
    guardian: account(3),
    arbitrageur: account(4),
    reporter: account(5),
    liquidityProvider: account(6),
    user: account(7),
  };
}
