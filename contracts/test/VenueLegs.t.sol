// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IUnlockCallback, PoolKey, SwapParams} from "../src/External.sol";
import {IHedgeModule} from "../src/IHedgeModule.sol";
import {IHedgeModuleErrors as Errors} from "../src/IHedgeModuleErrors.sol";
import {HostilePool} from "./support/HostilePool.sol";
import {HostileToken} from "./support/Tokens.sol";
import {IPair} from "./support/RealContracts.sol";
import {VenuesFixture} from "./support/VenuesFixture.sol";
import {vm} from "./support/Vm.sol";

/// @notice Legs on Uniswap v2 pairs and v4 pools: on a real Safe 1.4.1 and real Uniswap contracts.
abstract contract VenueLegsTest is VenuesFixture {
    function test_a_pair_gives_all_that_it_allows_for_what_is_sold() public {
        uint256 snapshot = vm.snapshotState();
        (uint256 sold, uint256 received) = _hedge(_orderOf(true, _leg(V2, 10 * BASE)));
        vm.assertEq(sold, 10 * BASE, "sold");
        vm.assertApproxEqRel(received, 30_000 * QUOTE, 0.0032e18, "price less fee and impact");

        vm.revertToState(snapshot);
        base.mint(pair, 10 * BASE);
        vm.expectRevert("UniswapV2: K");
        _takeFromPair(false, received + 1);
    }

    function test_a_pair_asks_the_least_that_it_accepts_for_what_is_bought() public {
        uint256 snapshot = vm.snapshotState();
        (uint256 bought, uint256 paid) = _hedge(_orderOf(false, _leg(V2, 10 * BASE)));
        vm.assertEq(bought, 10 * BASE, "bought");
        vm.assertApproxEqRel(paid, 30_000 * QUOTE, 0.0032e18, "price plus fee and impact");

        vm.revertToState(snapshot);
        quote.mint(pair, paid - 1);
        vm.expectRevert("UniswapV2: K");
        _takeFromPair(true, 10 * BASE);
    }

    function test_a_pair_stops_at_the_price_limit_of_its_leg() public {
        for (uint256 i = 0; i < 2; ++i) {
            bool sellBase = i == 0;
            IHedgeModule.Order memory order = _orderOf(sellBase, _leg(V2, 15 * BASE));
            order.legs[0].sqrtPriceLimitX96 = _sqrtPriceX96(sellBase ? 2_999_500_000 : 3_000_500_000);
            order.minFillBps = 1;
            _setReserves(100_000 * BASE, 300_000_000 * QUOTE);
            (uint256 filled,) = _hedge(order);
            // From 3,000 by 1 / 6,000: half of it in the reserve, 8.334, and the fee on top.
            vm.assertApproxEqRel(filled, sellBase ? 8.3594e18 : 8.3323e18, 0.0002e18, "filled");
        }
    }

    function test_a_pair_beyond_its_price_limit_is_left_out() public {
        IHedgeModule.Order memory order = _order(true, 2 * BASE);
        order.legs = new IHedgeModule.Leg[](2);
        (order.legs[0], order.legs[1]) = (_leg(V2, BASE), _leg(V3, BASE));
        order.legs[0].sqrtPriceLimitX96 = _sqrtPriceX96(3_000_500_000);
        _refused(order, abi.encodeWithSelector(Errors.FillTooSmall.selector, BASE, 2 * BASE, 10_000));
        order.minFillBps = 5_000;
        (uint256 sold,) = _hedge(order);
        vm.assertEq(sold, BASE, "the other leg alone");
    }

    function test_refuses_to_empty_a_pair() public {
        _setReserves(10 * BASE, 30_000 * QUOTE);
        _refused(
            _orderOf(false, _leg(V2, 10 * BASE)),
            abi.encodeWithSelector(Errors.ReserveTooSmall.selector, pair, 10 * BASE, 10 * BASE)
        );
    }

    function test_a_v4_pool_gives_and_asks_what_it_gives_and_asks_anybody() public {
        for (uint256 i = 0; i < 4; ++i) {
            bool sellBase = i % 2 == 0;
            PoolKey memory key = i < 2 ? tokenKey : nativeKey;
            uint256 alone = _onV4Alone(key, sellBase, 5 * BASE);
            (uint256 filled, uint256 quoted) = _hedge(_orderOf(sellBase, _v4Leg(key, 5 * BASE)));
            vm.assertEq(filled, 5 * BASE, "base");
            vm.assertEq(quoted, alone, "quote");
        }
    }

    function test_a_v4_pool_stops_at_the_price_limit_of_its_leg() public {
        for (uint256 i = 0; i < 4; ++i) {
            bool sellBase = i % 2 == 0;
            PoolKey memory key = i < 2 ? tokenKey : nativeKey;
            uint256 price = sellBase ? 2_999_500_000 : 3_000_500_000;
            IHedgeModule.Order memory order = _orderOf(sellBase, _v4Leg(key, 15 * BASE));
            order.legs[0].sqrtPriceLimitX96 = i < 2 ? _sqrtPriceX96(price) : _nativeSqrtPriceX96(price);
            order.minFillBps = 1_000;
            _moveVenues(PRICE * QUOTE);
            (uint256 filled,) = _hedge(order);
            vm.assertApproxEqRel(filled, 8.2155e18, 0.003e18, "filled");
            vm.assertEq(_v4Price(key), order.legs[0].sqrtPriceLimitX96, "where it stopped");
        }
    }

    function test_a_native_pool_leaves_the_avatars_own_native_coin_alone() public {
        vm.deal(avatar, 7 ether);
        _hedge(_orderOf(true, _v4Leg(nativeKey, 10 * BASE)));
        vm.assertEq(avatar.balance, 7 ether, "after a sale");
        _hedge(_orderOf(false, _v4Leg(nativeKey, 10 * BASE)));
        vm.assertEq(avatar.balance, 7 ether, "after a purchase");
        vm.assertEq(base.balanceOf(avatar), 500 * BASE, "base there and back");
        vm.assertEq(address(module).balance, 0, "the module");
    }

    function test_refuses_a_wrapping_token_that_keeps_the_native_coin() public {
        vm.deal(avatar, 20 ether);
        base.behave(HostileToken.Manner.KeepNative);
        _refused(
            _orderOf(true, _v4Leg(nativeKey, 10 * BASE)),
            abi.encodeWithSelector(Errors.BalanceMovedAgainstOrder.selector, address(0))
        );
    }

    function test_says_why_the_native_coin_could_not_be_had() public {
        base.burn(avatar, 495 * BASE);
        _refusedWith(_orderOf(true, _v4Leg(nativeKey, 10 * BASE)), Errors.PaymentFailed.selector);
    }

    function test_takes_a_native_pool_where_the_quote_wraps_it() public {
        // Quote wraps the native coin here, at one to one millionth of its units.
        PoolKey memory key = PoolKey(address(0), address(base), 500, 10, address(0));
        vm.deal(address(quote), 1e30);
        vm.deal(address(market), 1e40);
        _openV4(key, uint160(_sqrt((BASE << 192) / (PRICE * QUOTE))));
        IHedgeModule.Mandate memory mandate = _venuesMandate();
        mandate.v4Pools[1] = _idOf(key);
        _setMandate(mandate);
        for (uint256 i = 0; i < 2; ++i) {
            (uint256 filled,) = _hedge(_orderOf(i == 0, _v4Leg(key, BASE)));
            vm.assertEq(filled, BASE, "filled");
            vm.assertEq(avatar.balance, 0, "native coin left");
        }
    }

    function test_adds_up_legs_on_all_kinds_of_pools() public {
        for (uint256 i = 0; i < 2; ++i) {
            IHedgeModule.Order memory order = _mixedOrder(i == 0);
            uint256 snapshot = vm.snapshotState();
            uint256 sum;
            for (uint256 leg = 0; leg < 4; ++leg) {
                (, uint256 quoted) = _hedge(_orderOf(i == 0, order.legs[leg]));
                sum += quoted;
            }
            vm.revertToState(snapshot);
            (uint256 filled, uint256 quotedTogether) = _hedge(order);
            vm.assertEq(filled, 8 * BASE, "base");
            vm.assertEq(quotedTogether, sum, "as much as one after the other");
        }
    }

    function test_a_leg_that_fails_undoes_the_legs_before_it() public {
        IHedgeModule.Order memory order = _mixedOrder(true);
        order.legs[3].tickSpacing += 1;
        _refused(order, abi.encodeWithSelector(Errors.PoolNotAllowed.selector, avatar, order.legs[3].pool));
        vm.assertEq(base.balanceOf(avatar), 500 * BASE, "base");
        vm.assertEq(quote.balanceOf(avatar), 2_000_000 * QUOTE, "quote");
        vm.assertEq(module.nextSequence(avatar), 0, "sequence");
    }

    function test_one_bound_holds_over_all_legs() public {
        // The pair is one percent off, twice what the mandate allows: a small part of the order may go there.
        _setReserves(100_000 * BASE, 297_000_000 * QUOTE);
        IHedgeModule.Order memory order = _mixedOrder(true);
        _hedge(order);
        _refusedWith(_orderOf(true, _leg(V2, BASE)), Errors.PriceOutsideOracleBound.selector);
    }

    function test_reaches_no_pair_that_the_mandate_does_not_name() public {
        IHedgeModule.Mandate memory mandate = _venuesMandate();
        mandate.pools[2] = address(hostilePool);
        mandate.pools[3] = address(new HostilePool(address(base), address(quote)));
        _setMandate(mandate);
        _refused(_orderOf(true, _leg(V2, BASE)), abi.encodeWithSelector(Errors.PoolNotAllowed.selector, avatar, pair));
    }

    function test_reaches_no_v4_pool_that_the_mandate_does_not_name() public {
        PoolKey memory other = PoolKey(tokenKey.currency0, tokenKey.currency1, 3_000, 60, address(0));
        _openV4(other, _sqrtPriceX96(PRICE * QUOTE));
        IHedgeModule.Leg memory leg = _v4Leg(other, BASE);
        _refused(_orderOf(true, leg), abi.encodeWithSelector(Errors.PoolNotAllowed.selector, avatar, leg.pool));
        // A named pool's name over another pool's terms.
        leg.pool = _addressOf(tokenKey);
        _refused(_orderOf(true, leg), abi.encodeWithSelector(Errors.PoolNotAllowed.selector, avatar, leg.pool));
    }

    function test_reaches_no_pool_with_a_hook_even_if_the_mandate_names_it() public {
        // An address whose last bits ask for nothing needs no code to be a hook.
        PoolKey memory hooked = tokenKey;
        hooked.hooks = address(uint160(0x1234) << 120);
        hooked.fee = 0x800000;
        _openV4(hooked, _sqrtPriceX96(PRICE * QUOTE));
        IHedgeModule.Mandate memory mandate = _venuesMandate();
        mandate.v4Pools[1] = _idOf(hooked);
        _setMandate(mandate);
        IHedgeModule.Leg memory leg = _v4Leg(hooked, BASE);
        _refused(_orderOf(true, leg), abi.encodeWithSelector(Errors.PoolNotAllowed.selector, avatar, leg.pool));
    }

    function test_a_named_contract_is_no_v4_pool_and_a_v4_pool_no_contract() public {
        IHedgeModule.Leg memory leg = _leg(V3, BASE);
        leg.kind = V4;
        _refused(_orderOf(true, leg), abi.encodeWithSelector(Errors.PoolNotAllowed.selector, avatar, pool));
        leg = _leg(V4, BASE);
        leg.kind = V3;
        _refused(_orderOf(true, leg), abi.encodeWithSelector(Errors.PoolNotAllowed.selector, avatar, leg.pool));
    }

    function test_hedges_with_a_quote_that_answers_nothing_as_usdt_does() public {
        quote.behave(HostileToken.Manner.AnswerFalse);
        _refused(_orderOf(false, _leg(V2, BASE)), abi.encodeWithSelector(Errors.PaymentRefused.selector, quote));
        _refused(_orderOf(false, _leg(V4, BASE)), abi.encodeWithSelector(Errors.PaymentRefused.selector, quote));
    }

    function test_nobody_calls_back_as_the_pool_manager_while_no_order_runs() public {
        address[4] memory callers = [stranger, keeper, manager, pool];
        bytes memory data = abi.encode(tokenKey, SwapParams(true, -1e18, 0));
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(Errors.UnexpectedCallback.selector, callers[i]));
            vm.prank(callers[i]);
            IUnlockCallback(address(module)).unlockCallback(data);
        }
    }

    function test_neither_callback_passes_for_the_other() public {
        // The pool of a running v3 leg, as if it were a PoolManager.
        hostilePool.behave(3_000 * QUOTE, BASE, 1);
        hostilePool.callOut(
            address(module),
            abi.encodeCall(IUnlockCallback.unlockCallback, (abi.encode(tokenKey, SwapParams(true, -1e18, 0))))
        );
        _hedge(_orderOn(address(hostilePool), true, BASE));
        bytes memory refusal = abi.encodeWithSelector(Errors.UnexpectedCallback.selector, hostilePool);
        vm.assertEq(hostilePool.callAnswer(), refusal, "as manager");

        // The pair of a running v2 leg, as if it were a v3 pool.
        hostilePool.setReserves(uint112(100 * BASE), uint112(100 * BASE));
        hostilePool.behave(3_000 * QUOTE, 0, 0);
        hostilePool.callOut(
            address(module), abi.encodeWithSignature("uniswapV3SwapCallback(int256,int256,bytes)", BASE, 0, "")
        );
        IHedgeModule.Order memory order = _orderOn(address(hostilePool), true, BASE);
        order.legs[0].kind = V2;
        _hedge(order);
        vm.assertEq(hostilePool.callAnswer(), refusal, "as v3 pool");
    }

    function test_a_token_that_calls_back_while_the_manager_is_unlocked_is_refused() public {
        bytes memory again =
            abi.encodeCall(IUnlockCallback.unlockCallback, (abi.encode(tokenKey, SwapParams(true, -1e18, 0))));
        base.callOut(address(module), again);
        _hedge(_orderOf(true, _leg(V4, BASE)));
        vm.assertEq(base.callAnswer(), abi.encodeWithSelector(Errors.UnexpectedCallback.selector, base), "the token");
        base.callOut(address(module), abi.encodeCall(module.hedge, (_order(true, BASE))));
        _hedge(_orderOf(true, _leg(V4, BASE)));
        vm.assertEq(base.callAnswer(), abi.encodeWithSelector(Errors.Reentered.selector), "hedge");
    }

    function _mixedOrder(bool sellBase) private view returns (IHedgeModule.Order memory order) {
        order = _order(sellBase, 8 * BASE);
        order.legs = new IHedgeModule.Leg[](4);
        (order.legs[0], order.legs[1]) = (_leg(V4, 3 * BASE), _leg(V2, BASE));
        (order.legs[2], order.legs[3]) = (_leg(V3, 2 * BASE), _v4Leg(nativeKey, 2 * BASE));
    }

    /// @dev What the pool gives or asks when the market swaps there, which is undone.
    function _onV4Alone(PoolKey memory key, bool sellBase, uint256 amount) private returns (uint256) {
        uint256 snapshot = vm.snapshotState();
        bool baseIs0 = key.currency1 == address(quote);
        bool zeroForOne = sellBase == baseIs0;
        uint160 limit = zeroForOne ? 4295128740 : 1461446703485210103287273052203988822378723970341;
        int256 signed = sellBase ? -int256(amount) : int256(amount);
        int256 delta = market.onV4(manager, key, 0, 0, SwapParams(zeroForOne, signed, limit));
        vm.revertToState(snapshot);
        int256 ofQuote = baseIs0 ? int256(int128(delta)) : delta >> 128;
        return uint256(ofQuote < 0 ? -ofQuote : ofQuote);
    }

    function _takeFromPair(bool ofBase, uint256 amount) private {
        bool of0 = ofBase == (address(base) < address(quote));
        IPair(pair).swap(of0 ? amount : 0, of0 ? 0 : amount, address(market), "");
    }
}

contract VenueLegsBaseIsToken0Test is VenueLegsTest {
    function setUp() public {
        _deployVenues(true, true);
    }
}

contract VenueLegsBaseIsToken1Test is VenueLegsTest {
    function setUp() public {
        _deployVenues(false, true);
    }
}
