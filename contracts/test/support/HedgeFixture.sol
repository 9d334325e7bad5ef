// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../../src/IHedgeModule.sol";
import {ISafe, TestAvatar} from "./Avatars.sol";
import {TestAggregator, TestFeed} from "./Feeds.sol";
import {HostilePool} from "./HostilePool.sol";
import {IPool, IUniswapV3Factory, RealContracts} from "./RealContracts.sol";
import {HostileToken} from "./Tokens.sol";
import {Market} from "./Trader.sol";
import {vm} from "./Vm.sol";

/// @notice An avatar with 500 base (18 decimals) and 2,000,000 quote (6 decimals) at 3,000 quote per base, two real
/// Uniswap v3 pools of 100,000 base a side, and a mandate.
abstract contract HedgeFixture {
    uint256 internal constant START = 1_760_000_000;
    uint256 internal constant BASE = 1e18;
    uint256 internal constant QUOTE = 1e6;
    uint256 internal constant PRICE = 3_000;

    address internal immutable keeper = address(0xBEE9);
    address internal immutable guardian = address(0x60A8D);
    address internal immutable owner = address(0x0E8);
    address internal immutable stranger = address(0x5782A);

    IHedgeModule internal module;
    HostileToken internal base;
    HostileToken internal quote;
    TestAggregator internal aggregator;
    address internal feed;
    address internal avatar;
    Market internal market;
    IUniswapV3Factory internal factory;
    address internal pool;
    address internal pool2;
    HostilePool internal hostilePool;

    /// @dev With a real Safe 1.4.1 as the avatar, or the light one where speed matters.
    function _deploy(bool baseIsToken0, bool realSafe) internal {
        vm.warp(START);
        module = RealContracts.deployModule();
        avatar = realSafe ? address(RealContracts.deploySafe(owner, 1)) : address(new TestAvatar(address(module)));
        if (realSafe) {
            vm.prank(avatar);
            ISafe(avatar).enableModule(address(module));
        }
        _deployMarket(baseIsToken0);
        base.mint(avatar, 500 * BASE);
        quote.mint(avatar, 2_000_000 * QUOTE);
        vm.prank(avatar);
        module.setMandate(_mandate());
    }

    function _deployMarket(bool baseIsToken0) private {
        base = new HostileToken(18);
        do {
            quote = new HostileToken(6);
        } while ((address(base) < address(quote)) != baseIsToken0);
        aggregator = new TestAggregator(8, int256(PRICE * 1e8));
        feed = address(new TestFeed(aggregator));

        market = new Market();
        factory = RealContracts.deployFactory();
        pool = _newPool(500, 887_270);
        pool2 = _newPool(3_000, 887_220);
        hostilePool = new HostilePool(address(base), address(quote));
        base.mint(address(hostilePool), 1_000_000 * BASE);
        quote.mint(address(hostilePool), 1_000_000_000 * QUOTE);
    }

    function _newPool(uint24 fee, int24 range) internal returns (address created) {
        created = factory.createPool(address(base), address(quote), fee);
        IPool(created).initialize(_sqrtPriceX96(PRICE * QUOTE));
        market.provide(created, -range, range, 5.4e18);
    }

    function _mandate() internal view returns (IHedgeModule.Mandate memory mandate) {
        mandate.base = address(base);
        mandate.quote = address(quote);
        mandate.baseFeeds[0] = IHedgeModule.Feed(feed, 3_600);
        mandate.guardian = guardian;
        mandate.maxSlippageBps = 50;
        mandate.turnoverCapacityQuote = uint128(100_000 * QUOTE);
        mandate.turnoverRefillPerDayQuote = uint128(50_000 * QUOTE);
        mandate.minBase = int128(int256(480 * BASE));
        mandate.maxBase = uint128(520 * BASE);
        mandate.pools = new address[](2);
        mandate.pools[0] = pool;
        mandate.pools[1] = pool2;
        mandate.keepers = new address[](1);
        mandate.keepers[0] = keeper;
    }

    function _setMandate(IHedgeModule.Mandate memory mandate) internal {
        vm.prank(avatar);
        module.setMandate(mandate);
    }

    /// @dev The hostile pool beside the real ones.
    function _allowHostilePool() internal {
        IHedgeModule.Mandate memory mandate = _mandate();
        mandate.pools[1] = address(hostilePool);
        _setMandate(mandate);
    }

    function _order(bool sellBase, uint256 amount) internal view returns (IHedgeModule.Order memory) {
        return _orderOn(pool, sellBase, amount);
    }

    function _orderOn(address on, bool sellBase, uint256 amount)
        internal
        view
        returns (IHedgeModule.Order memory order)
    {
        order.avatar = avatar;
        order.sequence = module.nextSequence(avatar);
        order.deadline = uint64(block.timestamp + 60);
        order.sellBase = sellBase;
        order.baseAmount = uint128(amount);
        order.quoteLimit = sellBase ? 0 : type(uint256).max;
        order.minFillBps = 10_000;
        order.legs = new IHedgeModule.Leg[](1);
        order.legs[0] = IHedgeModule.Leg(0, on, uint128(amount), 0, 0, 0);
    }

    function _hedge(IHedgeModule.Order memory order) internal returns (uint256, uint256) {
        vm.prank(keeper);
        return module.hedge(order);
    }

    function _refused(IHedgeModule.Order memory order, bytes memory reason) internal {
        vm.expectRevert(reason);
        vm.prank(keeper);
        module.hedge(order);
    }

    /// @dev Where the error's facts are the pool's to decide.
    function _refusedWith(IHedgeModule.Order memory order, bytes4 selector) internal {
        vm.expectPartialRevert(selector);
        vm.prank(keeper);
        module.hedge(order);
    }

    function _movePools(uint256 quotePerBase) internal {
        market.moveTo(pool, _sqrtPriceX96(quotePerBase));
        market.moveTo(pool2, _sqrtPriceX96(quotePerBase));
    }

    /// @param quotePerBase quote smallest units per whole base
    function _sqrtPriceX96(uint256 quotePerBase) internal view returns (uint160) {
        return address(base) < address(quote)
            ? uint160(_sqrt((quotePerBase << 192) / BASE))
            : uint160(_sqrt((BASE << 192) / quotePerBase));
    }

    function _sqrt(uint256 value) internal pure returns (uint256 root) {
        root = value;
        uint256 next = value / 2 + 1;
        while (next < root) (root, next) = (next, (value / next + next) / 2);
    }
}
