// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../src/IHedgeModule.sol";
import {LendingFixture} from "./support/LendingFixture.sol";
import {vm} from "./support/Vm.sol";

/// @notice What lending steps cost, each order a transaction of its own through a real Safe on a real Aave v3 market, on
/// which the avatar has collateral and debt already.
/// forge-config: default.isolate = true
contract LendingGasTest is LendingFixture {
    event GasUsed(string what, uint256 gas);

    function setUp() public {
        _deployLending(true, true);
        base.mint(avatar, 10 * BASE);
        _goShort(500_000 * QUOTE, 20 * BASE);
        _measure("", _orderWith(true, 0, _step(SUPPLY, BASE)), type(uint256).max);
        vm.warp(block.timestamp + 1 minutes);
    }

    function test_each_step_alone_costs_little_over_what_aave_itself_asks() public {
        _measure("supply", _orderWith(true, 0, _step(SUPPLY, BASE)), 270_000);
        _measure("withdraw", _orderWith(true, 0, _step(WITHDRAW, BASE)), 390_000);
        _measure("borrow", _orderWith(true, 0, _step(BORROW, BASE)), 430_000);
        _measure("repay", _orderWith(true, 0, _step(REPAY, BASE)), 270_000);
    }

    function test_steps_beside_a_swap_share_its_transaction() public {
        _measure("swap", _orderWith(true, BASE, _swap(BASE)), 220_000);
        _measure("borrow and sell", _orderWith(true, BASE, _step(BORROW, BASE), _swap(BASE)), 560_000);
        _measure("buy and repay", _orderWith(false, BASE, _swap(BASE), _step(REPAY, ALL)), 380_000);
        _measure(
            "supply, borrow and sell",
            _orderWith(true, BASE, _step(SUPPLY + OF_QUOTE, 5_000 * QUOTE), _step(BORROW, BASE), _swap(BASE)),
            700_000
        );
    }

    function test_a_rescue_costs_little_over_what_aave_itself_asks() public {
        vm.prank(guardian);
        module.rescue(avatar, BASE, 0);
        uint256 gas = vm.lastCallGas().gasTotalUsed;
        emit GasUsed("rescue", gas);
        vm.assertLe(gas, 280_000, "rescue");
    }

    function _measure(string memory what, IHedgeModule.Order memory order, uint256 most) private {
        _movePools(PRICE * QUOTE);
        _hedge(order);
        uint256 gas = vm.lastCallGas().gasTotalUsed;
        emit GasUsed(what, gas);
        vm.assertLe(gas, most, what);
    }
}
