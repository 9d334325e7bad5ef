// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../src/IHedgeModule.sol";
import {IHedgeModuleErrors as Errors} from "../src/IHedgeModuleErrors.sol";
import {HedgeFixture} from "./support/HedgeFixture.sol";
import {vm} from "./support/Vm.sol";

/// @notice Orders that the module does not even start.
contract OrderRefusalsTest is HedgeFixture {
    function setUp() public {
        _deploy(true, true);
    }

    function test_refuses_an_avatar_without_a_mandate() public {
        IHedgeModule.Order memory order = _order(true, BASE);
        vm.prank(avatar);
        module.revokeMandate();
        _refused(order, abi.encodeWithSelector(Errors.NoMandate.selector, avatar));
    }

    function test_refuses_whoever_is_not_a_keeper() public {
        IHedgeModule.Order memory order = _order(true, BASE);
        address[4] memory callers = [stranger, owner, guardian, avatar];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(Errors.NotKeeper.selector, avatar, callers[i]));
            vm.prank(callers[i]);
            module.hedge(order);
        }
    }

    function test_refuses_while_paused() public {
        vm.prank(guardian);
        module.pause(avatar);
        _refused(_order(true, BASE), abi.encodeWithSelector(Errors.HedgingPaused.selector, avatar));
        vm.prank(avatar);
        module.unpause();
        _hedge(_order(true, BASE));
    }

    function test_executes_at_the_deadline_and_not_a_second_later() public {
        IHedgeModule.Order memory order = _order(true, BASE);
        order.deadline = uint64(block.timestamp);
        uint256 snapshot = vm.snapshotState();
        _hedge(order);
        vm.revertToState(snapshot);
        vm.warp(START + 1);
        _refused(order, abi.encodeWithSelector(Errors.DeadlinePassed.selector, uint64(START), START + 1));
    }

    function test_refuses_an_order_that_was_executed_before() public {
        IHedgeModule.Order memory order = _order(true, BASE);
        _hedge(order);
        _refused(order, abi.encodeWithSelector(Errors.WrongSequence.selector, uint64(0), uint64(1)));
    }

    function test_refuses_an_order_before_its_turn() public {
        IHedgeModule.Order memory order = _order(true, BASE);
        order.sequence = 1;
        _refused(order, abi.encodeWithSelector(Errors.WrongSequence.selector, uint64(1), uint64(0)));
    }

    function test_refuses_no_legs_and_too_many() public {
        IHedgeModule.Order memory order = _order(true, 9 * BASE);
        order.legs = new IHedgeModule.Leg[](0);
        _refused(order, abi.encodeWithSelector(Errors.LegCountOutOfRange.selector, 0, 8));
        order.legs = new IHedgeModule.Leg[](9);
        _refused(order, abi.encodeWithSelector(Errors.LegCountOutOfRange.selector, 9, 8));
    }

    function test_executes_as_many_legs_as_it_says() public {
        IHedgeModule.Order memory order = _order(true, 8 * BASE);
        order.legs = new IHedgeModule.Leg[](8);
        for (uint256 i = 0; i < 8; ++i) {
            order.legs[i] = IHedgeModule.Leg(0, pool, uint128(BASE), 0, 0, 0);
        }
        (uint256 sold,) = _hedge(order);
        vm.assertEq(sold, 8 * BASE, "sold");
    }

    function test_refuses_a_leg_that_trades_nothing() public {
        IHedgeModule.Order memory order = _order(true, 0);
        _refused(order, abi.encodeWithSelector(Errors.LegEmpty.selector, 0));
    }

    function test_refuses_a_kind_that_it_does_not_know() public {
        IHedgeModule.Order memory order = _order(true, BASE);
        order.legs[0].kind = 3;
        _refused(order, abi.encodeWithSelector(Errors.UnknownLegKind.selector, 0, 3));
    }

    function test_refuses_a_pool_that_the_mandate_does_not_name() public {
        IHedgeModule.Order memory order = _orderOn(address(hostilePool), true, BASE);
        _refused(order, abi.encodeWithSelector(Errors.PoolNotAllowed.selector, avatar, address(hostilePool)));
    }

    function test_refuses_legs_that_do_not_add_up() public {
        IHedgeModule.Order memory order = _order(true, BASE);
        order.baseAmount += 1;
        _refused(order, abi.encodeWithSelector(Errors.LegsDoNotAddUp.selector, BASE, BASE + 1));
        order.baseAmount -= 2;
        _refused(order, abi.encodeWithSelector(Errors.LegsDoNotAddUp.selector, BASE, BASE - 1));
    }
}
