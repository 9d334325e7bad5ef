// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PoolKey, SwapParams} from "../../src/External.sol";
import {IHedgeModule} from "../../src/IHedgeModule.sol";
import {HedgeFixture} from "./HedgeFixture.sol";
import {IManager, RealContracts} from "./RealContracts.sol";
import {vm} from "./Vm.sol";

/// @notice Beside the v3 pools: a real Uniswap v2 pair and, in a real v4 PoolManager, a pool of base against quote and
/// one of the native coin against quote, all of 100,000 base a side; base wraps the native coin.
abstract contract VenuesFixture is HedgeFixture {
    uint8 internal constant V3 = 0;
    uint8 internal constant V2 = 1;
    uint8 internal constant V4 = 2;
    uint256 private constant DEPTH = 100_000;

    address internal pair;
    address internal manager;
    PoolKey internal tokenKey;
    PoolKey internal nativeKey;

    function _deployVenues(bool baseIsToken0, bool realSafe) internal {
        _deploy(baseIsToken0, realSafe);
        pair = RealContracts.deployPairFactory().createPair(address(base), address(quote));
        _setReserves(DEPTH * BASE, DEPTH * PRICE * QUOTE);

        manager = RealContracts.deployPoolManager();
        vm.deal(address(market), 1_000_000 ether);
        vm.deal(address(base), 1_000_000 ether);
        (address token0, address token1) =
            baseIsToken0 ? (address(base), address(quote)) : (address(quote), address(base));
        tokenKey = PoolKey(token0, token1, 500, 10, address(0));
        nativeKey = PoolKey(address(0), address(quote), 500, 10, address(0));
        _openV4(tokenKey, _sqrtPriceX96(PRICE * QUOTE));
        _openV4(nativeKey, _nativeSqrtPriceX96(PRICE * QUOTE));
        _setMandate(_venuesMandate());
    }

    function _openV4(PoolKey memory key, uint160 sqrtPriceX96) internal {
        IManager(manager).initialize(key, sqrtPriceX96);
        market.onV4(manager, key, 887_220, 5.4e18, SwapParams(false, 0, 0));
    }

    function _venuesMandate() internal view returns (IHedgeModule.Mandate memory mandate) {
        mandate = _mandate();
        mandate.pools = new address[](4);
        (mandate.pools[0], mandate.pools[1], mandate.pools[2]) = (pool, pool2, pair);
        mandate.pools[3] = address(hostilePool);
        mandate.poolManager = manager;
        mandate.v4Pools = new bytes32[](2);
        (mandate.v4Pools[0], mandate.v4Pools[1]) = (_idOf(tokenKey), _idOf(nativeKey));
    }

    function _idOf(PoolKey memory key) internal pure returns (bytes32) {
        return keccak256(abi.encode(key));
    }

    function _addressOf(PoolKey memory key) internal pure returns (address) {
        return address(bytes20(_idOf(key) << 96));
    }

    function _leg(uint8 kind, uint256 amount) internal view returns (IHedgeModule.Leg memory) {
        if (kind == V3) return IHedgeModule.Leg(V3, pool, uint128(amount), 0, 0, 0);
        if (kind == V2) return IHedgeModule.Leg(V2, pair, uint128(amount), 0, 0, 0);
        return _v4Leg(tokenKey, amount);
    }

    function _v4Leg(PoolKey memory key, uint256 amount) internal pure returns (IHedgeModule.Leg memory) {
        return IHedgeModule.Leg(V4, _addressOf(key), uint128(amount), 0, key.fee, key.tickSpacing);
    }

    function _orderOf(bool sellBase, IHedgeModule.Leg memory leg) internal view returns (IHedgeModule.Order memory) {
        IHedgeModule.Order memory order = _order(sellBase, leg.baseAmount);
        order.legs[0] = leg;
        return order;
    }

    function _setReserves(uint256 ofBase, uint256 ofQuote) internal {
        if (address(base) < address(quote)) market.setReserves(pair, ofBase, ofQuote);
        else market.setReserves(pair, ofQuote, ofBase);
    }

    /// @dev The native coin is always the lower currency.
    function _nativeSqrtPriceX96(uint256 quotePerBase) internal pure returns (uint160) {
        return uint160(_sqrt((quotePerBase << 192) / BASE));
    }

    function _moveVenues(uint256 quotePerBase) internal {
        _movePools(quotePerBase);
        _setReserves(DEPTH * BASE, DEPTH * quotePerBase);
        _moveV4(tokenKey, _sqrtPriceX96(quotePerBase));
        _moveV4(nativeKey, _nativeSqrtPriceX96(quotePerBase));
    }

    function _moveV4(PoolKey memory key, uint160 sqrtPriceX96) internal {
        uint160 current = _v4Price(key);
        if (current == sqrtPriceX96) return;
        market.onV4(manager, key, 0, 0, SwapParams(sqrtPriceX96 < current, -type(int128).max, sqrtPriceX96));
    }

    function _v4Price(PoolKey memory key) internal view returns (uint160) {
        return uint160(uint256(IExtsload(manager).extsload(keccak256(abi.encode(_idOf(key), 6)))));
    }
}

interface IExtsload {
    function extsload(bytes32 slot) external view returns (bytes32);
}
