// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../../src/IHedgeModule.sol";
import {bound} from "../support/Vm.sol";
import {World} from "./World.sol";

/// @notice What anybody may try with legs of two hops.
/// @dev As in Actors: what is expected to pass fails the test where it is refused.
abstract contract BridgeActors is World {
    function keeperHedgesOverTheBridge(bool sellBase, uint256 amount, uint8 near, uint8 far) external {
        _behaveHonestly();
        amount = bound(amount, 0.001e18, 5e18);
        (near, far) = (near % 3, far % 3);
        _moveBridgePools(_oraclePrice() / 100);
        if (!_isOpen(sellBase, amount)) return;
        bool success = _attemptOrder(keeper, _bridgeOrder(sellBase, near, far, amount));
        require(success, "an honest order over the bridge was refused");
        _succeeded("keeper hedges over the bridge");
    }

    /// @dev Both pools are the thief's: the far one asks for and pays what it likes, and says what it likes.
    function thiefUsesForgedPoolsOfTheBridge(bool sellBase, uint256 amount, uint256 bridged, uint256 greed) external {
        _behaveHonestly();
        amount = bound(amount, 1e16, 10e18);
        uint256 notional = _notional(amount);
        bridged = bound(bridged, 1, 2 * notional);
        uint256 taken = greed % 4 == 0 ? bound(greed, 0, 3 * notional) : bridged;
        uint256 paid = bound(greed, notional * 98 / 100, notional * 102 / 100);
        if (sellBase) {
            hostileNear.behave(bridged, amount, 1);
            hostileFar.behave(paid, taken, 1);
            hostileFar.answer(int256(bridged));
        } else {
            hostileNear.behave(amount, bridged, greed % 5 == 0 ? 2 : 1);
            hostileFar.behave(taken, paid, 1);
            hostileFar.answer(-int256(bridged));
        }
        IHedgeModule.Order memory order = _bridgeOrder(sellBase, V3, V3, amount);
        (order.legs[0].pool, order.legs[1].pool) = (address(hostileNear), address(hostileFar));
        order.minFillBps = 0;
        if (_attemptOrder(thief, order)) _succeeded("thief uses forged pools of the bridge");
        _behaveHonestly();
    }

    /// @dev Moves the far pool against the order before it, and back.
    function thiefSandwichesOverTheBridge(bool sellBase, uint256 amount, uint8 near) external {
        _behaveHonestly();
        _moveBridgePools(_oraclePrice() / 100);
        market.moveTo(farPools[V3], _priceX96(address(quote), sellBase ? 10_000 : 10_000, sellBase ? 10_085 : 9_915));
        IHedgeModule.Order memory order = _bridgeOrder(sellBase, near % 3, V3, bound(amount, 1e9, 20e18));
        if (_attemptOrder(thief, order)) _succeeded("thief sandwiches over the bridge");
        market.moveTo(farPools[V3], _priceX96(address(quote), 1, 1));
    }

    function bridgeReenters(uint256 amount) external {
        _behaveHonestly();
        _moveBridgePools(_oraclePrice() / 100);
        IHedgeModule.Order memory inner = _orderOn(pool2, true, 1e12);
        inner.sequence += 1;
        bridge.callOut(address(module), abi.encodeCall(module.hedge, (inner)));
        _attemptOrder(thief, _bridgeOrder(amount % 2 == 0, V3, V3, bound(amount, 1e15, 1e18)));
        if (bridge.calledOut()) {
            if (bridge.callSucceeded()) ++reentries;
            else _succeeded("bridge reenters");
        }
        _behaveHonestly();
    }

    /// @dev A near or a far hop, as it stands in an order.
    function _hop(bool isFar, uint8 kind) internal view returns (IHedgeModule.Leg memory) {
        return _bridgeOrder(true, kind, kind, 1e15).legs[isFar ? 1 : 0];
    }

    function _moveBridgePools(uint256 quotePerBase) internal {
        market.moveTo(nearPools[V3], _priceX96(address(base), BASE, quotePerBase));
        market.moveTo(farPools[V3], _priceX96(address(quote), 1, 1));
        _setPair(nearPools[V2], address(base), 100_000 * BASE, 100_000 * quotePerBase);
        _setPair(farPools[V2], address(quote), 100_000 * quotePerBase, 100_000 * quotePerBase);
        _moveV4(nearKey, _priceX96(address(base), BASE, quotePerBase));
        _moveV4(farKey, _priceX96(address(quote), 1, 1));
    }
}
