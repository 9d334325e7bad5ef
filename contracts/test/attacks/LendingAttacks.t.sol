// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../../src/IHedgeModule.sol";
import {IHedgeModuleErrors as Errors} from "../../src/IHedgeModuleErrors.sol";
import {LendingFixture} from "../support/LendingFixture.sol";
import {HostileToken} from "../support/Tokens.sol";
import {vm} from "../support/Vm.sol";

/// @notice Takes no new allowance while there is an old one, as USDT does.
contract StrictToken is HostileToken {
    constructor(uint8 decimals_) HostileToken(decimals_) {}

    function approve(address spender, uint256 amount) external override returns (bool) {
        require(amount == 0 || allowance[msg.sender][spender] == 0, "allowance left");
        allowance[msg.sender][spender] = amount;
        return true;
    }
}

/// @notice A stolen keeper's key on a real Aave v3 market, and what is left lying about there.
contract LendingAttacksTest is LendingFixture {
    function setUp() public {
        _deployLending(true, false);
    }

    /// @dev An allowance that the owners left behind, too small for the step, would keep USDT from being supplied or repaid.
    function test_an_allowance_left_behind_does_not_stop_a_token_that_wants_it_used_up_first() public {
        vm.etch(address(quote), address(new StrictToken(6)).code);
        vm.prank(avatar);
        quote.approve(lendingPool, 5 * QUOTE);
        _hedge(_orderWith(true, 0, _step(SUPPLY + OF_QUOTE, 100_000 * QUOTE)));
        vm.assertEq(quoteSupplied.balanceOf(avatar), 100_000 * QUOTE, "supplied");
        vm.assertEq(quote.allowance(avatar, lendingPool), 0, "nothing stays approved");
    }

    /// @dev Lending steps alone take no turnover: so they must not be worth anything either.
    function test_going_round_in_lending_steps_costs_no_more_than_aaves_rounding() public {
        uint256 before = quote.balanceOf(avatar);
        for (uint256 i = 1; i <= 20; ++i) {
            _hedge(_orderWith(true, 0, _step(SUPPLY + OF_QUOTE, 333_333 * i), _step(WITHDRAW + OF_QUOTE, ALL)));
        }
        vm.assertGe(quote.balanceOf(avatar) + 20, before, "a unit a time");
    }

    /// @dev What is borrowed and sold takes turnover like what is owned and sold.
    function test_borrowed_base_is_sold_within_the_bucket_only() public {
        IHedgeModule.Mandate memory mandate = _lendingMandate();
        mandate.turnoverCapacityQuote = uint128(30_000 * QUOTE);
        _setMandate(mandate);
        _hedge(_orderWith(true, 0, _step(SUPPLY + OF_QUOTE, 900_000 * QUOTE), _step(BORROW, 50 * BASE)));
        _refusedWith(_orderWith(true, 11 * BASE, _swap(11 * BASE)), Errors.TurnoverExceeded.selector);
        _refusedWith(
            _orderWith(true, 11 * BASE, _step(BORROW, BASE), _swap(11 * BASE)), Errors.TurnoverExceeded.selector
        );
        _hedge(_orderWith(true, 10 * BASE, _swap(10 * BASE)));
    }

    /// @dev Borrowed in order to swap, supplied in order to borrow more: the caps hold however often it goes round.
    function test_a_spiral_of_borrowing_and_supplying_ends_at_the_caps() public {
        _hedge(_orderWith(true, 0, _step(SUPPLY + OF_QUOTE, 1_000_000 * QUOTE)));
        uint256 rounds;
        for (uint256 i = 0; i < 12; ++i) {
            IHedgeModule.Order memory order =
                _orderWith(true, 0, _step(BORROW + OF_QUOTE, 20_000 * QUOTE), _step(SUPPLY + OF_QUOTE, ALL));
            vm.prank(keeper);
            (bool success,) = address(module).call(abi.encodeCall(module.hedge, (order)));
            if (success) ++rounds;
        }
        vm.assertEq(rounds, 10, "up to the cap");
        vm.assertLe(quoteOwed.balanceOf(avatar), MAX_QUOTE_DEBT, "debt");
        vm.assertGe(_healthFactor(), FLOOR_WAD, "health factor");
    }

    /// @dev The caps are for what an order leaves.
    function test_debt_beyond_the_cap_passes_where_its_own_order_repays_it() public {
        _hedge(_orderWith(true, 0, _step(SUPPLY + OF_QUOTE, 900_000 * QUOTE)));
        uint256 much = MAX_BASE_DEBT + 50 * BASE;
        _hedge(_orderWith(true, 0, _step(BORROW, much), _step(REPAY, ALL)));
        vm.assertEq(baseOwed.balanceOf(avatar), 0, "owed");
        _refusedWith(_orderWith(true, 0, _step(BORROW, much), _step(REPAY, BASE)), Errors.DebtAboveMaximum.selector);
    }

    /// @dev An order from before sits in somebody's mempool: the new mandate's limits are what it meets.
    function test_an_order_signed_under_a_former_mandate_meets_the_new_one() public {
        IHedgeModule.Order memory order = _orderWith(true, 0, _step(SUPPLY + OF_QUOTE, 1_000 * QUOTE));
        IHedgeModule.Mandate memory mandate = _lendingMandate();
        delete mandate.lending;
        mandate.minBase = 0;
        _setMandate(mandate);
        _refused(order, abi.encodeWithSelector(Errors.PoolNotAllowed.selector, avatar, lendingPool));
    }
}
