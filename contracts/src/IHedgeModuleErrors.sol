// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Every reason for which the HedgeModule refuses
/// @notice Each error says what was found, what was expected and, in its notice, what to do about it.
interface IHedgeModuleErrors {
    // Who may act

    /// @notice The avatar has no mandate in force. Do: the avatar calls `setMandate`.
    error NoMandate(address avatar);
    /// @notice The caller is not a keeper of this avatar. Do: send from a keeper of the mandate, or set a new mandate.
    error NotKeeper(address avatar, address caller);
    /// @notice Only the avatar and its guardian may pause. Do: send from one of them.
    error NotAvatarOrGuardian(address avatar, address caller);
    /// @notice Hedging is paused. Do: find out why, then the avatar calls `unpause`.
    error HedgingPaused(address avatar);
    /// @notice Another call of this module is still running. Do: look at the token or pool that called back.
    error Reentered();
    /// @notice A swap callback came from a contract that is not the pool of the running leg, or came twice.
    /// Do: nothing is lost; look at the caller.
    error UnexpectedCallback(address caller);

    // The order

    /// @notice The order is too old. Do: decide again and build a new order.
    error DeadlinePassed(uint64 deadline, uint256 timestamp);
    /// @notice The order was executed, replaced, or comes too early. Do: read `nextSequence` and decide again.
    error WrongSequence(uint64 given, uint64 expected);
    /// @notice Do: give between one and `most` legs.
    error LegCountOutOfRange(uint256 count, uint256 most);
    /// @notice Do: leave out the leg that trades nothing.
    error LegEmpty(uint256 index);
    /// @notice Do: use a kind that this deployment knows (0 = Uniswap v3 pool, 1 = v2 pair, 2 = v4 pool; plus 128 = the
    /// far hop of the leg before it; 16 to 23 = lending; 24 = liquidity).
    error UnknownLegKind(uint256 index, uint8 kind);
    /// @notice The pool is not in the mandate, or not of the tokens that this leg trades (base and quote; with a far hop
    /// base and a bridge; in a far hop that bridge and quote); or, of v4, it has hooks or other tokens, or the leg's fee and tick spacing
    /// are not those that its id was made of. Do: route elsewhere, or have the avatar set a mandate that names it.
    error PoolNotAllowed(address avatar, address pool);
    /// @notice A far hop stands first or after another far hop. Do: put it right after the leg that it continues.
    error FarHopMisplaced(uint256 index);
    /// @notice A far hop trades what the leg before it brings or needs. Do: give it a base amount of zero.
    error FarHopAmountNotZero(uint256 index);
    /// @notice Do: make the legs' base amounts add up to the order's.
    error LegsDoNotAddUp(uint256 sum, uint256 baseAmount);

    // The oracle

    /// @notice The feed reverted. Do: check its address and whether it was retired.
    error FeedUnavailable(address aggregator);
    /// @notice The feed answered zero or less. Do: wait for a good round.
    error AnswerNotPositive(address aggregator, int256 answer);
    /// @notice The answer is beyond what a price can be. Do: check the feed.
    error AnswerTooLarge(address aggregator, int256 answer);
    /// @notice The feed's round has no time yet. Do: wait for its first complete round.
    error RoundIncomplete(address aggregator);
    /// @notice The feed's answer is dated after this block. Do: check the feed and the chain's clock.
    error AnswerFromFuture(address aggregator, uint256 updatedAt);
    /// @notice The feed's answer is older than its heartbeat. Do: wait for an update, or correct the heartbeat.
    error AnswerStale(address aggregator, uint256 updatedAt, uint256 heartbeatSeconds);
    /// @notice The answer was carried over from an earlier round. Do: wait for a complete round.
    error RoundCarriedOver(address aggregator, uint80 roundId, uint80 answeredInRound);
    /// @notice The L2 sequencer is down, or its feed has no valid round. Do: wait.
    error SequencerDown(address sequencerFeed);
    /// @notice The L2 sequencer came back a moment ago. Do: wait until `endsAt`.
    error SequencerGracePeriod(address sequencerFeed, uint256 endsAt);
    /// @notice The product of the feeds is beyond what can be computed with. Do: check the feeds.
    error PriceOutOfRange();

    // The fill

    /// @notice The pair holds no more than was to be bought of it. Do: buy less there, or give the leg a price limit.
    error ReserveTooSmall(address pair, uint256 wanted, uint256 reserve);
    /// @notice The avatar's payment to the pool failed, or its wrapping or unwrapping of the native coin. Do: check its
    /// balance and the token's own rules; `reason` is what the token said.
    error PaymentFailed(address token, bytes reason);
    /// @notice The token answered false to the transfer. Do: check the avatar's balance and the token's own rules.
    error PaymentRefused(address token);
    /// @notice The avatar's balance of this token moved the wrong way. Do: look at the token and the pool.
    error BalanceMovedAgainstOrder(address token);
    /// @notice Nothing was traded. Do: look at the pools' liquidity and the legs' price limits.
    error NothingFilled();
    /// @notice More base moved than was ordered. Do: look at the token and the pool.
    error Overfilled(uint256 baseFilled, uint256 baseAmount);
    /// @notice Less was filled than the order wants at least. Do: decide again with the pools as they are.
    error FillTooSmall(uint256 baseFilled, uint256 baseAmount, uint256 minFillBps);
    /// @notice The far hop traded less of the bridge than the leg before it brings or needs. Do: look at its pool's
    /// liquidity, or give it a wider price limit.
    error FarHopIncomplete(address pool, uint256 wanted, uint256 traded);
    /// @notice An order may pass through a bridge, not leave the avatar with more or less of it. Do: look at the two
    /// pools and at the token.
    error BridgeBalanceMoved(address bridge, uint256 balanceBefore, uint256 balanceAfter);
    /// @notice The quote received is less, or the quote paid more, than the order's limit. Do: decide again.
    error QuoteLimitMissed(uint256 baseFilled, uint256 quoteFilled, uint256 quoteLimit);
    /// @notice The price is further from the oracle than the mandate allows; `quoteBound` is the worst quote amount that
    /// it allows. Do: trade less at once, wait for pool and oracle to meet, or set a wider mandate.
    error PriceOutsideOracleBound(uint256 quoteFilled, uint256 quoteBound);
    /// @notice The turnover bucket holds too little. Do: trade less, or wait for the refill.
    error TurnoverExceeded(uint256 notionalQuote, uint256 availableQuote);
    /// @notice A sale would leave less base than the mandate allows. Do: sell less.
    error BaseBelowMinimum(int256 base, int256 minBase);
    /// @notice A purchase would leave more base than the mandate allows. Do: buy less.
    error BaseAboveMaximum(int256 base, uint256 maxBase);
    /// @notice A balance moved by more than can be computed with. Do: trade less; check the token.
    error AmountTooLarge(uint256 amount);

    // Lending

    /// @notice The lending pool, or the token on the way to it, refused. Do: look at `reason`, which is Aave's.
    error LendingFailed(address pool, bytes reason);
    /// @notice A lending step moved another amount than it was to. Do: look at the token and the lending pool.
    error LendingAmountMoved(address token, uint256 amount, uint256 moved);
    /// @notice The order would leave the avatar closer to liquidation than the mandate allows. Do: borrow or withdraw less.
    error HealthFactorTooLow(uint256 healthFactorWad, uint256 floorWad);
    /// @notice The order would leave more debt than the mandate allows. Do: borrow less.
    error DebtAboveMaximum(address token, uint256 debt, uint256 maxDebt);

    // Positions

    /// @notice The NFT is somebody else's, approved for the avatar or not. Do: name one that the avatar owns.
    error PositionNotOwned(uint256 tokenId, address owner);
    /// @notice The position is not of base and quote. Do: leave it to the avatar's owners.
    error PositionOfOtherTokens(uint256 tokenId, address token0, address token1);
    /// @notice The position's pool is further from the oracle than the mandate's slippage, so that what comes out may be of
    /// another make than it should be. Prices are quote per base, times 2^96. Do: wait until they meet.
    error PoolAwayFromOracle(address pool, uint256 poolPriceX96, uint256 oraclePriceX96);
    /// @notice The position manager refused. Do: look at `reason`, which is its own.
    error WithdrawalFailed(uint256 tokenId, bytes reason);

    // The mandate

    /// @notice There is no contract at this address of the mandate. Do: correct it.
    error NotAContract(address account);
    /// @notice Do: name two different tokens.
    error BaseIsQuote(address token);
    /// @notice The first base feed is missing. Do: name a feed of the base token's price.
    error BaseFeedMissing();
    /// @notice Do: give this feed the heartbeat that its operator publishes.
    error HeartbeatMissing(address aggregator);
    /// @notice A heartbeat stands where no feed is named (0, 1 = base feeds, 2 = quote feed). Do: name the feed, or
    /// leave out the heartbeat.
    error HeartbeatWithoutFeed(uint256 index);
    /// @notice Do: give both the sequencer feed and its grace period, or neither.
    error SequencerFeedIncomplete(address sequencerFeed, uint32 graceSeconds);
    /// @notice The contract does not answer `decimals()`. Do: check the token or feed.
    error DecimalsUnreadable(address account);
    /// @notice The decimals of tokens and feeds are too far apart to compute a price with. Do: check the feeds.
    error DecimalsOutOfRange(int256 exponent);
    /// @notice Do: choose a slippage from 1 to `most` basis points.
    error SlippageOutOfRange(uint256 bps, uint256 most);
    /// @notice Do: give the turnover bucket a capacity.
    error TurnoverCapacityZero();
    /// @notice Do: make `maxBase` larger than `minBase`.
    error InventoryLimitsReversed(int256 minBase, uint256 maxBase);
    /// @notice Without lending the avatar cannot owe base. Do: make `minBase` zero or more, or name a lending pool.
    error InventoryBelowZero(int256 minBase);
    /// @notice Lending limits without a lending pool. Do: name the pool, or leave them out.
    error LendingPoolMissing();
    /// @notice Do: choose a health factor of at least `leastWad`.
    error HealthFactorFloorTooLow(uint256 floorWad, uint256 leastWad);
    /// @notice The lending pool has no reserve of this token. Do: check the pool; it must list base and quote.
    error ReserveNotListed(address token);
    /// @notice The contract does not name its factory as a position manager does; or there is none in the mandate, of a
    /// rescue. Do: name the NonfungiblePositionManager, or zero.
    error NotAPositionManager(address account);
    /// @notice Do: name between one and `most` pools.
    error PoolCountOutOfRange(uint256 count, uint256 most);
    /// @notice Do: name at most `most` bridges.
    error BridgeCountOutOfRange(uint256 count, uint256 most);
    /// @notice Do: leave it out of the bridges.
    error BridgeIsBaseOrQuote(address bridge);
    /// @notice Do: name the bridge once.
    error DuplicateBridge(address bridge);
    /// @notice The pool trades neither base against quote nor either of them against a bridge. Do: leave it out, or name
    /// its other token as a bridge.
    error PoolTokensMismatch(address pool);
    /// @notice Do: name the pool once.
    error DuplicatePool(address pool);
    /// @notice A PoolManager without v4 pools, or v4 pools without their PoolManager. Do: give both or neither.
    error PoolManagerIncomplete(address poolManager, uint256 v4Pools);
    /// @notice The PoolManager has no pool of this id. Do: check both.
    error PoolNotInitialised(bytes32 v4Pool);
    /// @notice Do: name the pool once.
    error DuplicateV4Pool(bytes32 v4Pool);
    /// @notice Do: name between one and `most` keepers.
    error KeeperCountOutOfRange(uint256 count, uint256 most);
    /// @notice Do: leave out the zero address.
    error KeeperZero();
    /// @notice Do: name the keeper once.
    error DuplicateKeeper(address keeper);
}
