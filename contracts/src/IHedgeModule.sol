// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModuleErrors} from "./IHedgeModuleErrors.sol";

/// @title The last line of defence of a vault that is hedged by a keeper
/// @notice One deployment serves many avatars (Safes, or anything that implements the Zodiac avatar interface). An
/// avatar enables this module and sets its mandate; a keeper named in the mandate may then hedge within it.
interface IHedgeModule is IHedgeModuleErrors {
    /// @notice A Chainlink-style price feed; `aggregator` zero means "not used" (the factor 1).
    struct Feed {
        address aggregator;
        uint32 heartbeatSeconds;
    }

    /// @notice An Aave v3 market on which the avatar may be made to lend and borrow base and quote; zero pool = none.
    struct Lending {
        /// Its Pool. What it says of the avatar is believed, as the feeds are.
        address pool;
        /// No order that borrows or withdraws may end below it (1e18 = one), unless it raised what it found below it.
        uint64 minHealthFactorWad;
        /// Variable debt that an order with borrowing may not end above.
        uint128 maxBaseDebt;
        uint128 maxQuoteDebt;
    }

    /// @notice All that an avatar allows. Amounts are in the smallest unit of their token.
    struct Mandate {
        address base;
        address quote;
        /// Multiplied together: one is enough for ETH; WBTC or wstETH need two.
        Feed[2] baseFeeds;
        /// Price of the quote token in the currency of the base feeds; zero address = exactly 1.
        Feed quoteFeed;
        /// L2 sequencer uptime feed; zero address on L1.
        address sequencerFeed;
        uint32 sequencerGraceSeconds;
        address guardian;
        /// Worst price against the oracle, both sides.
        uint16 maxSlippageBps;
        /// Turnover bucket: what can be traded at once, and what flows back in a day, in quote at the oracle's price.
        uint128 turnoverCapacityQuote;
        uint128 turnoverRefillPerDayQuote;
        /// Base inventory that an order may not leave: a sale may not end below minBase, a purchase not above maxBase.
        /// Where `lending` is used, of what is owned and supplied less what is owed, so that minBase may be negative.
        int128 minBase;
        uint128 maxBase;
        /// Uniswap v2 pairs and v3 pools, each of base and quote, of base and a bridge, or of a bridge and quote.
        address[] pools;
        address[] keepers;
        /// Uniswap v4: its PoolManager, and the ids of pools in it; zero address and none where v4 is not used.
        address poolManager;
        bytes32[] v4Pools;
        /// Tokens that an order may pass through on its way from base to quote or back; it never keeps any.
        address[] bridges;
        /// Swaps straight between base and quote are paid by `transferFrom`, of what the avatar approved of both for the
        /// module, instead of by a call of the avatar itself: cheaper, but disabling the module on the avatar alone no
        /// longer stops it.
        bool paysByAllowance;
        Lending lending;
        /// Uniswap v3's NonfungiblePositionManager, where keepers may withdraw the liquidity of the avatar's own positions in
        /// pools of base and quote, to the avatar; zero = its positions are not theirs to touch.
        address positionManager;
    }

    /// @notice One swap: of base against quote; or, where the next leg is its far hop, of base against that hop's bridge.
    /// Or one lending step, or the withdrawal of a position's liquidity.
    struct Leg {
        /// 0 = Uniswap v3 pool, 1 = Uniswap v2 pair, 2 = Uniswap v4 pool without hooks; plus 128 = the far hop of the
        /// leg before it, on a pool of that kind: it trades all of the bridge that the leg before it brings or needs
        /// against quote. 16 = supply base, 17 = withdraw it, 18 = borrow it, 19 = repay it; 20 to 23 = the same of
        /// quote. 24 = withdraw liquidity of a Uniswap v3 position, with its fees.
        uint8 kind;
        /// Of a v4 pool the last 20 bytes of its id; of a lending step the mandate's lending pool, of a withdrawal of
        /// liquidity its position manager.
        address pool;
        /// Zero in a far hop. Of a lending step the amount of its token, which does not count for the order's; the
        /// largest value supplies what the order has brought of it so far, withdraws or repays all. Of a withdrawal of
        /// liquidity the most of it, which does not count either; the largest value withdraws all.
        uint128 baseAmount;
        /// Where the swap stops, by the pool's own order of tokens; 0 = nowhere. Of a withdrawal of liquidity the NFT's id.
        uint160 sqrtPriceLimitX96;
        /// Of a v4 pool what its id was made of, beside its currencies; not looked at otherwise.
        uint24 fee;
        int24 tickSpacing;
    }

    struct Order {
        address avatar;
        /// Must equal `nextSequence(avatar)`: an order can execute once, and never beside its own replacement.
        uint64 sequence;
        /// Last block timestamp, in seconds, at which the order may execute.
        uint64 deadline;
        /// true: base is sold for quote; false: base is bought with quote.
        bool sellBase;
        /// Intended base; the swaps must add up to it. Zero in an order without swaps.
        uint128 baseAmount;
        /// Whole-order limit at full fill: least quote received (sale) or most quote paid (purchase); a partial fill
        /// is held to it pro rata.
        uint256 quoteLimit;
        /// The transaction reverts when less than this share of baseAmount is filled.
        uint16 minFillBps;
        Leg[] legs;
    }

    event MandateSet(address indexed avatar, uint32 epoch, Mandate mandate);
    event MandateRevoked(address indexed avatar);
    event Paused(address indexed avatar, address by);
    event Unpaused(address indexed avatar);
    /// @param oraclePriceX96 quote smallest units per base smallest unit, times 2^96.
    event Hedged(
        address indexed avatar,
        uint64 indexed sequence,
        address indexed keeper,
        bool sellBase,
        uint256 baseFilled,
        uint256 quoteFilled,
        uint256 oraclePriceX96
    );
    /// @notice A lending step of an order, before its Hedged.
    /// @param kind of its leg
    /// @param amount that moved between avatar and lending pool, measured on the avatar's balance
    event Lent(address indexed avatar, uint64 indexed sequence, uint8 kind, uint256 amount);
    /// @notice A withdrawal of liquidity, before its order's Hedged.
    /// @param baseReceived fees among it, measured on the avatar's balance; `quoteReceived` likewise
    event LiquidityWithdrawn(
        address indexed avatar,
        uint64 indexed sequence,
        uint256 tokenId,
        uint256 liquidity,
        uint256 baseReceived,
        uint256 quoteReceived
    );
    event Rescued(address indexed avatar, address by, uint256 baseRepaid, uint256 quoteRepaid);
    event LiquidityRescued(
        address indexed avatar,
        address by,
        uint256 tokenId,
        uint256 liquidity,
        uint256 baseReceived,
        uint256 quoteReceived
    );

    /// @notice Sets or replaces the caller's mandate; every keeper and pool of the former one loses its right. The
    /// sequence goes on, the turnover bucket starts full only the first time and is never refilled by a new mandate.
    function setMandate(Mandate calldata mandate) external;

    /// @notice Withdraws the caller's mandate: no order executes until a new one is set.
    function revokeMandate() external;

    /// @notice Stops all hedging for `avatar`; by the avatar or its guardian.
    function pause(address avatar) external;

    /// @notice Repays the avatar's debt on the mandate's lending pool from what it has, as far as both go; by the avatar
    /// or its guardian, paused or not.
    /// @param baseAmount the most of base debt that is repaid; `quoteAmount` likewise
    function rescue(address avatar, uint256 baseAmount, uint256 quoteAmount)
        external
        returns (uint256 baseRepaid, uint256 quoteRepaid);

    /// @notice Withdraws liquidity of the avatar's position to the avatar, as an order may; by the avatar or its guardian,
    /// paused or not.
    /// @param most liquidity that is withdrawn
    function rescueLiquidity(address avatar, uint256 tokenId, uint128 most)
        external
        returns (uint256 baseReceived, uint256 quoteReceived);

    /// @notice Lifts the pause; by the avatar only.
    function unpause() external;

    /// @notice Executes an order for `order.avatar`; by one of its keepers.
    /// @return baseFilled base sold or bought, measured on the avatar's balance
    /// @return quoteFilled quote received or paid, measured on the avatar's balance
    function hedge(Order calldata order) external returns (uint256 baseFilled, uint256 quoteFilled);

    function nextSequence(address avatar) external view returns (uint64);

    /// @notice The mandate as it was set (empty where none is in force).
    function mandateOf(address avatar) external view returns (Mandate memory);

    /// @notice What changes as the vault trades.
    function stateOf(address avatar)
        external
        view
        returns (uint64 sequence, bool paused, uint32 epoch, uint256 turnoverAvailableQuote);

    function isKeeper(address avatar, address keeper) external view returns (bool);

    /// @param pool of a v4 pool the last 20 bytes of its id
    function isPool(address avatar, address pool) external view returns (bool);

    /// @notice The oracle's price with all its checks (freshness, completeness, sign, sequencer), times 2^96; reverts as `hedge` would.
    function oraclePriceX96(address avatar) external view returns (uint256);
}
