// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../../src/IHedgeModule.sol";
import {PositionsFixture} from "../support/PositionsFixture.sol";
import {bound, vm} from "../support/Vm.sol";

/// @notice Whether the turnover of a stolen key can be widened by how orders and mandates follow each other.
contract BucketAttacksTest is PositionsFixture {
    uint256 private spent;
    /// @dev What flowed in, times the seconds of a day.
    uint256 private accrued;

    function setUp() public {
        _deployPositions(true, false);
        base.mint(avatar, 1_000 * BASE);
    }

    /// @dev Mandates of any sizes, withdrawn and set anew, in any order and at any time, with a thief who takes what there is:
    /// together never more than the first bucket, and what each let flow in while it was in force.
    /// forge-config: default.fuzz.runs = 48
    function test_no_sequence_of_mandates_adds_to_what_can_be_turned_over(uint256 seed) public {
        (,,, uint256 first) = module.stateOf(avatar);
        IHedgeModule.Mandate memory mandate = _mandateOf(seed);
        // What flowed in under the fixture's own ends here.
        _setMandate(mandate);
        bool isInForce = true;
        for (uint256 i = 0; i < 12; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 elapsed = bound(seed >> 8, 0, seed % 3 == 0 ? 2 days : 100);
            vm.warp(block.timestamp + elapsed);
            aggregator.set(int256(PRICE * 1e8));
            if (isInForce) accrued += elapsed * mandate.turnoverRefillPerDayQuote;
            if (seed % 4 == 1) {
                mandate = _mandateOf(seed >> 16);
                _setMandate(mandate);
                isInForce = true;
            } else if (seed % 4 == 2 && isInForce) {
                vm.prank(avatar);
                module.revokeMandate();
                isInForce = false;
            }
            if (isInForce) _takeAll(i % 2 == 0);
            vm.assertLe(spent * 1 days, first * 1 days + accrued, "turned over");
        }
    }

    /// @dev Orders that turn nothing over are free: each rounds what has flowed in down, none up.
    function test_orders_of_nothing_add_nothing_to_the_bucket() public {
        uint256 tokenId = _openOfBase(avatar, BASE);
        IHedgeModule.Mandate memory mandate = _positionsMandate();
        mandate.turnoverCapacityQuote = 1;
        _setMandate(mandate);
        (mandate.turnoverCapacityQuote, mandate.turnoverRefillPerDayQuote) = (1e12, 2 * 86_400 - 1);
        _setMandate(mandate);
        for (uint256 i = 0; i < 20; ++i) {
            vm.warp(block.timestamp + 1);
            _hedge(_orderWith(true, 0, _withdrawal(tokenId, 1)));
        }
        (,,, uint256 turnover) = module.stateOf(avatar);
        vm.assertEq(turnover, 21, "one a second, where it would have been 39");
    }

    function _mandateOf(uint256 seed) private view returns (IHedgeModule.Mandate memory mandate) {
        mandate = _positionsMandate();
        mandate.pools[1] = address(hostilePool);
        mandate.maxBase = type(uint128).max / 2;
        mandate.turnoverCapacityQuote = uint128(bound(seed, 1, 100_000 * QUOTE) >> seed % 40) + 1;
        mandate.turnoverRefillPerDayQuote = uint128(bound(seed >> 8, 0, 100_000 * QUOTE) >> (seed >> 8) % 40);
    }

    /// @dev As much as the bucket says that it holds, and a little more, which must be refused.
    function _takeAll(bool sellBase) private {
        (,,, uint256 turnover) = module.stateOf(avatar);
        if (turnover == 0) return;
        uint256 amount = turnover * BASE / (PRICE * QUOTE);
        for (uint256 i = 0; i < 2; ++i) {
            uint256 more = i == 0 ? amount + BASE / (PRICE * QUOTE) + 1 : amount;
            uint256 worth = (more * PRICE * QUOTE + BASE - 1) / BASE;
            hostilePool.behave(sellBase ? worth : more, sellBase ? more : worth - 1, 1);
            vm.prank(keeper);
            (bool success,) =
                address(module).call(abi.encodeCall(module.hedge, (_orderOn(address(hostilePool), sellBase, more))));
            if (!success) continue;
            vm.assertEq(i, 1, "more than the bucket held");
            spent += worth;
        }
    }
}
