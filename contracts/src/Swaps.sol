// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    IERC20,
    IPoolManager,
    IUniswapV2Pair,
    IUniswapV3Pool,
    IUniswapV3SwapCallback,
    IUnlockCallback,
    SwapParams
} from "./External.sol";
import {DirectSwaps} from "./DirectSwaps.sol";
import {HopLib} from "./HopLib.sol";
import {PairLib} from "./PairLib.sol";

/// @title How hops are swapped, straight on their pools and paid by the avatar
/// @notice Every swap is an exact input where base is sold and an exact output where it is bought. What is bought goes
/// from the pool to the avatar; what is owed leaves the avatar as one `transfer` to the pool (v4: to the PoolManager).
/// Over a bridge a sale passes through the avatar; in a purchase the far hop pays the near pool what that asks for.
/// Nothing here is trusted: HedgeModule measures what an order did.
abstract contract Swaps is DirectSwaps, IUniswapV3SwapCallback, IUnlockCallback {
    using HopLib for HopLib.Hop;

    uint256 private constant MAY_BE_BRIDGE = 1 << 160;

    /// @notice Swaps base against a bridge and that against quote, and leaves no more and no less of the bridge behind.
    /// @param amount of base
    function _swapOverBridge(
        HopLib.Hop memory near,
        HopLib.Hop memory far,
        uint256 amount,
        bool sellBase,
        address avatar
    ) internal {
        IERC20 bridge = IERC20(sellBase ? near.tokenOut : near.tokenIn);
        uint256 before = bridge.balanceOf(avatar);
        bool atOnce = !sellBase || (near.kind == HopLib.UNISWAP_V4 && far.kind == HopLib.UNISWAP_V4);
        _swap(near, amount, sellBase, avatar, atOnce ? abi.encode(far) : bytes(""));
        if (!atOnce) {
            uint256 held = bridge.balanceOf(avatar);
            if (held < before) revert BridgeBalanceMoved(address(bridge), before, held);
            if (held - before > type(uint128).max) revert AmountTooLarge(held - before);
            if (held > before) _swapAll(far, held - before, true, avatar);
        }
        uint256 afterwards = bridge.balanceOf(avatar);
        if (afterwards != before) revert BridgeBalanceMoved(address(bridge), before, afterwards);
    }

    /// @param amount of tokenIn for an exact input, otherwise of tokenOut
    /// @param farHop encoded, where it belongs into this swap: it pays what a purchase owes, or (between two hops on v4)
    /// takes what a sale brings; otherwise empty, and the avatar pays
    /// @return traded of `amount`, as the pool says
    function _swap(HopLib.Hop memory hop, uint256 amount, bool exactInput, address receiver, bytes memory farHop)
        internal
        returns (uint256 traded)
    {
        if (hop.kind == HopLib.UNISWAP_V3) return _swapOnV3(hop, amount, exactInput, receiver, farHop);
        if (hop.kind == HopLib.UNISWAP_V2) return _swapOnV2(hop, amount, exactInput, receiver, farHop);
        return _swapOnV4(hop, amount, exactInput, receiver, farHop);
    }

    /// @notice Pays what the running hop owes its v3 pool.
    /// @dev A genuine pool calls back once in a swap; the second call of a forged one is refused, and so is other data
    /// than it was given.
    function uniswapV3SwapCallback(int256 amount0Delta, int256 amount1Delta, bytes calldata data) external {
        bool isDirect = data.length == 0;
        if (_expectedPool != (isDirect ? 0 : _hash(data)) ^ uint160(msg.sender)) revert UnexpectedCallback(msg.sender);
        _expectedPool = 0;
        int256 owed = amount0Delta > 0 ? amount0Delta : amount1Delta;
        // A pool without liquidity moves its price and asks for nothing.
        if (owed <= 0) return;
        if (isDirect) _payPool(uint256(owed));
        else _swapAll(abi.decode(data, (HopLib.Hop)), uint256(owed), false, msg.sender);
    }

    function _payPool(uint256 owed) private {
        uint256 payToken = _payToken;
        if (payToken & MAY_BE_BRIDGE != 0) _pay(address(uint160(payToken)), msg.sender, owed);
        else _payFrom(_payer, address(uint160(payToken)), msg.sender, owed);
    }

    /// @notice Swaps the running hop while the v4 PoolManager is unlocked.
    /// @dev `data` is what this module gave to `unlock`, or it is refused.
    function unlockCallback(bytes calldata data) external returns (bytes memory) {
        if (_expectedManager != _hash(data) ^ uint160(msg.sender)) revert UnexpectedCallback(msg.sender);
        _expectedManager = 0;
        // Whatever is encoded for two hops, or for the native coin, is longer.
        if (data.length == DIRECT_SIZE) {
            _swapUnlocked(data);
            return "";
        }
        return _swapHops(data);
    }

    function _swapHops(bytes calldata data) private returns (bytes memory) {
        (HopLib.Hop memory hop, uint256 amount, bool exactInput, address receiver, bytes memory farHop) =
            abi.decode(data, (HopLib.Hop, uint256, bool, address, bytes));
        (uint256 owed, uint256 bought) = _trade(hop, amount, exactInput);
        HopLib.Hop memory payer = hop;
        HopLib.Hop memory taker = hop;
        uint256 toPay = owed;
        uint256 toTake = bought;
        if (farHop.length != 0) {
            HopLib.Hop memory far = abi.decode(farHop, (HopLib.Hop));
            if (far.kind != HopLib.UNISWAP_V4) {
                if (owed > 0) _settleBy(far, hop, owed);
                toPay = 0;
            } else if (exactInput) {
                (taker, toTake) = (far, _tradeAll(far, bought, true));
            } else {
                (payer, toPay) = (far, _tradeAll(far, owed, false));
            }
        }
        // A pool without liquidity moves its price and asks for nothing.
        if (toPay > 0) _settle(payer.currencyIn(), payer.tokenIn, toPay);
        if (toTake > 0) _take(taker.currencyOut(), taker.tokenOut, receiver, toTake);
        return abi.encode(exactInput ? owed : bought);
    }

    /// @dev A far hop that stops before it has traded all would leave some of the bridge over.
    function _swapAll(HopLib.Hop memory far, uint256 amount, bool exactInput, address receiver) private {
        uint256 traded = _swap(far, amount, exactInput, receiver, "");
        if (traded != amount) revert FarHopIncomplete(far.pool, amount, traded);
    }

    function _swapOnV3(HopLib.Hop memory hop, uint256 amount, bool exactInput, address receiver, bytes memory farHop)
        private
        returns (uint256)
    {
        bool zeroForOne = hop.tokenIn < hop.tokenOut;
        _expectedPool = (farHop.length == 0 ? 0 : _hash(farHop)) ^ uint160(hop.pool);
        _payToken = uint160(hop.tokenIn) | MAY_BE_BRIDGE;
        int256 signed = exactInput ? int256(amount) : -int256(amount);
        (int256 amount0, int256 amount1) =
            IUniswapV3Pool(hop.pool).swap(receiver, zeroForOne, signed, _limit(hop.limitX96, zeroForOne), farHop);
        _expectedPool = 0;
        int256 moved = exactInput == zeroForOne ? amount0 : amount1;
        return uint256(exactInput ? moved : -moved);
    }

    /// @dev A pair has no price limit of its own: the hop is cut to what stays within it, to nothing if need be.
    function _swapOnV2(HopLib.Hop memory hop, uint256 amount, bool exactInput, address receiver, bytes memory farHop)
        private
        returns (uint256)
    {
        bool zeroForOne = hop.tokenIn < hop.tokenOut;
        (uint112 reserve0, uint112 reserve1,) = IUniswapV2Pair(hop.pool).getReserves();
        (uint256 reserveIn, uint256 reserveOut) = zeroForOne ? (reserve0, reserve1) : (reserve1, reserve0);
        (uint256 amountIn, uint256 amountOut) =
            PairLib.amounts(PairLib.Swap(reserveIn, reserveOut, amount, hop.limitX96, exactInput, zeroForOne));
        if (amountOut >= reserveOut) revert ReserveTooSmall(hop.pool, amountOut, reserveOut);
        if (amountOut == 0) return 0;
        if (farHop.length == 0) _pay(hop.tokenIn, hop.pool, amountIn);
        else _swapAll(abi.decode(farHop, (HopLib.Hop)), amountIn, false, hop.pool);
        IUniswapV2Pair(hop.pool).swap(zeroForOne ? 0 : amountOut, zeroForOne ? amountOut : 0, receiver, "");
        return exactInput ? amountIn : amountOut;
    }

    function _swapOnV4(HopLib.Hop memory hop, uint256 amount, bool exactInput, address receiver, bytes memory farHop)
        private
        returns (uint256)
    {
        bytes memory data = abi.encode(hop, amount, exactInput, receiver, farHop);
        _expectedManager = _hash(data) ^ uint160(hop.pool);
        bytes memory answer = IPoolManager(hop.pool).unlock(data);
        _expectedManager = 0;
        return answer.length < 32 ? 0 : abi.decode(answer, (uint256));
    }

    /// @dev Within an unlocking: trades, and leaves the debt and the credit open.
    function _trade(HopLib.Hop memory hop, uint256 amount, bool exactInput)
        private
        returns (uint256 owed, uint256 bought)
    {
        bool zeroForOne = hop.isZeroForOne();
        int256 signed = exactInput ? -int256(amount) : int256(amount);
        int256 delta = IPoolManager(msg.sender)
            .swap(hop.key, SwapParams(zeroForOne, signed, _limit(hop.limitX96, zeroForOne)), "");
        (int256 ofIn, int256 ofOut) =
            zeroForOne ? (delta >> 128, int256(int128(delta))) : (int256(int128(delta)), delta >> 128);
        if (ofIn < 0) owed = uint256(-ofIn);
        if (ofOut > 0) bought = uint256(ofOut);
    }

    /// @return other what all of `amount` brings, or costs
    function _tradeAll(HopLib.Hop memory far, uint256 amount, bool exactInput) private returns (uint256 other) {
        if (amount == 0) return 0;
        (uint256 owed, uint256 bought) = _trade(far, amount, exactInput);
        uint256 traded;
        (traded, other) = exactInput ? (owed, bought) : (bought, owed);
        if (traded != amount) revert FarHopIncomplete(far.pool, amount, traded);
    }

    /// @dev The far hop, on a pair or v3 pool, pays the PoolManager what the near one owes there.
    function _settleBy(HopLib.Hop memory far, HopLib.Hop memory near, uint256 owed) private {
        if (near.currencyIn() == HopLib.NATIVE) {
            _swapAll(far, owed, false, address(uint160(_payer)));
            _settle(HopLib.NATIVE, near.tokenIn, owed);
        } else {
            IPoolManager(msg.sender).sync(near.tokenIn);
            _swapAll(far, owed, false, msg.sender);
            IPoolManager(msg.sender).settle();
        }
    }

    function _hash(bytes memory data) private pure returns (uint256) {
        uint256 start;
        assembly ("memory-safe") {
            start := add(data, 0x20)
        }
        return _hashOf(start, data.length);
    }
}
