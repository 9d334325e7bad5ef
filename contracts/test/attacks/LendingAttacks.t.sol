// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILendingPool} from "../../src/External.sol";
import {IHedgeModule} from "../../src/IHedgeModule.sol";
import {IHedgeModuleErrors as Errors} from "../../src/IHedgeModuleErrors.sol";
import {LendingFixture} from "../support/LendingFixture.sol";
import {HostileToken} from "../support/Tokens.sol";
import {bound, vm} from "../support/Vm.sol";

/// @notice Takes no new allowance while there is an old one, as USDT does.
contract StrictToken is HostileToken {
    constructor(uint8 decimals_) HostileToken(decimals_) {}

    function approve(address spender, uint256 amount) external override returns (bool) {
        require(amount == 0 || allowance[msg.sender][spender] == 0, "allowance left");
        allowance[msg.sender][spender] = amount;
        return true;
    }
}

/// @notice Works on the avatar's account at Aave in the middle of an order, as anybody can: with its own means.
contract Meddler {
    ILendingPool private immutable POOL;
    HostileToken private immutable BASE;
    HostileToken private immutable QUOTE;

    constructor(address pool, HostileToken base, HostileToken quote) {
        (POOL, BASE, QUOTE) = (ILendingPool(pool), base, quote);
        BASE.approve(pool, type(uint256).max);
        QUOTE.approve(pool, type(uint256).max);
    }

    function meddle(address avatar, uint256 way, uint256 amount) external {
        HostileToken token = way & 1 == 0 ? BASE : QUOTE;
        token.mint(address(this), amount);
        if (way & 2 == 0) POOL.supply(address(token), amount, avatar, 0);
        else POOL.repay(address(token), amount, 2, avatar);
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

    /// @dev Lending steps and a forged pool's swaps in any order, with gifts at Aave in between: what the avatar has less
    /// what it owes falls by no more than the slippage of what was swapped, and Aave's roundings.
    function test_a_forged_pool_between_lending_steps_takes_no_more_than_the_slippage(uint256 seed) public {
        _prepareForgery();
        _forge(seed);
    }

    /// @dev The one above says little of orders that never pass.
    function test_enough_of_these_orders_pass() public {
        _prepareForgery();
        uint256 passed;
        for (uint256 i = 0; i < 100; ++i) {
            uint256 snapshot = vm.snapshotState();
            if (_forge(uint256(keccak256(abi.encode(i)))) != 0) ++passed;
            vm.revertToState(snapshot);
        }
        vm.assertGt(passed, 10, "orders with swaps that passed");
    }

    function _prepareForgery() private {
        IHedgeModule.Mandate memory mandate = _lendingMandate();
        mandate.pools[1] = address(hostilePool);
        _setMandate(mandate);
        base.mint(avatar, 20 * BASE);
        _hedge(_orderWith(true, 0, _step(SUPPLY + OF_QUOTE, 500_000 * QUOTE), _step(BORROW, 30 * BASE)));
    }

    /// @return filled zero where the order was refused
    function _forge(uint256 seed) private returns (uint256 filled) {
        IHedgeModule.Order memory order = _anyOrder(seed);
        _instruct(seed >> 128, order.sellBase);
        int256 before = _value();
        vm.prank(keeper);
        (bool success, bytes memory answer) = address(module).call(abi.encodeCall(module.hedge, (order)));
        if (!success) return 0;
        (filled,) = abi.decode(answer, (uint256, uint256));
        uint256 slippage = filled * PRICE * QUOTE * _lendingMandate().maxSlippageBps / BASE / 10_000;
        vm.assertGe(uint256(_value() + int256(slippage + 4 * order.legs.length)), uint256(before), "value");
        vm.assertLe(filled, order.baseAmount, "filled");
        vm.assertGe(_healthFactor(), FLOOR_WAD, "health factor");
    }

    /// @dev The forged pool pays and asks for about what one to three swaps are worth, and may have somebody meddle.
    function _instruct(uint256 seed, bool sellBase) private {
        uint256 ofBase = BASE * bound(seed >> 8, 1, 3);
        uint256 ofQuote = ofBase * PRICE * QUOTE / BASE * bound(seed >> 16, 9_900, 10_100) / 10_000;
        hostilePool.behave(sellBase ? ofQuote : ofBase, sellBase ? ofBase : ofQuote, 1);
        if (seed & 1 == 0) return;
        Meddler meddler = new Meddler(lendingPool, base, quote);
        hostilePool.callOut(
            address(meddler),
            abi.encodeCall(Meddler.meddle, (avatar, seed >> 1, bound(seed >> 24, QUOTE, 1_000 * QUOTE)))
        );
    }

    function _anyOrder(uint256 seed) private view returns (IHedgeModule.Order memory order) {
        order = _order(seed & 1 == 0, 0);
        order.minFillBps = 0;
        order.legs = new IHedgeModule.Leg[](2 + seed % 4);
        for (uint256 i = 0; i < order.legs.length; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint8 kind = uint8(seed % 12);
            if (kind < 8) {
                uint256 amount = bound(seed >> 16, 1, kind < OF_QUOTE ? 10 * BASE : 30_000 * QUOTE);
                order.legs[i] = _step(SUPPLY + kind, seed >> 8 & 7 == 0 && kind & 3 != 2 ? ALL : amount);
            } else {
                order.legs[i] = IHedgeModule.Leg(0, address(hostilePool), uint128(3 * BASE), 0, 0, 0);
                order.baseAmount += uint128(3 * BASE);
            }
        }
    }

    /// @dev In quote units, at the feed's price.
    function _value() private view returns (int256) {
        int256 ofBase =
            int256(base.balanceOf(avatar) + baseSupplied.balanceOf(avatar)) - int256(baseOwed.balanceOf(avatar));
        return ofBase * int256(PRICE * QUOTE) / int256(BASE)
            + int256(quote.balanceOf(avatar) + quoteSupplied.balanceOf(avatar)) - int256(quoteOwed.balanceOf(avatar));
    }
}
