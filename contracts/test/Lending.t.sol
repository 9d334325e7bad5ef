// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../src/IHedgeModule.sol";
import {IHedgeModuleErrors as Errors} from "../src/IHedgeModuleErrors.sol";
import {HostileToken} from "./support/Tokens.sol";
import {LendingFixture} from "./support/LendingFixture.sol";
import {Vm, vm} from "./support/Vm.sol";

/// @notice What an order may do on a real Aave v3 market, through a real Safe.
contract LendingTest is LendingFixture {
    function setUp() public {
        _deployLending(true, true);
    }

    function test_borrows_and_sells_in_one_transaction() public {
        IHedgeModule.Order memory order = _orderWith(
            true, 50 * BASE, _step(SUPPLY + OF_QUOTE, 300_000 * QUOTE), _step(BORROW, 50 * BASE), _swap(50 * BASE)
        );
        (uint256 sold, uint256 received) = _hedge(order);

        vm.assertEq(sold, 50 * BASE, "sold");
        vm.assertEq(baseOwed.balanceOf(avatar), 50 * BASE, "owed");
        vm.assertEq(quoteSupplied.balanceOf(avatar), 300_000 * QUOTE, "collateral");
        vm.assertEq(quote.balanceOf(avatar), 700_000 * QUOTE + received, "quote");
        vm.assertEq(base.balanceOf(avatar), 0, "base");
        vm.assertEq(quote.allowance(avatar, lendingPool), 0, "nothing stays approved");
    }

    function test_buys_back_and_repays_in_one_transaction() public {
        _goShort(300_000 * QUOTE, 50 * BASE);
        vm.warp(block.timestamp + 30 days);
        aggregator.set(3_000e8);
        uint256 owed = baseOwed.balanceOf(avatar);
        vm.assertGt(owed, 50 * BASE, "interest");

        (uint256 bought,) = _hedge(_orderWith(false, owed, _swap(owed), _step(REPAY, ALL)));
        vm.assertEq(bought, owed, "bought");
        vm.assertEq(baseOwed.balanceOf(avatar), 0, "nothing owed");
        vm.assertEq(base.balanceOf(avatar), 0, "nothing left over");

        _hedge(_orderWith(true, 0, _step(WITHDRAW + OF_QUOTE, ALL)));
        vm.assertEq(quoteSupplied.balanceOf(avatar), 0, "collateral back");
    }

    function test_takes_collateral_to_buy_and_repay_with_it() public {
        _goShort(900_000 * QUOTE, 90 * BASE);
        vm.startPrank(avatar);
        quote.transfer(address(1), quote.balanceOf(avatar));
        vm.stopPrank();
        IHedgeModule.Order memory order = _orderWith(
            false, 20 * BASE, _step(WITHDRAW + OF_QUOTE, 61_000 * QUOTE), _swap(20 * BASE), _step(REPAY, 20 * BASE)
        );
        (uint256 bought, uint256 paid) = _hedge(order);
        vm.assertEq(bought, 20 * BASE, "bought");
        vm.assertEq(quote.balanceOf(avatar), 61_000 * QUOTE - paid, "what is left of it");
        vm.assertApproxEqRel(baseOwed.balanceOf(avatar), 70 * BASE, 1e9, "owed");
    }

    function test_supplies_all_that_a_sale_brings_and_no_more() public {
        _hedge(_orderWith(true, 0, _step(SUPPLY + OF_QUOTE, 300_000 * QUOTE)));
        uint256 owned = quote.balanceOf(avatar);
        (, uint256 received) = _hedge(
            _orderWith(true, 10 * BASE, _step(BORROW, 10 * BASE), _swap(10 * BASE), _step(SUPPLY + OF_QUOTE, ALL))
        );
        vm.assertEq(quote.balanceOf(avatar), owned, "quote");
        vm.assertApproxEqRel(quoteSupplied.balanceOf(avatar), 300_000 * QUOTE + received, 1e12, "supplied");
    }

    function test_steps_alone_read_no_feed_and_take_no_turnover() public {
        (,,, uint256 turnover) = module.stateOf(avatar);
        base.mint(avatar, 10 * BASE);
        vm.warp(block.timestamp + 2 hours);
        vm.expectRevert();
        module.oraclePriceX96(avatar);
        uint8[4] memory kinds = [SUPPLY, WITHDRAW, SUPPLY + OF_QUOTE, WITHDRAW + OF_QUOTE];
        for (uint256 i = 0; i < kinds.length; ++i) {
            (uint256 filled, uint256 paid) = _hedgeStep(_step(kinds[i], 5 * QUOTE));
            vm.assertEq(filled + paid, 0, "fills");
        }
        (uint64 sequence,,, uint256 left) = module.stateOf(avatar);
        vm.assertEq(sequence, 4, "each counts");
        vm.assertEq(left, turnover, "turnover");
    }

    function test_repays_no_more_than_is_owed() public {
        _goShort(300_000 * QUOTE, 10 * BASE);
        base.mint(avatar, 30 * BASE);
        _hedgeStep(_step(REPAY, 20 * BASE));
        vm.assertEq(baseOwed.balanceOf(avatar), 0, "owed");
        vm.assertEq(base.balanceOf(avatar), 20 * BASE, "the rest is kept");
        _hedgeStep(_step(REPAY, 20 * BASE));
        vm.assertEq(base.balanceOf(avatar), 20 * BASE, "nothing owed, nothing repaid");
        vm.assertEq(base.allowance(avatar, lendingPool), 0, "nothing stays approved");
    }

    function test_what_is_owed_counts_against_the_inventory() public {
        IHedgeModule.Mandate memory mandate = _lendingMandate();
        mandate.minBase = -int128(int256(90 * BASE));
        _setMandate(mandate);
        base.mint(avatar, 50 * BASE);
        _goShort(900_000 * QUOTE, 100 * BASE);
        // 50 owned, 100 owed: 40 more may be sold.
        _refusedWith(_orderWith(true, 41 * BASE, _swap(41 * BASE)), Errors.BaseBelowMinimum.selector);
        _hedge(_orderWith(true, 39 * BASE, _swap(39 * BASE)));
        // To repay what is owed changes nothing of it.
        _refusedWith(
            _orderWith(true, 2 * BASE, _step(REPAY, 5 * BASE), _swap(2 * BASE)), Errors.BaseBelowMinimum.selector
        );
    }

    function test_what_is_supplied_counts_as_inventory() public {
        base.mint(avatar, 99 * BASE);
        _hedgeStep(_step(SUPPLY, 99 * BASE));
        vm.assertEq(base.balanceOf(avatar), 0, "all supplied");
        _refusedWith(_orderWith(false, 2 * BASE, _swap(2 * BASE)), Errors.BaseAboveMaximum.selector);
        _hedge(_orderWith(false, BASE / 2, _swap(BASE / 2)));
    }

    function test_refuses_to_leave_the_health_factor_below_its_floor() public {
        _hedgeStep(_step(SUPPLY + OF_QUOTE, 100_000 * QUOTE));
        // 100,000 of 78 % against 17.5 of 3,000 is 1.486; against 17.3 it is 1.503.
        _refusedWith(_orderWith(true, 0, _step(BORROW, 17.5e18)), Errors.HealthFactorTooLow.selector);
        _hedgeStep(_step(BORROW, 17.3e18));
        _refusedWith(_orderWith(true, 0, _step(WITHDRAW + OF_QUOTE, 1_000 * QUOTE)), Errors.HealthFactorTooLow.selector);
        vm.assertGe(_healthFactor(), FLOOR_WAD, "health factor");
    }

    function test_below_the_floor_it_may_only_rise() public {
        _goShort(150_000 * QUOTE, 25 * BASE);
        _movePrice(4_000);
        uint256 before = _healthFactor();
        vm.assertLt(before, FLOOR_WAD, "below");

        _refusedWith(_orderWith(true, 0, _step(BORROW, 1)), Errors.HealthFactorTooLow.selector);
        _refusedWith(_orderWith(true, 0, _step(WITHDRAW + OF_QUOTE, QUOTE)), Errors.HealthFactorTooLow.selector);
        _hedge(
            _orderWith(false, 5 * BASE, _step(WITHDRAW + OF_QUOTE, 20_050 * QUOTE), _swap(5 * BASE), _step(REPAY, ALL))
        );
        vm.assertGt(_healthFactor(), before, "risen by its own collateral");
        _hedge(_orderWith(false, BASE, _swap(BASE), _step(REPAY, ALL)));
        _hedgeStep(_step(SUPPLY + OF_QUOTE, 1_000 * QUOTE));
    }

    function test_refuses_debt_above_its_cap() public {
        _hedgeStep(_step(SUPPLY + OF_QUOTE, 1_000_000 * QUOTE));
        _refused(
            _orderWith(true, 0, _step(BORROW, MAX_BASE_DEBT + 1)),
            abi.encodeWithSelector(Errors.DebtAboveMaximum.selector, base, MAX_BASE_DEBT + 1, MAX_BASE_DEBT)
        );
        _hedgeStep(_step(BORROW, MAX_BASE_DEBT));
        _refusedWith(_orderWith(true, 0, _step(BORROW, 1)), Errors.DebtAboveMaximum.selector);
        _refusedWith(
            _orderWith(true, 0, _step(BORROW + OF_QUOTE, MAX_QUOTE_DEBT + 1)), Errors.DebtAboveMaximum.selector
        );
    }

    function test_refuses_every_pool_but_the_mandates_and_every_kind_that_is_none() public {
        IHedgeModule.Leg memory leg = _step(SUPPLY + OF_QUOTE, QUOTE);
        address[3] memory others = [address(0), pool, stranger];
        for (uint256 i = 0; i < others.length; ++i) {
            leg.pool = others[i];
            _refused(
                _orderWith(true, 0, leg), abi.encodeWithSelector(Errors.PoolNotAllowed.selector, avatar, others[i])
            );
        }
        uint8[6] memory kinds = [uint8(3), 15, 25, 127, 128 + SUPPLY, 255];
        for (uint256 i = 0; i < kinds.length; ++i) {
            _refused(
                _orderWith(true, 0, _step(kinds[i], QUOTE)),
                abi.encodeWithSelector(Errors.UnknownLegKind.selector, 0, kinds[i])
            );
        }
        _refused(_orderWith(true, 0, _step(SUPPLY, 0)), abi.encodeWithSelector(Errors.LegEmpty.selector, 0));
        _refused(_orderWith(true, 1, _step(SUPPLY, 1)), abi.encodeWithSelector(Errors.LegsDoNotAddUp.selector, 0, 1));
        IHedgeModule.Leg memory far = _swap(0);
        far.kind = 128;
        _refused(_orderWith(true, 0, _step(SUPPLY, 1), far), abi.encodeWithSelector(Errors.FarHopMisplaced.selector, 1));
    }

    function test_refuses_every_step_where_the_mandate_allows_no_lending() public {
        IHedgeModule.Mandate memory mandate = _lendingMandate();
        delete mandate.lending;
        mandate.minBase = 0;
        _setMandate(mandate);
        _refused(
            _orderWith(true, 0, _step(SUPPLY + OF_QUOTE, QUOTE)),
            abi.encodeWithSelector(Errors.PoolNotAllowed.selector, avatar, lendingPool)
        );
        _refusedWith(
            _orderWith(true, 0, IHedgeModule.Leg(SUPPLY, address(0), 1, 0, 0, 0)), Errors.PoolNotAllowed.selector
        );
        vm.expectRevert(abi.encodeWithSelector(Errors.LendingPoolMissing.selector));
        vm.prank(guardian);
        module.rescue(avatar, 1, 1);
    }

    function test_one_refused_step_undoes_the_whole_order() public {
        _refusedWith(
            _orderWith(true, 9e18, _step(SUPPLY + OF_QUOTE, QUOTE), _step(BORROW, 9e18), _swap(9e18)),
            Errors.LendingFailed.selector
        );
        vm.assertEq(quoteSupplied.balanceOf(avatar), 0, "supplied");
        vm.assertEq(quote.balanceOf(avatar), 1_000_000 * QUOTE, "quote");
    }

    function test_the_guardian_repays_while_paused_and_only_repays() public {
        _goShort(300_000 * QUOTE, 50 * BASE);
        base.mint(avatar, 20 * BASE);
        vm.startPrank(guardian);
        module.pause(avatar);
        (uint256 ofBase, uint256 ofQuote) = module.rescue(avatar, type(uint256).max, type(uint256).max);
        vm.assertEq(ofBase, 20 * BASE, "all base that there was");
        vm.assertEq(ofQuote, 0, "no quote owed");
        vm.assertApproxEqRel(baseOwed.balanceOf(avatar), 30 * BASE, 1e9, "owed");
        vm.assertEq(quoteSupplied.balanceOf(avatar), 300_000 * QUOTE, "collateral stays");
        vm.stopPrank();
        _refused(_orderWith(true, 0, _step(REPAY, 1)), abi.encodeWithSelector(Errors.HedgingPaused.selector, avatar));

        address[2] memory others = [keeper, stranger];
        for (uint256 i = 0; i < others.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(Errors.NotAvatarOrGuardian.selector, avatar, others[i]));
            vm.prank(others[i]);
            module.rescue(avatar, 1, 1);
        }
        base.mint(avatar, BASE);
        vm.prank(avatar);
        (ofBase,) = module.rescue(avatar, BASE / 2, 0);
        vm.assertEq(ofBase, BASE / 2, "as much as asked");
    }

    function test_a_rescue_waits_until_an_order_has_ended() public {
        IHedgeModule.Mandate memory mandate = _lendingMandate();
        mandate.guardian = address(base);
        _setMandate(mandate);
        base.mint(avatar, 10 * BASE);
        base.callOut(address(module), abi.encodeCall(module.rescue, (avatar, 1, 1)));
        _hedge(_order(true, BASE));
        vm.assertTrue(base.calledOut() && !base.callSucceeded(), "refused");
        vm.assertEq(base.callAnswer(), abi.encodeWithSelector(Errors.Reentered.selector), "as reentry");
    }

    function test_measures_each_step_on_the_avatars_balance() public {
        _goShort(300_000 * QUOTE, 10 * BASE);
        quote.behave(HostileToken.Manner.TakeTwice);
        _refusedWith(_orderWith(true, 0, _step(SUPPLY + OF_QUOTE, QUOTE)), Errors.LendingAmountMoved.selector);
        quote.behave(HostileToken.Manner.Honest);
        base.behave(HostileToken.Manner.TakeTwice);
        base.mint(lendingPool, 10 * BASE);
        _refusedWith(_orderWith(true, 0, _step(BORROW, BASE)), Errors.LendingAmountMoved.selector);
    }

    function test_validates_what_a_mandate_says_of_lending() public {
        IHedgeModule.Mandate memory mandate = _lendingMandate();
        mandate.lending.minHealthFactorWad = 1.01e18 - 1;
        _mandateRefused(mandate, abi.encodeWithSelector(Errors.HealthFactorFloorTooLow.selector, 1.01e18 - 1, 1.01e18));
        mandate = _lendingMandate();
        mandate.lending.pool = stranger;
        _mandateRefused(mandate, abi.encodeWithSelector(Errors.NotAContract.selector, stranger));
        mandate.lending.pool = pool;
        _mandateRefused(mandate, abi.encodeWithSelector(Errors.ReserveNotListed.selector, base));
        mandate.lending.pool = address(0);
        _mandateRefused(mandate, abi.encodeWithSelector(Errors.LendingPoolMissing.selector));
        delete mandate.lending;
        _mandateRefused(mandate, abi.encodeWithSelector(Errors.InventoryBelowZero.selector, mandate.minBase));
        mandate = _lendingMandate();
        mandate.base = address(new HostileToken(18));
        mandate.pools = new address[](0);
        vm.expectRevert();
        vm.prank(avatar);
        module.setMandate(mandate);
        mandate = _lendingMandate();
        vm.assertEq(abi.encode(module.mandateOf(avatar)), abi.encode(mandate), "reads as it was set");
    }

    function test_reports_each_step_and_what_it_moved() public {
        vm.recordLogs();
        _goShort(300_000 * QUOTE, 10 * BASE);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        uint256 count;
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].emitter != address(module) || logs[i].topics[0] != IHedgeModule.Lent.selector) continue;
            (uint8 kind, uint256 amount) = abi.decode(logs[i].data, (uint8, uint256));
            vm.assertEq(kind, count == 0 ? SUPPLY + OF_QUOTE : BORROW, "kind");
            vm.assertEq(amount, count == 0 ? 300_000 * QUOTE : 10 * BASE, "amount");
            ++count;
        }
        vm.assertEq(count, 2, "events");
    }

    function _hedgeStep(IHedgeModule.Leg memory leg) private returns (uint256, uint256) {
        return _hedge(_orderWith(true, 0, leg));
    }

    function _mandateRefused(IHedgeModule.Mandate memory mandate, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(avatar);
        module.setMandate(mandate);
    }
}
