// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../src/IHedgeModule.sol";
import {PositionsFixture} from "./support/PositionsFixture.sol";
import {vm} from "./support/Vm.sol";

/// @notice What withdrawing liquidity costs, each order a transaction of its own through a real Safe.
/// forge-config: default.isolate = true
contract PositionsGasTest is PositionsFixture {
    event GasUsed(string what, uint256 gas);

    function setUp() public {
        _deployPositions(true, true);
        base.mint(avatar, BASE);
        _goShort(500_000 * QUOTE, 20 * BASE);
    }

    function test_a_withdrawal_costs_little_over_what_the_position_manager_itself_asks() public {
        uint256 whole = _openOfBase(avatar, 30 * BASE);
        _measure("all of a range", _orderWith(true, 0, _withdrawal(whole, ALL)), 330_000);
        uint256 part = _openAround(avatar, 30 * BASE);
        _measure("part of a range", _orderWith(true, 0, _withdrawal(part, _liquidityIn(part) / 2)), 330_000);
        uint256 repaid = _openOfBase(avatar, 30 * BASE);
        _measure(
            "all of a range, and repay", _orderWith(true, 0, _withdrawal(repaid, ALL), _step(REPAY, BASE)), 480_000
        );
    }

    function _measure(string memory what, IHedgeModule.Order memory order, uint256 most) private {
        vm.warp(block.timestamp + 1 minutes);
        aggregator.set(int256(PRICE * 1e8));
        _hedge(order);
        uint256 gas = vm.lastCallGas().gasTotalUsed;
        emit GasUsed(what, gas);
        vm.assertLe(gas, most, what);
    }
}
