// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IUnlockCallback, PoolKey} from "../src/External.sol";
import {IHedgeModule} from "../src/IHedgeModule.sol";
import {IHedgeModuleErrors as Errors} from "../src/IHedgeModuleErrors.sol";
import {BridgeFixture} from "./support/BridgeFixture.sol";
import {bound, vm} from "./support/Vm.sol";

/// @notice Legs of two hops over a bridge: on a real Safe 1.4.1 and real Uniswap contracts, every kind with every kind.
abstract contract TwoHopsTest is BridgeFixture {
    uint256 private constant OWN_BRIDGE = 77 * QUOTE;

    function test_every_two_kinds_sell_and_buy_at_what_the_two_pools_give_and_ask() public {
        for (uint256 i = 0; i < 18; ++i) {
            (bool sellBase, uint8 near, uint8 far) = (i < 9, uint8(i / 3 % 3), uint8(i % 3));
            uint256 snapshot = vm.snapshotState();
            // With none of the bridge before, and with some that is the avatar's own.
            if (i % 2 == 0) bridge.mint(avatar, OWN_BRIDGE);
            uint256 own = bridge.balanceOf(avatar);
            uint256 alone = _aloneOverBridge(sellBase, near, far, 5 * BASE);
            (uint256 filled, uint256 quoted) = _hedge(_bridgeOrder(sellBase, near, far, 5 * BASE));
            vm.assertEq(filled, 5 * BASE, "base");
            vm.assertEq(quoted, alone, "quote");
            vm.assertEq(bridge.balanceOf(avatar), own, "the avatar's bridge");
            _assertModuleHoldsNothing();
            vm.revertToState(snapshot);
        }
    }

    function test_any_amount_is_swapped_as_the_two_pools_swap_it(uint256 amount, uint8 near, uint8 far, bool sellBase)
        public
    {
        (near, far) = (near % 3, far % 3);
        amount = bound(amount, 1e10, 20 * BASE);
        uint256 alone = _aloneOverBridge(sellBase, near, far, amount);
        IHedgeModule.Order memory order = _bridgeOrder(sellBase, near, far, amount);
        vm.prank(keeper);
        (bool success, bytes memory answer) = address(module).call(abi.encodeCall(module.hedge, (order)));
        // A few units of a coarse token are rounded beyond what the mandate takes; a pair gives nothing at all for them.
        if (amount > 1e15) vm.assertTrue(success, "executes");
        if (success) {
            (uint256 filled, uint256 quoted) = abi.decode(answer, (uint256, uint256));
            vm.assertEq(filled, amount, "base");
            vm.assertEq(quoted, alone, "quote");
        }
        vm.assertEq(bridge.balanceOf(avatar), 0, "the avatar's bridge");
        _assertModuleHoldsNothing();
    }

    function test_stands_beside_direct_legs_and_other_bridged_ones() public {
        for (uint256 i = 0; i < 2; ++i) {
            IHedgeModule.Order memory order = _order(i == 0, 6 * BASE);
            order.legs = new IHedgeModule.Leg[](6);
            order.legs[0] = _leg(V4, BASE);
            (order.legs[1], order.legs[2]) = _hops(V3, V4, 2 * BASE);
            order.legs[3] = _leg(V3, BASE);
            (order.legs[4], order.legs[5]) = _hops(V4, V2, 2 * BASE);
            (uint256 filled, uint256 quoted) = _hedge(order);
            vm.assertEq(filled, 6 * BASE, "base");
            vm.assertApproxEqRel(quoted, 18_000 * QUOTE, 0.003e18, "quote");
        }
    }

    function test_a_near_hop_that_stops_at_its_limit_fills_in_part() public {
        for (uint256 i = 0; i < 18; ++i) {
            (bool sellBase, uint8 near, uint8 far) = (i < 9, uint8(i / 3 % 3), uint8(i % 3));
            uint256 snapshot = vm.snapshotState();
            IHedgeModule.Order memory order = _bridgeOrder(sellBase, near, far, 15 * BASE);
            order.legs[0].sqrtPriceLimitX96 = _priceX96(address(base), BASE, sellBase ? 2_999_500_000 : 3_000_500_000);
            order.minFillBps = 1;
            (uint256 filled, uint256 quoted) = _hedge(order);
            // From 3,000 by 1 / 6,000: half of it in the pool, about 8.3, and the fee.
            vm.assertApproxEqRel(filled, 8.3e18, 0.02e18, "filled");
            vm.revertToState(snapshot);
            vm.assertEq(quoted, _aloneOverBridge(sellBase, near, far, filled), "quote of what was filled");
        }
    }

    function test_a_near_hop_beyond_its_limit_leaves_out_a_pair_and_its_far_hop() public {
        for (uint256 i = 0; i < 2; ++i) {
            IHedgeModule.Order memory order = _order(i == 0, 2 * BASE);
            order.legs = new IHedgeModule.Leg[](3);
            (order.legs[0], order.legs[1]) = _hops(V2, V3, BASE);
            order.legs[0].sqrtPriceLimitX96 = _priceX96(address(base), BASE, i == 0 ? 3_000_500_000 : 2_999_500_000);
            order.legs[2] = _leg(V3, BASE);
            order.minFillBps = 5_000;
            (uint256 filled,) = _hedge(order);
            vm.assertEq(filled, BASE, "the direct leg alone");
        }
    }

    function test_refuses_a_far_hop_that_stops_before_it_has_traded_all() public {
        for (uint256 i = 0; i < 18; ++i) {
            (bool sellBase, uint8 near, uint8 far) = (i < 9, uint8(i / 3 % 3), uint8(i % 3));
            IHedgeModule.Order memory order = _bridgeOrder(sellBase, near, far, 10 * BASE);
            // A hundred-thousandth off, where the swap moves the price by a ten-thousandth.
            order.legs[1].sqrtPriceLimitX96 =
                sellBase ? _priceX96(address(quote), 99_999, 100_000) : _priceX96(address(quote), 100_001, 100_000);
            order.minFillBps = 0;
            _refusedWith(order, Errors.FarHopIncomplete.selector);
        }
    }

    function test_a_far_hop_may_have_a_limit_that_it_does_not_reach() public {
        for (uint256 i = 0; i < 18; ++i) {
            (bool sellBase, uint8 near, uint8 far) = (i < 9, uint8(i / 3 % 3), uint8(i % 3));
            IHedgeModule.Order memory order = _bridgeOrder(sellBase, near, far, BASE);
            order.legs[1].sqrtPriceLimitX96 =
                sellBase ? _priceX96(address(quote), 999, 1_000) : _priceX96(address(quote), 1_001, 1_000);
            (uint256 filled,) = _hedge(order);
            vm.assertEq(filled, BASE, "filled");
        }
    }

    function test_one_bound_holds_over_both_hops() public {
        // Twice what the mandate allows, on the far pool alone.
        market.moveTo(farPools[V3], _priceX96(address(quote), 98, 100));
        _refusedWith(_bridgeOrder(true, V3, V3, BASE), Errors.PriceOutsideOracleBound.selector);
        market.moveTo(farPools[V3], _priceX96(address(quote), 102, 100));
        _refusedWith(_bridgeOrder(false, V3, V3, BASE), Errors.PriceOutsideOracleBound.selector);
        // Made good on the near pool: what counts is the whole.
        market.moveTo(nearPools[V3], _priceX96(address(base), BASE, 3_060 * QUOTE * 98 / 102));
        _hedge(_bridgeOrder(false, V3, V3, BASE));
    }

    function test_takes_a_near_pool_of_the_native_coin_where_base_wraps_it() public {
        PoolKey memory key = PoolKey(address(0), address(bridge), 500, 10, address(0));
        _openV4Bridge(key, uint160(_sqrt((PRICE * QUOTE << 192) / BASE)), 5.4e18);
        IHedgeModule.Mandate memory mandate = _bridgeMandate();
        mandate.v4Pools[0] = _idOf(key);
        _setMandate(mandate);
        vm.deal(avatar, 7 ether);
        for (uint256 i = 0; i < 6; ++i) {
            IHedgeModule.Order memory order = _bridgeOrder(i < 3, V4, uint8(i % 3), BASE);
            order.legs[0].pool = _addressOf(key);
            (uint256 filled, uint256 quoted) = _hedge(order);
            vm.assertEq(filled, BASE, "base");
            vm.assertApproxEqRel(quoted, 3_000 * QUOTE, 0.0045e18, "quote");
            vm.assertEq(avatar.balance, 7 ether, "the avatar's native coin");
            vm.assertEq(bridge.balanceOf(avatar), 0, "the avatar's bridge");
            _assertModuleHoldsNothing();
        }
    }

    /// @dev The bridge wraps the native coin, one unit for one: WBTC-WETH-USDC has its counterpart here.
    function test_takes_pools_of_the_native_coin_where_the_bridge_wraps_it() public {
        PoolKey memory near = PoolKey(address(0), address(base), 500, 10, address(0));
        PoolKey memory far = PoolKey(address(0), address(quote), 3_000, 10, address(0));
        _openV4Bridge(near, uint160(_sqrt((BASE << 192) / (PRICE * QUOTE))), 5.4e18);
        IHedgeModule.Mandate memory mandate = _bridgeMandate();
        (mandate.v4Pools[0], mandate.v4Pools[1]) = (_idOf(near), _idOf(far));
        vm.deal(address(bridge), 1e30);
        _openFarNative(far);
        _setMandate(mandate);
        vm.deal(avatar, 7 ether);
        for (uint256 i = 0; i < 10; ++i) {
            (bool sellBase, uint256 which) = (i < 5, i % 5);
            // v4 to v3, to v2 and to v4, and v3 and v2 to v4.
            uint8 nearKind = which < 3 ? V4 : uint8(which - 3);
            uint8 farKind = which < 2 ? uint8(which) : V4;
            IHedgeModule.Order memory order = _bridgeOrder(sellBase, nearKind, farKind, BASE);
            if (nearKind == V4) order.legs[0].pool = _addressOf(near);
            if (farKind == V4) {
                (order.legs[1].pool, order.legs[1].fee, order.legs[1].tickSpacing) = (_addressOf(far), 3_000, 10);
            }
            (uint256 filled, uint256 quoted) = _hedge(order);
            vm.assertEq(filled, BASE, "base");
            vm.assertApproxEqRel(quoted, 3_000 * QUOTE, 0.0075e18, "quote");
            vm.assertEq(avatar.balance, 7 ether, "the avatar's native coin");
            vm.assertEq(bridge.balanceOf(avatar), 0, "the avatar's bridge");
            _assertModuleHoldsNothing();
        }
    }

    function test_joins_no_two_v4_pools_of_which_one_holds_the_bridge_as_the_native_coin() public {
        PoolKey memory far = PoolKey(address(0), address(quote), 3_000, 10, address(0));
        _openFarNative(far);
        IHedgeModule.Mandate memory mandate = _bridgeMandate();
        mandate.v4Pools[1] = _idOf(far);
        _setMandate(mandate);
        IHedgeModule.Order memory order = _bridgeOrder(true, V4, V4, BASE);
        (order.legs[1].pool, order.legs[1].fee, order.legs[1].tickSpacing) = (_addressOf(far), 3_000, 10);
        _refused(order, abi.encodeWithSelector(Errors.PoolNotAllowed.selector, avatar, _addressOf(far)));
        order.sellBase = false;
        order.quoteLimit = type(uint256).max;
        _refused(order, abi.encodeWithSelector(Errors.PoolNotAllowed.selector, avatar, _addressOf(far)));
    }

    function test_a_hop_that_fails_undoes_the_legs_before_it() public {
        IHedgeModule.Order memory order = _order(true, 2 * BASE);
        order.legs = new IHedgeModule.Leg[](3);
        order.legs[0] = _leg(V3, BASE);
        (order.legs[1], order.legs[2]) = _hops(V3, V4, BASE);
        order.legs[2].tickSpacing += 1;
        _refused(order, abi.encodeWithSelector(Errors.PoolNotAllowed.selector, avatar, order.legs[2].pool));
        vm.assertEq(base.balanceOf(avatar), 500 * BASE, "base");
        vm.assertEq(module.nextSequence(avatar), 0, "sequence");
    }

    function test_nobody_calls_back_while_no_order_runs() public {
        bytes memory data = abi.encode(nearKey);
        vm.expectRevert(abi.encodeWithSelector(Errors.UnexpectedCallback.selector, manager));
        vm.prank(manager);
        IUnlockCallback(address(module)).unlockCallback(data);
    }

    function _hops(uint8 near, uint8 far, uint256 amount)
        private
        view
        returns (IHedgeModule.Leg memory, IHedgeModule.Leg memory)
    {
        IHedgeModule.Order memory order = _bridgeOrder(true, near, far, amount);
        return (order.legs[0], order.legs[1]);
    }

    function _openFarNative(PoolKey memory key) private {
        vm.deal(address(bridge), 1e30);
        vm.deal(address(market), 1e30);
        _openV4Bridge(key, 1 << 96, 3e14);
    }

    function _assertModuleHoldsNothing() private view {
        vm.assertEq(base.balanceOf(address(module)), 0, "base in the module");
        vm.assertEq(quote.balanceOf(address(module)), 0, "quote in the module");
        vm.assertEq(bridge.balanceOf(address(module)), 0, "bridge in the module");
        vm.assertEq(address(module).balance, 0, "native coin in the module");
    }
}

contract TwoHopsBaseQuoteBridgeTest is TwoHopsTest {
    function setUp() public {
        _deployBridge(true, 2, true);
    }
}

contract TwoHopsBaseBridgeQuoteTest is TwoHopsTest {
    function setUp() public {
        _deployBridge(true, 1, true);
    }
}

contract TwoHopsBridgeQuoteBaseTest is TwoHopsTest {
    function setUp() public {
        _deployBridge(false, 0, true);
    }
}

contract TwoHopsQuoteBridgeBaseTest is TwoHopsTest {
    function setUp() public {
        _deployBridge(false, 1, true);
    }
}
