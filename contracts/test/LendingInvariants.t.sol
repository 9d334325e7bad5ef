// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../src/IHedgeModule.sol";
import {LendingActors} from "./invariant/LendingActors.sol";
import {vm} from "./support/Vm.sol";

/// @notice What holds on a lending market whatever a keeper, prices and time do.
contract LendingInvariantsTest {
    LendingActors private actors;
    IHedgeModule private module;
    address private avatar;

    function setUp() public {
        actors = new LendingActors();
        (module, avatar) = actors.parts();
    }

    /// @dev Read by forge: it plays only this contract's functions.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(actors);
    }

    function invariant_no_order_leaves_too_low_a_health_factor_or_too_much_debt() public view {
        vm.assertEq(bytes(actors.forbidden()), "", "forbidden actions that succeeded");
    }

    function invariant_the_loss_at_the_oracles_price_is_bounded_debt_and_collateral_counted() public view {
        vm.assertLe(actors.loss(), actors.maxLoss(), "loss and (capacity + refill x days) x slippage");
    }

    function invariant_the_module_holds_nothing_and_leaves_nothing_approved() public view {
        vm.assertEq(actors.heldBy(address(module)), 0, "held or owed by the module");
        vm.assertEq(actors.leftApproved(), 0, "approved to the lending pool");
    }

    /// @dev The invariants say little about actions that never pass: here a fixed sequence shows that each does.
    function test_every_action_succeeds_at_least_once() public {
        for (uint256 i = 0; i < 60; ++i) {
            uint256 seed = uint256(keccak256(abi.encode(i)));
            actors.keeperGoesShort(seed, seed >> 8);
            actors.thiefSendsAnyLegs(seed % 2 == 0, seed >> 1);
            actors.thiefBorrowsTheMost(seed, seed % 2 == 0);
            actors.priceMoves(seed >> 3);
            actors.thiefWithdrawsTheMost(seed, seed % 3 != 0);
            if (i % 4 == 3) {
                actors.keeperCovers(seed >> 5);
                actors.somebodyAddsLiquidity(i, seed);
                actors.keeperWithdrawsAndRepays(i, seed);
            }
            actors.guardianRescuesWhilePaused(seed >> 128, seed >> 192);
            actors.thiefNamesAnotherPool(uint8(seed), address(uint160(seed)), uint128(seed));
            actors.anybodyRescues(address(uint160(seed)), seed);
            actors.timePasses(seed >> 7);
        }
        string[8] memory actions = [
            "thief sends any legs",
            "keeper goes short",
            "keeper covers",
            "thief borrows",
            "thief withdraws",
            "guardian rescues",
            "price moves below the floor",
            "keeper withdraws and repays"
        ];
        for (uint256 i = 0; i < actions.length; ++i) {
            vm.assertGt(actors.successes(actions[i]), 0, actions[i]);
        }
        invariant_no_order_leaves_too_low_a_health_factor_or_too_much_debt();
        invariant_the_loss_at_the_oracles_price_is_bounded_debt_and_collateral_counted();
        invariant_the_module_holds_nothing_and_leaves_nothing_approved();
    }
}
