// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IUnlockCallback, IUniswapV3Pool} from "../src/External.sol";
import {IHedgeModule} from "../src/IHedgeModule.sol";
import {IHedgeModuleErrors as Errors} from "../src/IHedgeModuleErrors.sol";
import {BridgeFixture} from "./support/BridgeFixture.sol";
import {HostileManager} from "./support/HostileManager.sol";
import {HostilePool} from "./support/HostilePool.sol";
import {HostileToken} from "./support/Tokens.sol";
import {vm} from "./support/Vm.sol";

/// @notice What an order over a bridge may not be, and what pools and tokens may not do while one runs.
contract TwoHopRefusalsTest is BridgeFixture {
    bytes4 private constant CALLBACK = bytes4(keccak256("uniswapV3SwapCallback(int256,int256,bytes)"));
    uint256 private constant OWN_BRIDGE = 1_000_000 * QUOTE;

    /// @dev The avatar owns some of the bridge: what is not the order's must stay.
    function setUp() public {
        _deployBridge(true, 1, true);
        bridge.mint(avatar, OWN_BRIDGE);
    }

    function test_refuses_a_far_hop_that_continues_nothing() public {
        IHedgeModule.Order memory order = _bridgeOrder(true, V3, V3, BASE);
        (order.legs[0], order.legs[1]) = (order.legs[1], order.legs[0]);
        _refused(order, abi.encodeWithSelector(Errors.FarHopMisplaced.selector, 0));
        order = _bridgeOrder(true, V3, V3, BASE);
        IHedgeModule.Leg[] memory legs = new IHedgeModule.Leg[](3);
        (legs[0], legs[1], legs[2]) = (order.legs[0], order.legs[1], order.legs[1]);
        order.legs = legs;
        _refused(order, abi.encodeWithSelector(Errors.FarHopMisplaced.selector, 2));
    }

    function test_refuses_a_far_hop_with_an_amount_and_a_near_one_without() public {
        IHedgeModule.Order memory order = _bridgeOrder(true, V3, V3, BASE);
        order.legs[1].baseAmount = 1;
        _refused(order, abi.encodeWithSelector(Errors.FarHopAmountNotZero.selector, 1));
        order = _bridgeOrder(true, V3, V3, BASE);
        order.legs[0].baseAmount = 0;
        _refused(order, abi.encodeWithSelector(Errors.LegEmpty.selector, 0));
    }

    function test_refuses_a_far_hop_of_a_kind_that_it_does_not_know() public {
        IHedgeModule.Order memory order = _bridgeOrder(true, V3, V3, BASE);
        order.legs[1].kind = FAR | 3;
        _refused(order, abi.encodeWithSelector(Errors.UnknownLegKind.selector, 1, FAR | 3));
    }

    function test_counts_far_hops_among_the_legs() public {
        IHedgeModule.Order memory order = _order(true, 5 * BASE);
        order.legs = new IHedgeModule.Leg[](9);
        _refused(order, abi.encodeWithSelector(Errors.LegCountOutOfRange.selector, 9, 8));
    }

    function test_reaches_pools_of_a_bridge_over_the_bridge_only() public {
        address[6] memory pools =
            [nearPools[V3], farPools[V3], nearPools[V2], farPools[V2], nearPools[V4], farPools[V4]];
        for (uint256 i = 0; i < 12; ++i) {
            IHedgeModule.Order memory order = _order(i < 6, BASE);
            order.legs[0] = IHedgeModule.Leg(uint8(i % 6 / 2), pools[i % 6], uint128(BASE), 0, 500, 10);
            _refused(order, abi.encodeWithSelector(Errors.PoolNotAllowed.selector, avatar, pools[i % 6]));
        }
    }

    function test_reaches_no_pool_of_other_tokens_on_either_hop() public {
        for (uint8 kind = 0; kind < 3; ++kind) {
            IHedgeModule.Order memory order = _bridgeOrder(true, kind, kind, BASE);
            order.legs[0].pool = _leg(kind, BASE).pool;
            _refused(order, abi.encodeWithSelector(Errors.PoolNotAllowed.selector, avatar, order.legs[0].pool));
            order = _bridgeOrder(true, kind, kind, BASE);
            order.legs[1].pool = _leg(kind, BASE).pool;
            _refused(order, abi.encodeWithSelector(Errors.PoolNotAllowed.selector, avatar, order.legs[1].pool));
            order.legs[1].pool = nearPools[kind];
            _refused(order, abi.encodeWithSelector(Errors.PoolNotAllowed.selector, avatar, nearPools[kind]));
            order = _bridgeOrder(true, kind, kind, BASE);
            order.legs[0].pool = farPools[kind];
            _refused(order, abi.encodeWithSelector(Errors.PoolNotAllowed.selector, avatar, farPools[kind]));
        }
    }

    function test_joins_no_hops_of_two_bridges() public {
        HostileToken other = new HostileToken(6);
        HostilePool far = new HostilePool(address(other), address(quote));
        IHedgeModule.Mandate memory mandate = _bridgeMandate();
        mandate.bridges = new address[](2);
        (mandate.bridges[0], mandate.bridges[1]) = (address(other), address(bridge));
        mandate.pools[3] = address(far);
        _setMandate(mandate);
        _hedge(_bridgeOrder(true, V3, V3, BASE));
        IHedgeModule.Order memory order = _bridgeOrder(true, V3, V3, BASE);
        order.legs[1].pool = address(far);
        _refused(order, abi.encodeWithSelector(Errors.PoolNotAllowed.selector, avatar, far));
    }

    function test_reaches_no_v4_pool_of_a_token_that_is_not_among_the_bridges() public {
        IHedgeModule.Mandate memory mandate = _bridgeMandate();
        mandate.bridges[0] = address(new HostileToken(6));
        address[] memory direct = new address[](1);
        direct[0] = pool;
        mandate.pools = direct;
        _setMandate(mandate);
        _refused(
            _bridgeOrder(true, V4, V4, BASE),
            abi.encodeWithSelector(Errors.PoolNotAllowed.selector, avatar, nearPools[V4])
        );
    }

    function test_a_new_mandate_without_bridges_ends_every_way_over_them() public {
        _setMandate(_venuesMandate());
        for (uint8 kind = 0; kind < 3; ++kind) {
            _refused(
                _bridgeOrder(true, kind, kind, BASE),
                abi.encodeWithSelector(Errors.PoolNotAllowed.selector, avatar, nearPools[kind])
            );
        }
    }

    function test_a_far_pool_that_takes_more_of_the_bridge_than_there_is_to_trade_is_refused() public {
        hostileFar.behave(3_000 * QUOTE, 2_998 * QUOTE + 500 * QUOTE, 1);
        _refusedWith(_overHostileFar(true, BASE), Errors.FarHopIncomplete.selector);
        hostileFar.answer(int256(_bridgedBy(BASE)));
        _refusedWith(_overHostileFar(true, BASE), Errors.BridgeBalanceMoved.selector);
    }

    function test_a_far_pool_that_takes_less_of_the_bridge_than_it_says_is_refused() public {
        uint256 bridged = _bridgedBy(BASE);
        hostileFar.answer(int256(bridged));
        hostileFar.behave(3_000 * QUOTE, bridged - 1, 1);
        _refused(
            _overHostileFar(true, BASE),
            abi.encodeWithSelector(Errors.BridgeBalanceMoved.selector, bridge, OWN_BRIDGE, OWN_BRIDGE + 1)
        );
        hostileFar.behave(3_000 * QUOTE, bridged, 1);
        _hedge(_overHostileFar(true, BASE));
    }

    function test_a_far_pool_that_pays_less_than_it_says_leaves_the_near_pool_unpaid() public {
        uint256 needed = _bridgedBy(BASE) * 10_010 / 10_000;
        hostileFar.answer(-int256(needed));
        hostileFar.behave(1, 3_000 * QUOTE, 1);
        _fails(_overHostileFar(false, BASE));
    }

    function test_a_near_pool_that_asks_for_more_of_the_bridge_is_bound_by_the_price_of_the_whole() public {
        IHedgeModule.Order memory order = _overHostileNear(false, BASE);
        hostileNear.behave(BASE, 3_020 * QUOTE, 1);
        (, uint256 paid) = _hedge(order);
        vm.assertLe(paid, 3_030 * QUOTE, "within one percent");
        vm.assertEq(bridge.balanceOf(avatar), OWN_BRIDGE, "the avatar's bridge");
        hostileNear.behave(BASE, 3_030 * QUOTE, 1);
        _refusedWith(_overHostileNear(false, BASE), Errors.PriceOutsideOracleBound.selector);
    }

    function test_a_near_pool_that_pays_less_of_the_bridge_is_bound_by_the_price_of_the_whole() public {
        hostileNear.behave(2_980 * QUOTE, BASE, 1);
        _hedge(_overHostileNear(true, BASE));
        hostileNear.behave(2_960 * QUOTE, BASE, 1);
        _refusedWith(_overHostileNear(true, BASE), Errors.PriceOutsideOracleBound.selector);
        // It pays nothing of the bridge, so there is nothing for the far hop to trade.
        hostileNear.behave(0, BASE, 1);
        _refusedWith(_overHostileNear(true, BASE), Errors.PriceOutsideOracleBound.selector);
    }

    function test_a_pool_that_calls_back_with_another_far_hop_is_refused() public {
        hostileNear.behave(BASE, 3_000 * QUOTE, 1);
        bytes[3] memory forged = [bytes(""), abi.encode(uint256(1)), abi.encode(nearKey, farKey)];
        for (uint256 i = 0; i < 3; ++i) {
            hostileNear.callBackWith(forged[i]);
            _refused(
                _overHostileNear(false, BASE),
                abi.encodeWithSelector(Errors.UnexpectedCallback.selector, address(hostileNear))
            );
        }
    }

    function test_a_near_pool_calls_back_once() public {
        hostileNear.behave(BASE, 1_500 * QUOTE, 2);
        _refused(
            _overHostileNear(false, BASE),
            abi.encodeWithSelector(Errors.UnexpectedCallback.selector, address(hostileNear))
        );
    }

    function test_the_near_pool_does_not_pass_for_the_far_one_nor_anybody_else() public {
        // While the far hop runs inside the near one's callback, the token of the payment calls for them.
        bytes[3] memory calls = [
            abi.encodeWithSelector(CALLBACK, int256(BASE), int256(0), bytes("")),
            abi.encodeCall(IUnlockCallback.unlockCallback, (abi.encode(nearKey))),
            abi.encodeCall(module.hedge, (_order(true, BASE)))
        ];
        for (uint256 i = 0; i < 3; ++i) {
            for (uint8 near = 0; near < 3; ++near) {
                quote.callOut(address(module), calls[i]);
                _hedge(_bridgeOrder(false, near, uint8((near + 1) % 3), BASE));
                vm.assertTrue(quote.calledOut() && !quote.callSucceeded(), "tried in vain");
                bytes memory reason = i < 2
                    ? abi.encodeWithSelector(Errors.UnexpectedCallback.selector, quote)
                    : abi.encodeWithSelector(Errors.Reentered.selector);
                vm.assertEq(quote.callAnswer(), reason, "because");
            }
        }
        quote.behave(HostileToken.Manner.Honest);
        hostileFar.callOut(address(hostileNear), abi.encodeCall(IUniswapV3Pool.swap, (avatar, true, 0, 0, "")));
        hostileNear.behave(0, BASE, 1);
        hostileFar.answer(int256(_bridgedBy(BASE)));
        hostileFar.behave(3_000 * QUOTE, _bridgedBy(BASE), 1);
        _hedge(_overHostileFar(true, BASE));
        vm.assertFalse(hostileFar.callSucceeded(), "the near pool's callback while the far one runs");
    }

    function test_a_bridge_that_calls_back_or_refuses_gets_nowhere() public {
        bridge.callOut(address(module), abi.encodeCall(module.hedge, (_order(true, BASE))));
        _hedge(_bridgeOrder(true, V3, V3, BASE));
        vm.assertEq(bridge.callAnswer(), abi.encodeWithSelector(Errors.Reentered.selector), "reentry");
        bridge.behave(HostileToken.Manner.Revert);
        _fails(_bridgeOrder(true, V3, V3, BASE));
        vm.assertEq(base.balanceOf(avatar), 499 * BASE, "base");
    }

    function test_a_bridge_that_takes_twice_is_refused() public {
        bridge.behave(HostileToken.Manner.TakeTwice);
        bridge.mint(nearPools[V3], OWN_BRIDGE);
        _fails(_bridgeOrder(true, V3, V2, BASE));
        vm.assertEq(bridge.balanceOf(avatar), OWN_BRIDGE, "the avatar's bridge");
    }

    function test_a_forged_manager_that_lies_of_what_it_traded_is_refused() public {
        HostileManager forged = new HostileManager();
        quote.mint(address(forged), 1_000_000 * QUOTE);
        IHedgeModule.Mandate memory mandate = _bridgeMandate();
        mandate.poolManager = address(forged);
        _setMandate(mandate);
        uint256 bridged = _bridgedBy(BASE);
        (int128 ofBridge, int128 ofQuote) = (-int128(int256(bridged - 5)), int128(int256(2_990 * QUOTE)));
        forged.behave(ofBridge, ofQuote, 1);
        // Its own answer to the unlocking tells less than was to be traded.
        _refused(
            _bridgeOrder(true, V3, V4, BASE),
            abi.encodeWithSelector(Errors.FarHopIncomplete.selector, forged, bridged, 0)
        );
        forged.answerWith(abi.encode(bridged));
        _refusedWith(_bridgeOrder(true, V3, V4, BASE), Errors.BridgeBalanceMoved.selector);
    }

    /// @dev By a reason that is a pool's or a token's own.
    function _fails(IHedgeModule.Order memory order) private {
        vm.prank(keeper);
        (bool success,) = address(module).call(abi.encodeCall(module.hedge, (order)));
        vm.assertFalse(success, "executed");
    }

    /// @dev What selling base on the near v3 pool brings.
    function _bridgedBy(uint256 amount) private returns (uint256 bridged) {
        uint256 snapshot = vm.snapshotState();
        (int256 amount0, int256 amount1) =
            market.onV3(nearPools[V3], address(base) < address(bridge), int256(amount), _openLimit());
        bridged = uint256(-(amount0 < 0 ? amount0 : amount1));
        vm.revertToState(snapshot);
    }

    function _openLimit() private view returns (uint160) {
        return address(base) < address(bridge) ? 4295128740 : 1461446703485210103287273052203988822378723970341;
    }

    function _overHostileFar(bool sellBase, uint256 amount) private view returns (IHedgeModule.Order memory order) {
        order = _bridgeOrder(sellBase, V3, V3, amount);
        order.legs[1].pool = address(hostileFar);
    }

    function _overHostileNear(bool sellBase, uint256 amount) private view returns (IHedgeModule.Order memory order) {
        order = _bridgeOrder(sellBase, V3, V3, amount);
        order.legs[0].pool = address(hostileNear);
    }
}
