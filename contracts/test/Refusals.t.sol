// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../src/IHedgeModule.sol";
import {IHedgeModuleErrors as Errors} from "../src/IHedgeModuleErrors.sol";
import {HedgeFixture} from "./support/HedgeFixture.sol";
import {HostilePool} from "./support/HostilePool.sol";
import {HostileToken} from "./support/Tokens.sol";
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
            order.legs[i] = IHedgeModule.Leg(0, pool, uint128(BASE), 0);
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
        order.legs[0].kind = 1;
        _refused(order, abi.encodeWithSelector(Errors.UnknownLegKind.selector, 0, 1));
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

/// @notice Fills that the module takes back. Mostly on a pool that pays and asks for exactly what a test says.
contract FillRefusalsTest is HedgeFixture {
    function setUp() public {
        _deploy(true, true);
        _allowHostilePool();
    }

    function test_refuses_a_payment_that_the_token_reverts() public {
        base.behave(HostileToken.Manner.Revert);
        hostilePool.behave(3_000 * QUOTE, BASE, 1);
        bytes memory reason = abi.encodeWithSelector(HostileToken.TransferForbidden.selector);
        _refused(_hostile(true), abi.encodeWithSelector(Errors.PaymentFailed.selector, base, reason));
    }

    function test_refuses_a_payment_that_the_token_answers_with_false() public {
        base.behave(HostileToken.Manner.AnswerFalse);
        _refused(_order(true, BASE), abi.encodeWithSelector(Errors.PaymentRefused.selector, base));
    }

    function test_refuses_a_payment_that_the_token_answers_with_garbage() public {
        base.behave(HostileToken.Manner.AnswerShort);
        _refused(_order(true, BASE), abi.encodeWithSelector(Errors.PaymentRefused.selector, base));
    }

    function test_refuses_a_sale_that_leaves_more_base() public {
        hostilePool.behave(3_000 * QUOTE, BASE, 1);
        base.behave(HostileToken.Manner.GiveBack);
        _refused(_hostile(true), abi.encodeWithSelector(Errors.BalanceMovedAgainstOrder.selector, base));
    }

    function test_refuses_a_sale_that_leaves_less_quote() public {
        hostilePool.behave(1, BASE, 1);
        quote.callOut(address(quote), abi.encodeCall(quote.burn, (avatar, 2)));
        _refused(_hostile(true), abi.encodeWithSelector(Errors.BalanceMovedAgainstOrder.selector, quote));
    }

    function test_refuses_a_purchase_that_leaves_less_base() public {
        hostilePool.behave(1, 0, 0);
        base.callOut(address(base), abi.encodeCall(base.burn, (avatar, 2)));
        _refused(_hostile(false), abi.encodeWithSelector(Errors.BalanceMovedAgainstOrder.selector, base));
    }

    function test_refuses_a_purchase_that_leaves_more_quote() public {
        hostilePool.behave(BASE, 3_000 * QUOTE, 1);
        quote.behave(HostileToken.Manner.GiveBack);
        _refused(_hostile(false), abi.encodeWithSelector(Errors.BalanceMovedAgainstOrder.selector, quote));
    }

    function test_refuses_an_order_that_fills_nothing() public {
        hostilePool.behave(0, 0, 1);
        IHedgeModule.Order memory order = _hostile(true);
        order.minFillBps = 0;
        _refused(order, abi.encodeWithSelector(Errors.NothingFilled.selector));
    }

    function test_refuses_to_pay_a_pool_more_base_than_was_ordered() public {
        hostilePool.behave(6_000 * QUOTE, 2 * BASE, 1);
        _refused(_hostile(true), abi.encodeWithSelector(Errors.Overfilled.selector, 2 * BASE, BASE));
    }

    function test_refuses_a_token_that_takes_twice_what_was_paid() public {
        hostilePool.behave(6_000 * QUOTE, BASE, 1);
        base.behave(HostileToken.Manner.TakeTwice);
        _refused(_hostile(true), abi.encodeWithSelector(Errors.Overfilled.selector, 2 * BASE, BASE));
    }

    function test_refuses_a_fill_below_the_least_and_takes_the_least() public {
        IHedgeModule.Order memory order = _hostile(true);
        order.minFillBps = 6_000;
        hostilePool.behave(3_000 * QUOTE, BASE * 6 / 10 - 1, 1);
        _refused(order, abi.encodeWithSelector(Errors.FillTooSmall.selector, BASE * 6 / 10 - 1, BASE, 6_000));
        hostilePool.behave(3_000 * QUOTE, BASE * 6 / 10, 1);
        _hedge(order);
    }

    function test_holds_a_sale_to_its_quote_limit_to_the_unit() public {
        IHedgeModule.Order memory order = _hostile(true);
        order.quoteLimit = 2_995 * QUOTE;
        hostilePool.behave(2_995 * QUOTE - 1, BASE, 1);
        _refused(
            order, abi.encodeWithSelector(Errors.QuoteLimitMissed.selector, BASE, 2_995 * QUOTE - 1, order.quoteLimit)
        );
        hostilePool.behave(2_995 * QUOTE, BASE, 1);
        _hedge(order);
    }

    function test_holds_a_purchase_to_its_quote_limit_to_the_unit() public {
        IHedgeModule.Order memory order = _hostile(false);
        order.quoteLimit = 3_005 * QUOTE;
        hostilePool.behave(BASE, 3_005 * QUOTE + 1, 1);
        _refused(
            order, abi.encodeWithSelector(Errors.QuoteLimitMissed.selector, BASE, 3_005 * QUOTE + 1, order.quoteLimit)
        );
        hostilePool.behave(BASE, 3_005 * QUOTE, 1);
        _hedge(order);
    }

    function test_rounds_a_partial_fill_of_the_quote_limit_against_the_keeper() public {
        IHedgeModule.Order memory order = _hostile(true);
        order.minFillBps = 0;
        // A third of 2,998.000000 is 999.333333 and a third.
        order.quoteLimit = 2_998 * QUOTE;
        order.baseAmount = uint128(3 * (BASE / 3));
        order.legs[0].baseAmount = order.baseAmount;
        hostilePool.behave(999_333_333, BASE / 3, 1);
        _refusedWith(order, Errors.QuoteLimitMissed.selector);
        hostilePool.behave(999_333_334, BASE / 3, 1);
        _hedge(order);
    }

    function test_an_unreachable_quote_limit_refuses_a_sale_and_any_limit_lets_a_purchase_pass() public {
        IHedgeModule.Order memory order = _hostile(true);
        order.quoteLimit = type(uint256).max;
        hostilePool.behave(3_000 * QUOTE, BASE, 1);
        _refusedWith(order, Errors.QuoteLimitMissed.selector);
        hostilePool.behave(BASE, 3_000 * QUOTE, 1);
        _hedge(_hostile(false));
    }

    function test_holds_a_sale_to_the_oracle_to_the_unit() public {
        uint256 least = 2_985 * QUOTE;
        hostilePool.behave(least - 1, BASE, 1);
        _refused(_hostile(true), abi.encodeWithSelector(Errors.PriceOutsideOracleBound.selector, least - 1, least));
        hostilePool.behave(least, BASE, 1);
        _hedge(_hostile(true));
    }

    function test_holds_a_purchase_to_the_oracle_to_the_unit() public {
        uint256 most = 3_015 * QUOTE;
        hostilePool.behave(BASE, most + 1, 1);
        _refused(_hostile(false), abi.encodeWithSelector(Errors.PriceOutsideOracleBound.selector, most + 1, most));
        hostilePool.behave(BASE, most, 1);
        _hedge(_hostile(false));
    }

    function test_rounds_the_oracle_bound_against_the_keeper() public {
        // One wei of base is worth 0.000000003 of a quote unit, and counts as a whole one when it is sold.
        IHedgeModule.Order memory order = _orderOn(address(hostilePool), true, 1);
        hostilePool.behave(0, 1, 1);
        _refused(order, abi.encodeWithSelector(Errors.PriceOutsideOracleBound.selector, 0, 1));
        order = _orderOn(address(hostilePool), false, 1);
        hostilePool.behave(1, 1, 1);
        _refused(order, abi.encodeWithSelector(Errors.PriceOutsideOracleBound.selector, 1, 0));
    }

    function test_refuses_a_real_pool_that_is_away_from_the_oracle_on_either_side() public {
        market.moveTo(pool, _sqrtPriceX96(2_980 * QUOTE));
        _refusedWith(_order(true, BASE), Errors.PriceOutsideOracleBound.selector);
        market.moveTo(pool, _sqrtPriceX96(3_020 * QUOTE));
        _refusedWith(_order(false, BASE), Errors.PriceOutsideOracleBound.selector);
    }

    function test_takes_the_turnover_bucket_to_its_last_unit() public {
        IHedgeModule.Mandate memory mandate = _mandate();
        mandate.turnoverCapacityQuote = uint128(3_000 * QUOTE - 1);
        _setMandate(mandate);
        _refused(
            _order(true, BASE),
            abi.encodeWithSelector(Errors.TurnoverExceeded.selector, 3_000 * QUOTE, 3_000 * QUOTE - 1)
        );
        mandate.turnoverCapacityQuote = uint128(3_000 * QUOTE);
        _setMandate(mandate);
        // 50,000 a day give the one unit that is missing within a second.
        vm.warp(START + 1);
        _hedge(_order(true, BASE));
    }

    function test_sells_down_to_the_least_base_and_not_below() public {
        IHedgeModule.Mandate memory mandate = _mandate();
        mandate.minBase = uint128(499 * BASE + 1);
        _setMandate(mandate);
        _refused(
            _order(true, BASE), abi.encodeWithSelector(Errors.BaseBelowMinimum.selector, 499 * BASE, 499 * BASE + 1)
        );
        mandate.minBase = uint128(499 * BASE);
        _setMandate(mandate);
        _hedge(_order(true, BASE));
    }

    function test_buys_up_to_the_most_base_and_not_above() public {
        IHedgeModule.Mandate memory mandate = _mandate();
        mandate.maxBase = uint128(501 * BASE - 1);
        _setMandate(mandate);
        _refused(
            _order(false, BASE), abi.encodeWithSelector(Errors.BaseAboveMaximum.selector, 501 * BASE, 501 * BASE - 1)
        );
        mandate.maxBase = uint128(501 * BASE);
        _setMandate(mandate);
        _hedge(_order(false, BASE));
    }

    function test_moves_towards_the_inventory_limits_from_outside() public {
        base.mint(avatar, 100 * BASE);
        _hedge(_order(true, BASE));
        base.burn(avatar, 200 * BASE);
        _hedge(_order(false, BASE));
    }

    function test_refuses_amounts_beyond_what_it_can_compute_with() public {
        base.mint(avatar, type(uint128).max);
        hostilePool.behave(1, 2 ** 112, 1);
        _refused(
            _orderOn(address(hostilePool), true, 2 ** 112),
            abi.encodeWithSelector(Errors.AmountTooLarge.selector, 2 ** 112)
        );
        quote.mint(address(hostilePool), type(uint128).max);
        hostilePool.behave(2 ** 128, BASE, 1);
        _refused(_hostile(true), abi.encodeWithSelector(Errors.AmountTooLarge.selector, 2 ** 128));
        aggregator.set(int256(uint256(type(uint88).max)));
        hostilePool.behave(1, 2 ** 112 - 1, 1);
        _refusedWith(_orderOn(address(hostilePool), true, 2 ** 112 - 1), Errors.AmountTooLarge.selector);
    }

    function test_a_refused_order_leaves_no_trace() public {
        uint256 baseBefore = base.balanceOf(avatar);
        uint256 quoteBefore = quote.balanceOf(avatar);
        hostilePool.behave(2_000 * QUOTE, BASE, 1);
        _refusedWith(_hostile(true), Errors.PriceOutsideOracleBound.selector);
        (uint64 sequence,,, uint256 turnover) = module.stateOf(avatar);
        vm.assertEq(sequence, 0, "sequence");
        vm.assertEq(turnover, 100_000 * QUOTE, "turnover");
        vm.assertEq(base.balanceOf(avatar), baseBefore, "base");
        vm.assertEq(quote.balanceOf(avatar), quoteBefore, "quote");
    }

    function _hostile(bool sellBase) private view returns (IHedgeModule.Order memory) {
        return _orderOn(address(hostilePool), sellBase, BASE);
    }
}

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
        order.legs[0] = IHedgeModule.Leg(0, pool, uint128(BASE), 0);
        // Pays without asking, so that its one callback is not used up.
        order.legs[1] = IHedgeModule.Leg(0, address(hostilePool), uint128(BASE), 0);
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
        hostilePool.callOut(address(second), abi.encodeWithSelector(HostilePool.swap.selector, avatar, true, 0, 0, ""));
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
