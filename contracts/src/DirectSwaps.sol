// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPoolManager, IUniswapV2Pair, IUniswapV3Pool} from "./External.sol";
import {IHedgeModule} from "./IHedgeModule.sol";
import {PairLib} from "./PairLib.sol";
import {Payments} from "./Payments.sol";
import {Terms} from "./Terms.sol";

/// @title Legs of base against quote on one pool, which most orders are
/// @notice What Swaps does for any hop, without what only two hops or the native coin need. Nothing here is trusted
/// either, least of all what a pool says that it did: HedgeModule measures.
abstract contract DirectSwaps is Payments {
    /// @dev Uniswap v3's and v4's open ends of the price range: no limit.
    uint160 internal constant LOWEST_SQRT_PRICE_X96 = 4295128740;
    uint160 internal constant HIGHEST_SQRT_PRICE_X96 = 1461446703485210103287273052203988822378723970341;
    /// @dev What `unlock` is given for a leg of one hop: a PoolKey and SwapParams, as the PoolManager takes them.
    uint256 internal constant DIRECT_SIZE = 0x100;

    /// @dev The one v3 pool, or the one v4 PoolManager, whose callback is accepted, and only once: its address, with the
    /// hash of the data that it is to bring laid over it where there is any. Zero outside a swap and after the callback.
    /// All 256 bits of the hash: a keeper chooses what is given and a forged pool what comes back, so that of fewer bits
    /// half as many are all that two which agree would cost them.
    uint256 internal transient _expectedPool;
    uint256 internal transient _expectedManager;
    /// @dev What the avatar pays the expected v3 pool with, and above it whether that may be a bridge.
    uint256 internal transient _payToken;

    function _swapDirectlyOnV3(
        address pool,
        address avatar,
        address tokenIn,
        bool zeroForOne,
        bool sellBase,
        uint256 amount,
        uint256 limitX96
    ) internal {
        bytes4 selector = IUniswapV3Pool.swap.selector;
        _expectedPool = uint160(pool);
        _payToken = uint160(tokenIn);
        limitX96 = _limit(limitX96, zeroForOne);
        assembly ("memory-safe") {
            let call_ := mload(0x40)
            mstore(call_, selector)
            mstore(add(call_, 0x04), avatar)
            mstore(add(call_, 0x24), zeroForOne)
            // Exact input is positive, exact output negative.
            mstore(add(call_, 0x44), mul(amount, sub(shl(1, sellBase), 1)))
            mstore(add(call_, 0x64), limitX96)
            mstore(add(call_, 0x84), 0xa0)
            mstore(add(call_, 0xa4), 0)
            if iszero(call(gas(), pool, 0, call_, 0xc4, 0, 0)) {
                returndatacopy(call_, 0, returndatasize())
                revert(call_, returndatasize())
            }
        }
        _expectedPool = 0;
    }

    function _swapDirectlyOnV2(
        address pair,
        address avatar,
        address tokenIn,
        bool zeroForOne,
        bool sellBase,
        uint256 amount,
        uint256 limitX96
    ) internal {
        (uint256 reserveIn, uint256 reserveOut) = _reserves(pair, zeroForOne);
        if (limitX96 != 0) {
            amount = PairLib.withinLimit(PairLib.Swap(reserveIn, reserveOut, amount, limitX96, sellBase, zeroForOne));
        }
        (uint256 amountIn, uint256 amountOut) = PairLib.unlimited(reserveIn, reserveOut, amount, sellBase);
        if (amountOut >= reserveOut) revert ReserveTooSmall(pair, amountOut, reserveOut);
        if (amountOut == 0) return;
        _payFrom(_payer, tokenIn, pair, amountIn);
        bytes4 selector = IUniswapV2Pair.swap.selector;
        assembly ("memory-safe") {
            let call_ := mload(0x40)
            mstore(call_, selector)
            mstore(add(call_, 0x04), mul(iszero(zeroForOne), amountOut))
            mstore(add(call_, 0x24), mul(zeroForOne, amountOut))
            mstore(add(call_, 0x44), avatar)
            mstore(add(call_, 0x64), 0x80)
            mstore(add(call_, 0x84), 0)
            if iszero(call(gas(), pair, 0, call_, 0xa4, 0, 0)) {
                returndatacopy(call_, 0, returndatasize())
                revert(call_, returndatasize())
            }
        }
    }

    /// @dev Reserves of more than 112 bits, or an answer of less than three words, are no pair's: no reason given.
    function _reserves(address pair, bool zeroForOne) private view returns (uint256 reserveIn, uint256 reserveOut) {
        bytes4 selector = IUniswapV2Pair.getReserves.selector;
        assembly ("memory-safe") {
            mstore(0, selector)
            if iszero(staticcall(gas(), pair, 0, 4, 0, 0x40)) {
                let reason := mload(0x40)
                returndatacopy(reason, 0, returndatasize())
                revert(reason, returndatasize())
            }
            let offset := shl(5, iszero(zeroForOne))
            reserveIn := mload(offset)
            reserveOut := mload(xor(offset, 0x20))
            if or(lt(returndatasize(), 0x60), shr(112, or(reserveIn, reserveOut))) { revert(0, 0) }
        }
    }

    /// @dev Of base and quote themselves; false where the mandate names no such pool of them, and nothing was done.
    function _swapDirectlyOnV4(
        IHedgeModule.Leg calldata leg,
        uint256 amount,
        uint256 limitX96,
        bool sellBase,
        bool zeroForOne,
        Terms terms
    ) internal returns (bool isDone) {
        limitX96 = _limit(limitX96, zeroForOne);
        (uint256 fee, int256 tickSpacing) = (leg.fee, leg.tickSpacing);
        (address base, address quote) = (terms.base(), terms.quote());
        uint256 data;
        bytes32 id;
        assembly ("memory-safe") {
            // Behind a selector, an offset and a length.
            data := add(mload(0x40), 0x44)
            let swapped := mul(lt(quote, base), xor(base, quote))
            mstore(data, xor(base, swapped))
            mstore(add(data, 0x20), xor(quote, swapped))
            mstore(add(data, 0x40), fee)
            mstore(add(data, 0x60), tickSpacing)
            // Hooks: none.
            mstore(add(data, 0x80), 0)
            id := keccak256(data, 0xa0)
            mstore(add(data, 0xa0), zeroForOne)
            // Exact input is negative here, exact output positive.
            mstore(add(data, 0xc0), mul(amount, sub(1, shl(1, sellBase))))
            mstore(add(data, 0xe0), limitX96)
        }
        if (address(uint160(uint256(id))) != leg.pool || !terms.hasV4Pool(id)) return false;
        address manager = terms.poolManager();
        _expectedManager = _hashOf(data, DIRECT_SIZE) ^ uint160(manager);
        bytes4 selector = IPoolManager.unlock.selector;
        assembly ("memory-safe") {
            let call_ := sub(data, 0x44)
            mstore(call_, selector)
            mstore(add(call_, 0x04), 0x20)
            mstore(add(call_, 0x24), DIRECT_SIZE)
            if iszero(call(gas(), manager, 0, call_, add(DIRECT_SIZE, 0x44), 0, 0)) {
                returndatacopy(call_, 0, returndatasize())
                revert(call_, returndatasize())
            }
        }
        _expectedManager = 0;
        return true;
    }

    /// @dev Within the unlocking of `_swapDirectlyOnV4`, with the data that it gave: swaps, pays and takes.
    function _swapUnlocked(bytes calldata data) internal {
        bytes4 selector = IPoolManager.swap.selector;
        bool zeroForOne;
        address currency0;
        address currency1;
        int256 delta;
        assembly ("memory-safe") {
            let call_ := mload(0x40)
            let key := add(call_, 0x04)
            mstore(call_, selector)
            calldatacopy(key, data.offset, DIRECT_SIZE)
            // No data for hooks: where they begin, and their length.
            mstore(add(key, 0x100), 0x120)
            mstore(add(key, 0x120), 0)
            currency0 := mload(key)
            currency1 := mload(add(key, 0x20))
            zeroForOne := mload(add(key, 0xa0))
            if iszero(call(gas(), caller(), 0, call_, 0x144, 0, 0x20)) {
                returndatacopy(call_, 0, returndatasize())
                revert(call_, returndatasize())
            }
            if lt(returndatasize(), 0x20) { revert(0, 0) }
            delta := mload(0)
        }
        (int256 ofIn, int256 ofOut) =
            zeroForOne ? (delta >> 128, int256(int128(delta))) : (int256(int128(delta)), delta >> 128);
        // A pool without liquidity moves its price and asks for nothing. Negations of 128 bits.
        uint256 payer = _payer;
        unchecked {
            if (ofIn < 0) {
                address tokenIn = zeroForOne ? currency0 : currency1;
                _callManager(IPoolManager.sync.selector, uint160(tokenIn), 0, 0, 0x24);
                _payFrom(payer, tokenIn, msg.sender, uint256(-ofIn));
                _callManager(IPoolManager.settle.selector, 0, 0, 0, 0x04);
            }
            if (ofOut > 0) {
                address tokenOut = zeroForOne ? currency1 : currency0;
                _callManager(IPoolManager.take.selector, uint160(tokenOut), uint160(payer), uint256(ofOut), 0x64);
            }
        }
    }

    /// @dev A call of the unlocked PoolManager, whose answer is not looked at.
    /// @param size of selector and arguments
    function _callManager(bytes4 selector, uint256 first, uint256 second, uint256 third, uint256 size) private {
        assembly ("memory-safe") {
            let call_ := mload(0x40)
            mstore(call_, selector)
            mstore(add(call_, 0x04), first)
            mstore(add(call_, 0x24), second)
            mstore(add(call_, 0x44), third)
            if iszero(call(gas(), caller(), 0, call_, size, 0, 0)) {
                returndatacopy(call_, 0, returndatasize())
                revert(call_, returndatasize())
            }
        }
    }

    function _limit(uint256 limitX96, bool zeroForOne) internal pure returns (uint160) {
        if (limitX96 != 0) return uint160(limitX96);
        return zeroForOne ? LOWEST_SQRT_PRICE_X96 : HIGHEST_SQRT_PRICE_X96;
    }

    /// @dev Of what lies in memory.
    function _hashOf(uint256 data, uint256 size) internal pure returns (uint256 hash) {
        assembly ("memory-safe") {
            hash := keccak256(data, size)
        }
    }
}
