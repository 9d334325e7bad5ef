// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IUniswapV3Pool} from "../src/External.sol";
import {IHedgeModule} from "../src/IHedgeModule.sol";
import {IHedgeModuleErrors as Errors} from "../src/IHedgeModuleErrors.sol";
import {HedgeFixture} from "./support/HedgeFixture.sol";
import {HostilePool} from "./support/HostilePool.sol";
import {vm} from "./support/Vm.sol";

/// @notice Who may be paid, and who may call while an order runs.
contract CallbackTest is HedgeFixture {
    HostilePool private second;

    function setUp() public {
        _deploy(true, true);
        second = new HostilePool(address(base), address(quote));
        IHedgeModule.Mandate memory mandate = _mandate();
        mandate.pools = new address[](3);
        mandate.pools[0] = pool;
        mandate.pools[1] = address(hostilePool);
        mandate.pools[2] = address(second);
        _setMandate(mandate);
    }

    function test_refuses_a_callback_from_anybody_while_no_order_runs() public {
        address[5] memory callers = [stranger, keeper, avatar, pool, address(hostilePool)];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(Errors.UnexpectedCallback.selector, callers[i]));
            _callBack(callers[i]);
        }
    }

    function test_refuses_a_callback_from_an_allowed_pool_after_its_order() public {
        hostilePool.behave(3_000 * QUOTE, BASE, 0);
        IHedgeModule.Order memory order = _orderOn(address(hostilePool), true, 2 * BASE);
        order.legs = new IHedgeModule.Leg[](2);
        order.legs[0] = IHedgeModule.Leg(0, pool, uint128(BASE), 0, 0, 0);
        // Pays without asking, so that its one callback is not used up.
        order.legs[1] = IHedgeModule.Leg(0, address(hostilePool), uint128(BASE), 0, 0, 0);
        order.minFillBps = 5_000;
        _hedge(order);
        vm.expectRevert(abi.encodeWithSelector(Errors.UnexpectedCallback.selector, address(hostilePool)));
        _callBack(address(hostilePool));
    }

    function test_refuses_a_callback_from_another_allowed_pool_during_an_order() public {
        hostilePool.behave(3_000 * QUOTE, BASE, 1);
        second.behave(0, 0, 0);
        second.callOut(
            address(module), abi.encodeWithSignature("uniswapV3SwapCallback(int256,int256,bytes)", BASE, 0, "")
        );
        hostilePool.callOut(address(second), abi.encodeCall(IUniswapV3Pool.swap, (avatar, true, 0, 0, "")));
        _hedge(_orderOn(address(hostilePool), true, BASE));
        vm.assertFalse(second.callSucceeded(), "the other pool's callback");
        vm.assertEq(second.callAnswer(), abi.encodeWithSelector(Errors.UnexpectedCallback.selector, second), "and why");
    }

    function test_refuses_a_second_callback_of_the_same_pool() public {
        hostilePool.behave(3_000 * QUOTE, BASE / 2, 2);
        _refused(
            _orderOn(address(hostilePool), true, BASE),
            abi.encodeWithSelector(Errors.UnexpectedCallback.selector, address(hostilePool))
        );
    }

    function test_a_pool_that_pays_without_asking_is_no_fill() public {
        hostilePool.behave(3_000 * QUOTE, 0, 0);
        _refused(_orderOn(address(hostilePool), true, BASE), abi.encodeWithSelector(Errors.NothingFilled.selector));
    }

    function test_refuses_reentry_through_a_hostile_token() public {
        IHedgeModule.Order memory inner = _order(true, BASE);
        inner.sequence = 1;
        bytes[4] memory calls = [
            abi.encodeCall(module.hedge, (inner)),
            abi.encodeCall(module.setMandate, (_mandate())),
            abi.encodeCall(module.revokeMandate, ()),
            abi.encodeCall(module.unpause, ())
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            base.callOut(address(module), calls[i]);
            _hedge(_order(true, BASE));
            vm.assertTrue(base.calledOut(), "the token called");
            vm.assertFalse(base.callSucceeded(), "and failed");
            vm.assertEq(base.callAnswer(), abi.encodeWithSelector(Errors.Reentered.selector), "because");
        }
    }

    function test_refuses_reentry_by_a_keeper_that_is_a_pool_as_well() public {
        IHedgeModule.Mandate memory mandate = _mandate();
        mandate.pools[1] = address(hostilePool);
        mandate.keepers = new address[](2);
        mandate.keepers[0] = keeper;
        mandate.keepers[1] = address(hostilePool);
        _setMandate(mandate);
        IHedgeModule.Order memory inner = _order(true, BASE);
        inner.sequence = 1;
        hostilePool.behave(3_000 * QUOTE, BASE, 1);
        hostilePool.callOut(address(module), abi.encodeCall(module.hedge, (inner)));
        _hedge(_orderOn(address(hostilePool), true, BASE));
        vm.assertEq(hostilePool.callAnswer(), abi.encodeWithSelector(Errors.Reentered.selector), "refused");
    }

    function test_two_orders_fit_into_one_transaction() public {
        _hedge(_order(true, BASE));
        _hedge(_order(false, BASE));
        vm.assertEq(module.nextSequence(avatar), 2, "both executed");
    }

    function _callBack(address from) private {
        bytes memory data = abi.encodeWithSignature("uniswapV3SwapCallback(int256,int256,bytes)", BASE, 0, "");
        vm.prank(from);
        (bool success, bytes memory answer) = address(module).call(data);
        if (!success) {
            assembly {
                revert(add(answer, 0x20), mload(answer))
            }
        }
    }
}
