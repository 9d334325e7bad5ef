// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../src/IHedgeModule.sol";
import {HedgeFixture} from "./support/HedgeFixture.sol";
import {bound, vm} from "./support/Vm.sol";

/// @notice The module beside the rules as one would write them down, for any numbers.
contract FuzzTest is HedgeFixture {
    struct Case {
        bool sellBase;
        uint256 answer;
        uint256 ordered;
        uint256 base;
        uint256 quote;
        uint256 quoteLimit;
        uint256 minFillBps;
    }

    function setUp() public {
        _deploy(false, false);
        _allowHostilePool();
    }

    /// @dev Prices within one percent of the oracle, so that about half of the cases pass.
    /// forge-config: default.fuzz.runs = 2000
    function test_an_order_executes_exactly_when_the_rules_allow_it(Case memory c, uint256 offBps) public {
        c.answer = bound(c.answer, 1e8, 1e13);
        c.ordered = bound(c.ordered, 1, 30 * BASE);
        c.base = bound(c.base, c.ordered / 2, c.ordered + c.ordered / 100);
        c.minFillBps = bound(c.minFillBps, 0, 10_001);
        c.quote = c.base * c.answer * (9_900 + bound(offBps, 0, 200)) / 10_000 / 1e20;
        c.quoteLimit = c.sellBase
            ? bound(c.quoteLimit, 0, c.quote * 21 / 20)
            : bound(c.quoteLimit, c.quote * 19 / 20, c.quote * 4);
        aggregator.set(int256(c.answer));

        IHedgeModule.Order memory order = _orderOn(address(hostilePool), c.sellBase, c.ordered);
        order.quoteLimit = c.quoteLimit;
        order.minFillBps = uint16(c.minFillBps);
        if (c.sellBase) hostilePool.behave(c.quote, c.base, 1);
        else hostilePool.behave(c.base, c.quote, 1);

        vm.prank(keeper);
        (bool success,) = address(module).call(abi.encodeCall(module.hedge, (order)));
        vm.assertTrue(success == _isAllowed(c), "as the rules say");
    }

    /// @dev A fill takes from the bucket what a reference bucket says, whatever the times between fills.
    function test_the_bucket_is_what_its_definition_says(uint256[8] memory waits, uint256[8] memory amounts) public {
        uint256 levelAfterLast = 100_000 * QUOTE;
        uint256 last = START;
        for (uint256 i = 0; i < 8; ++i) {
            vm.warp(block.timestamp + bound(waits[i], 0, 3 days));
            aggregator.set(int256(PRICE * 1e8));
            uint256 level = levelAfterLast + 50_000 * QUOTE * (block.timestamp - last) / 1 days;
            if (level > 100_000 * QUOTE) level = 100_000 * QUOTE;

            uint256 amount = bound(amounts[i], 1e9, 15 * BASE);
            uint256 notional = (amount * PRICE * QUOTE + BASE - 1) / BASE;
            bool sellBase = base.balanceOf(avatar) >= 500 * BASE;
            hostilePool.behave(sellBase ? notional : amount, sellBase ? amount : notional - 1, 1);
            bytes memory data = abi.encodeCall(module.hedge, (_orderOn(address(hostilePool), sellBase, amount)));
            vm.prank(keeper);
            (bool success,) = address(module).call(data);
            vm.assertTrue(success == (notional <= level), "passes while the bucket holds enough");
            if (success) (level, levelAfterLast, last) = (level - notional, level - notional, block.timestamp);
            (,,, uint256 available) = module.stateOf(avatar);
            vm.assertEq(available, level, "level");
        }
    }

    function _isAllowed(Case memory c) private pure returns (bool) {
        uint256 notionalUp = (c.base * c.answer + 1e20 - 1) / 1e20;
        bool filled = c.base > 0 && c.base <= c.ordered && c.base * 10_000 >= c.ordered * c.minFillBps;
        bool limited =
            c.sellBase ? c.quote * c.ordered >= c.quoteLimit * c.base : c.quote * c.ordered <= c.quoteLimit * c.base;
        bool priced =
            c.sellBase ? c.quote * 10_000 >= notionalUp * 9_950 : c.quote * 10_000 <= c.base * c.answer / 1e20 * 10_050;

        return filled && limited && priced && c.base <= 20 * BASE && notionalUp <= 100_000 * QUOTE
            && (c.sellBase || c.quote <= 2_000_000 * QUOTE);
    }
}
