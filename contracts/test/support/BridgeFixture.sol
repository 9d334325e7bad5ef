// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PoolKey, SwapParams} from "../../src/External.sol";
import {IHedgeModule} from "../../src/IHedgeModule.sol";
import {HostilePool} from "./HostilePool.sol";
import {IManager, IPair, IPool, RealContracts} from "./RealContracts.sol";
import {HostileToken} from "./Tokens.sol";
import {VenuesFixture} from "./VenuesFixture.sol";
import {vm} from "./Vm.sol";

/// @notice Beside the direct pools: a bridge token worth one quote (6 decimals), and of each kind a pool of base against
/// it and one of it against quote, all of 100,000 base a side.
abstract contract BridgeFixture is VenuesFixture {
    uint8 internal constant FAR = 128;
    uint160 private constant LOWEST = 4295128740;
    uint160 private constant HIGHEST = 1461446703485210103287273052203988822378723970341;
    uint256 private constant DEPTH = 100_000;

    HostileToken internal bridge;
    /// @dev By kind; of v4 the address that stands for the pool's id.
    mapping(uint8 kind => address) internal nearPools;
    mapping(uint8 kind => address) internal farPools;
    PoolKey internal nearKey;
    PoolKey internal farKey;
    HostilePool internal hostileNear;
    HostilePool internal hostileFar;

    /// @param above how many of base and quote have a lower address than the bridge
    function _deployBridge(bool baseIsToken0, uint256 above, bool realSafe) internal {
        _deployVenues(baseIsToken0, realSafe);
        do {
            bridge = new HostileToken(6);
        } while (_countBelow(address(bridge)) != above);

        uint256 price = PRICE * QUOTE;
        nearPools[V3] = _openV3(address(base), _priceX96(address(base), BASE, price), 5.4e18);
        farPools[V3] = _openV3(address(quote), _priceX96(address(quote), 1, 1), 3e14);
        nearPools[V2] = _openPair(address(base), DEPTH * BASE, DEPTH * price);
        farPools[V2] = _openPair(address(quote), DEPTH * price, DEPTH * price);
        nearKey = _bridgeKey(address(base));
        farKey = _bridgeKey(address(quote));
        _openV4Bridge(nearKey, _priceX96(address(base), BASE, price), 5.4e18);
        _openV4Bridge(farKey, _priceX96(address(quote), 1, 1), 3e14);
        nearPools[V4] = _addressOf(nearKey);
        farPools[V4] = _addressOf(farKey);

        hostileNear = new HostilePool(address(base), address(bridge));
        hostileFar = new HostilePool(address(bridge), address(quote));
        base.mint(address(hostileNear), 1_000_000 * BASE);
        bridge.mint(address(hostileNear), 1_000_000_000 * QUOTE);
        bridge.mint(address(hostileFar), 1_000_000_000 * QUOTE);
        quote.mint(address(hostileFar), 1_000_000_000 * QUOTE);
        _setMandate(_bridgeMandate());
    }

    function _bridgeMandate() internal view returns (IHedgeModule.Mandate memory mandate) {
        mandate = _venuesMandate();
        mandate.maxSlippageBps = 100;
        address[10] memory pools = [
            pool,
            pool2,
            pair,
            address(hostilePool),
            nearPools[V3],
            farPools[V3],
            nearPools[V2],
            farPools[V2],
            address(hostileNear),
            address(hostileFar)
        ];
        mandate.pools = new address[](10);
        for (uint256 i = 0; i < 10; ++i) {
            mandate.pools[i] = pools[i];
        }
        mandate.v4Pools = new bytes32[](4);
        (mandate.v4Pools[0], mandate.v4Pools[1]) = (_idOf(tokenKey), _idOf(nativeKey));
        (mandate.v4Pools[2], mandate.v4Pools[3]) = (_idOf(nearKey), _idOf(farKey));
        mandate.bridges = new address[](1);
        mandate.bridges[0] = address(bridge);
    }

    /// @dev One leg over the bridge: its two hops.
    function _bridgeOrder(bool sellBase, uint8 near, uint8 far, uint256 amount)
        internal
        view
        returns (IHedgeModule.Order memory order)
    {
        order = _order(sellBase, amount);
        order.legs = new IHedgeModule.Leg[](2);
        order.legs[0] = IHedgeModule.Leg(near, nearPools[near], uint128(amount), 0, 500, 10);
        order.legs[1] = IHedgeModule.Leg(FAR | far, farPools[far], 0, 0, 500, 10);
    }

    /// @dev What the two pools give for `amount` of base, or ask for it, when the market swaps there, which is undone.
    function _aloneOverBridge(bool sellBase, uint8 near, uint8 far, uint256 amount)
        internal
        returns (uint256 quoteAmount)
    {
        uint256 snapshot = vm.snapshotState();
        uint256 bridged = sellBase
            ? _alone(near, nearPools[near], nearKey, address(base), amount, true)
            : _alone(near, nearPools[near], nearKey, address(bridge), amount, false);
        quoteAmount = sellBase
            ? _alone(far, farPools[far], farKey, address(bridge), bridged, true)
            : _alone(far, farPools[far], farKey, address(quote), bridged, false);
        vm.revertToState(snapshot);
    }

    function _alone(uint8 kind, address on, PoolKey memory key, address tokenIn, uint256 amount, bool exactInput)
        private
        returns (uint256)
    {
        if (kind == V2) return _aloneOnPair(on, tokenIn, amount, exactInput);
        bool zeroForOne = kind == V3 ? IPool(on).token0() == tokenIn : key.currency0 == tokenIn;
        uint160 limit = zeroForOne ? LOWEST : HIGHEST;
        int256 signed = exactInput ? int256(amount) : -int256(amount);
        (int256 amount0, int256 amount1) = (0, 0);
        if (kind == V3) {
            (amount0, amount1) = market.onV3(on, zeroForOne, signed, limit);
        } else {
            int256 delta = market.onV4(manager, key, 0, 0, SwapParams(zeroForOne, -signed, limit));
            (amount0, amount1) = (delta >> 128, int256(int128(delta)));
        }
        int256 other = exactInput == zeroForOne ? amount1 : amount0;
        return uint256(other < 0 ? -other : other);
    }

    /// @dev As the router of v2 computes it.
    function _aloneOnPair(address on, address tokenIn, uint256 amount, bool exactInput) private view returns (uint256) {
        (uint112 reserve0, uint112 reserve1,) = IPair(on).getReserves();
        (uint256 reserveIn, uint256 reserveOut) =
            IPool(on).token0() == tokenIn ? (reserve0, reserve1) : (reserve1, reserve0);
        if (exactInput) return amount * 997 * reserveOut / (reserveIn * 1_000 + amount * 997);
        return reserveIn * amount * 1_000 / ((reserveOut - amount) * 997) + 1;
    }

    function _openV3(address token, uint160 sqrtPriceX96, uint128 liquidity) private returns (address created) {
        created = factory.createPool(token, address(bridge), 500);
        IPool(created).initialize(sqrtPriceX96);
        market.provide(created, -887_270, 887_270, liquidity);
    }

    function _openPair(address token, uint256 ofToken, uint256 ofBridge) private returns (address created) {
        created = RealContracts.deployPairFactory().createPair(token, address(bridge));
        _setPair(created, token, ofToken, ofBridge);
    }

    function _setPair(address on, address token, uint256 ofToken, uint256 ofBridge) internal {
        (uint256 reserve0, uint256 reserve1) = token < address(bridge) ? (ofToken, ofBridge) : (ofBridge, ofToken);
        market.setReserves(on, reserve0, reserve1);
    }

    function _openV4Bridge(PoolKey memory key, uint160 sqrtPriceX96, int256 liquidity) internal {
        IManager(manager).initialize(key, sqrtPriceX96);
        market.onV4(manager, key, 887_270, liquidity, SwapParams(false, 0, 0));
    }

    function _bridgeKey(address token) private view returns (PoolKey memory) {
        (address token0, address token1) = token < address(bridge) ? (token, address(bridge)) : (address(bridge), token);
        return PoolKey(token0, token1, 500, 10, address(0));
    }

    /// @dev Square root price of a pool of `token` and the bridge, worth `ofBridge` for `ofToken`.
    function _priceX96(address token, uint256 ofToken, uint256 ofBridge) internal view returns (uint160) {
        return token < address(bridge)
            ? uint160(_sqrt((ofBridge << 192) / ofToken))
            : uint160(_sqrt((ofToken << 192) / ofBridge));
    }

    function _countBelow(address account) private view returns (uint256 count) {
        if (address(base) < account) ++count;
        if (address(quote) < account) ++count;
    }
}
