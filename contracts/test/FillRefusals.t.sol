// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../src/IHedgeModule.sol";
import {IHedgeModuleErrors as Errors} from "../src/IHedgeModuleErrors.sol";
import {HedgeFixture} from "./support/HedgeFixture.sol";
import {HostileToken} from "./support/Tokens.sol";
import {vm} from "./support/Vm.sol";

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
        mandate.minBase = int128(int256(499 * BASE + 1));
        _setMandate(mandate);
        _refused(
            _order(true, BASE), abi.encodeWithSelector(Errors.BaseBelowMinimum.selector, 499 * BASE, 499 * BASE + 1)
        );
        mandate.minBase = int128(int256(499 * BASE));
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
