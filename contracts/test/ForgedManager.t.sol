// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IUnlockCallback, PoolKey, SwapParams} from "../src/External.sol";
import {IHedgeModule} from "../src/IHedgeModule.sol";
import {IHedgeModuleErrors as Errors} from "../src/IHedgeModuleErrors.sol";
import {HostileManager} from "./support/HostileManager.sol";
import {HostileToken} from "./support/Tokens.sol";
import {VenuesFixture} from "./support/VenuesFixture.sol";
import {vm} from "./support/Vm.sol";

/// @notice What a forged PoolManager can do to an avatar whose mandate names it: no more than a forged pool.
contract ForgedManagerTest is VenuesFixture {
    HostileManager private forged;

    function setUp() public {
        _deployVenues(true, false);
        forged = new HostileManager();
        base.mint(address(forged), 1_000 * BASE);
        quote.mint(address(forged), 1_000_000 * QUOTE);
        vm.deal(address(forged), 1_000 ether);
        vm.deal(avatar, 50 ether);
        IHedgeModule.Mandate memory mandate = _venuesMandate();
        mandate.poolManager = address(forged);
        _setMandate(mandate);
    }

    function test_is_bound_like_any_other_pool() public {
        forged.behave(-int128(int256(BASE)), int128(int256(2_990 * QUOTE)), 1);
        (uint256 sold, uint256 received) = _hedge(_orderOf(true, _leg(V4, BASE)));
        vm.assertEq(sold, BASE, "sold");
        vm.assertEq(received, 2_990 * QUOTE, "received");
        forged.behave(-int128(int256(BASE)), int128(int256(2_980 * QUOTE)), 1);
        _refusedWith(_orderOf(true, _leg(V4, BASE)), Errors.PriceOutsideOracleBound.selector);
        forged.behave(-int128(int256(2 * BASE)), int128(int256(6_000 * QUOTE)), 1);
        _refusedWith(_orderOf(true, _leg(V4, BASE)), Errors.Overfilled.selector);
    }

    function test_is_called_back_once() public {
        forged.behave(-int128(int256(BASE / 2)), int128(int256(1_500 * QUOTE)), 2);
        _refused(
            _orderOf(true, _leg(V4, BASE)), abi.encodeWithSelector(Errors.UnexpectedCallback.selector, address(forged))
        );
    }

    function test_is_paid_nothing_where_it_does_not_ask() public {
        forged.behave(0, 0, 0);
        _refused(_orderOf(true, _leg(V4, BASE)), abi.encodeWithSelector(Errors.NothingFilled.selector));
    }

    function test_an_unasked_leg_is_over_when_the_order_is() public {
        forged.behave(0, 0, 0);
        IHedgeModule.Order memory order = _order(true, 2 * BASE);
        order.legs = new IHedgeModule.Leg[](2);
        (order.legs[0], order.legs[1]) = (_leg(V4, BASE), _leg(V3, BASE));
        order.minFillBps = 5_000;
        _hedge(order);
        vm.expectRevert(abi.encodeWithSelector(Errors.UnexpectedCallback.selector, address(forged)));
        vm.prank(address(forged));
        IUnlockCallback(address(module)).unlockCallback(abi.encode(tokenKey, SwapParams(true, -1e18, 0)));
    }

    /// @dev Another key and other amounts than the module gave.
    function test_cannot_call_back_with_another_pool() public {
        forged.replace(abi.encode(nativeKey, SwapParams(true, -1e18, 0)));
        forged.behave(-int128(int256(BASE)), int128(int256(2_990 * QUOTE)), 1);
        _refused(
            _orderOf(true, _leg(V4, BASE)), abi.encodeWithSelector(Errors.UnexpectedCallback.selector, address(forged))
        );
    }

    /// @dev What the avatar unwraps it gets back in full, or its own native coin would pay.
    function test_cannot_have_the_avatars_native_coin_where_unwrapping_gives_nothing() public {
        base.behave(HostileToken.Manner.KeepNative);
        forged.behave(-int128(int256(BASE)), int128(int256(2_990 * QUOTE)), 1);
        _refusedWith(_orderOf(true, _v4Leg(nativeKey, BASE)), Errors.BalanceMovedAgainstOrder.selector);
        vm.assertEq(avatar.balance, 50 ether, "the avatar's own");
    }
}
