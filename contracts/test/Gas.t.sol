// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../src/IHedgeModule.sol";
import {TestAggregator, TestFeed} from "./support/Feeds.sol";
import {HedgeFixture} from "./support/HedgeFixture.sol";
import {BarePayer} from "./support/Trader.sol";
import {Vm, vm} from "./support/Vm.sol";

/// @notice What the module costs over a bare swap on the same pool with the same tokens, through a real Safe.
/// @dev Measured as on a chain: `isolate` runs every call of a test as a transaction of its own, so that each starts
/// with cold accounts and slots and pays 21,000 and its calldata; `lastCallGas` is that transaction's gas, refunds
/// taken off. Payer and Safe start alike,
/// with base and with no quote (first) or some quote (steady).
/// forge-config: default.isolate = true
contract GasTest is HedgeFixture {
    uint256 private constant MOST_OVER_BARE = 65_000;
    uint256 private constant MOST_PER_FURTHER_FEED = 20_000;

    BarePayer private bare;

    event GasUsed(string what, uint256 gas);

    function setUp() public {
        _deploy(true, true);
        quote.burn(avatar, quote.balanceOf(avatar));
        bare = new BarePayer(pool);
        base.mint(address(bare), 500 * BASE);
        // The pool's own slots for collected fees are filled once by whoever comes first: not part of either side.
        market.moveTo(pool, _sqrtPriceX96(2_999 * QUOTE));
    }

    function test_a_sale_costs_little_over_a_bare_swap() public {
        uint256 bareFirst = _bareSale();
        uint256 bareSteady = _bareSale();
        uint256 hedgeFirst = _gasOfHedge(true);
        uint256 hedgeSteady = _gasOfHedge(true);

        emit GasUsed("bare swap, first", bareFirst);
        emit GasUsed("bare swap, steady", bareSteady);
        emit GasUsed("hedge, first", hedgeFirst);
        emit GasUsed("hedge, steady", hedgeSteady);
        emit GasUsed("over a bare swap, first", hedgeFirst - bareFirst);
        emit GasUsed("over a bare swap, steady", hedgeSteady - bareSteady);
        vm.assertLe(hedgeFirst - bareFirst, MOST_OVER_BARE, "first hedge over first bare swap");
        vm.assertLe(hedgeSteady - bareSteady, MOST_OVER_BARE, "steady hedge over steady bare swap");
    }

    function test_a_purchase_costs_little_over_a_bare_swap() public {
        quote.mint(avatar, 100_000 * QUOTE);
        quote.mint(address(bare), 100_000 * QUOTE);
        _restorePrice();
        bare.swap(false, -int256(BASE), 1461446703485210103287273052203988822378723970341);
        uint256 bareSteady = _lastGas();
        uint256 hedgeSteady = _gasOfHedge(false);

        emit GasUsed("bare purchase", bareSteady);
        emit GasUsed("hedge, purchase", hedgeSteady);
        vm.assertLe(hedgeSteady - bareSteady, MOST_OVER_BARE, "purchase over bare purchase");
    }

    function test_each_further_feed_costs_little() public {
        _gasOfHedge(true);
        uint256 oneFeed = _gasOfHedge(true);

        IHedgeModule.Mandate memory mandate = _mandate();
        mandate.quoteFeed = _newFeed();
        _setMandate(mandate);
        uint256 twoFeeds = _gasOfHedge(true);

        mandate.baseFeeds[1] = _newFeed();
        _setMandate(mandate);
        uint256 threeFeeds = _gasOfHedge(true);

        emit GasUsed("one feed", oneFeed);
        emit GasUsed("two feeds", twoFeeds);
        emit GasUsed("three feeds", threeFeeds);
        vm.assertLe(twoFeeds - oneFeed, MOST_PER_FURTHER_FEED, "second feed");
        vm.assertLe(threeFeeds - twoFeeds, MOST_PER_FURTHER_FEED, "third feed");
    }

    function test_every_call_here_starts_cold() public {
        _gasOfHedge(true);
        uint256 once = _gasOfHedge(true);
        uint256 again = _gasOfHedge(true);
        vm.assertApproxEqRel(again, once, 0.01e18, "a warm second call would be far cheaper");
    }

    /// @dev From the same price each time: where it falls within the pool's tick words is worth 2,000 gas.
    function _restorePrice() private {
        market.moveTo(pool, _sqrtPriceX96(3_000 * QUOTE));
    }

    function _bareSale() private returns (uint256) {
        _restorePrice();
        bare.swap(true, int256(BASE), 4295128740);
        return _lastGas();
    }

    function _gasOfHedge(bool sellBase) private returns (uint256) {
        IHedgeModule.Order memory order = _order(sellBase, BASE);
        order.quoteLimit = sellBase ? 2_990 * QUOTE : 3_010 * QUOTE;
        _restorePrice();
        _hedge(order);
        return _lastGas();
    }

    function _lastGas() private view returns (uint256) {
        return vm.lastCallGas().gasTotalUsed;
    }

    function _newFeed() private returns (IHedgeModule.Feed memory) {
        return IHedgeModule.Feed(address(new TestFeed(new TestAggregator(8, 1e8))), 3_600);
    }
}
