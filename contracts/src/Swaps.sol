// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    IAvatar,
    IERC20,
    IPoolManager,
    IUniswapV2Pair,
    IUniswapV3Pool,
    IUniswapV3SwapCallback,
    IUnlockCallback,
    IWrappedNative,
    PoolKey,
    SwapParams
} from "./External.sol";
import {IHedgeModule} from "./IHedgeModule.sol";
import {IHedgeModuleErrors} from "./IHedgeModuleErrors.sol";
import {MandateLib} from "./MandateLib.sol";
import {PairLib} from "./PairLib.sol";

/// @title How one leg is swapped, straight on its pool and paid by the avatar
/// @notice Every swap is an exact input where base is sold and an exact output where it is bought. What is bought goes
/// from the pool to the avatar; what is owed leaves the avatar as one `transfer` of base or quote to the pool (v4: to
/// the PoolManager). On a v4 pool of the native coin the avatar unwraps what it pays with and wraps what it receives;
/// the module never holds either. Nothing here is trusted: HedgeModule measures what an order did.
abstract contract Swaps is IHedgeModuleErrors, IUniswapV3SwapCallback, IUnlockCallback {
    /// @dev Uniswap v3's and v4's open ends of the price range: no limit.
    uint160 private constant LOWEST_SQRT_PRICE_X96 = 4295128740;
    uint160 private constant HIGHEST_SQRT_PRICE_X96 = 1461446703485210103287273052203988822378723970341;
    address private constant NATIVE = address(0);

    /// @dev Addresses as whole words, which spares the reading of what else a slot might hold.
    /// The avatar whose order is running; zero when none is.
    uint256 internal transient _payer;
    uint256 internal transient _payToken;
    /// @dev The one v3 pool, or the one v4 PoolManager, whose callback is accepted, and only once: zero outside a swap
    /// and after the callback.
    uint256 private transient _expectedPool;
    uint256 private transient _expectedManager;

    function _swapOnV3(IHedgeModule.Leg calldata leg, address avatar, bool sellBase, bool zeroForOne) internal {
        int256 amount = int256(uint256(leg.baseAmount));
        _expectedPool = uint160(leg.pool);
        IUniswapV3Pool(leg.pool).swap(avatar, zeroForOne, sellBase ? amount : -amount, _limit(leg, zeroForOne), "");
        _expectedPool = 0;
    }

    /// @dev A pair has no price limit of its own: the leg is cut to what stays within it, to nothing if need be.
    function _swapOnV2(IHedgeModule.Leg calldata leg, address avatar, bool sellBase, bool zeroForOne) internal {
        (uint112 reserve0, uint112 reserve1,) = IUniswapV2Pair(leg.pool).getReserves();
        (uint256 reserveIn, uint256 reserveOut) = zeroForOne ? (reserve0, reserve1) : (reserve1, reserve0);
        (uint256 amountIn, uint256 amountOut) = PairLib.amounts(
            PairLib.Swap(reserveIn, reserveOut, leg.baseAmount, leg.sqrtPriceLimitX96, sellBase, zeroForOne)
        );
        if (amountOut >= reserveOut) revert ReserveTooSmall(leg.pool, amountOut, reserveOut);
        if (amountOut == 0) return;
        _pay(leg.pool, amountIn);
        IUniswapV2Pair(leg.pool).swap(zeroForOne ? 0 : amountOut, zeroForOne ? amountOut : 0, avatar, "");
    }

    function _swapOnV4(IHedgeModule.Leg calldata leg, address avatar, bool sellBase, MandateLib.Terms memory terms)
        internal
    {
        PoolKey memory key = _keyOf(leg, avatar, terms);
        bool baseIs0 = key.currency0 == terms.base || (key.currency0 == NATIVE && key.currency1 == terms.quote);
        bool zeroForOne = sellBase == baseIs0;
        int256 amount = int256(uint256(leg.baseAmount));
        SwapParams memory params = SwapParams(zeroForOne, sellBase ? -amount : amount, _limit(leg, zeroForOne));
        uint256 nativeBefore = avatar.balance;

        _expectedManager = uint160(terms.poolManager);
        IPoolManager(terms.poolManager).unlock(abi.encode(key, params));
        _expectedManager = 0;

        // Only what arrived is wrapped; what the avatar had of the native coin is not the module's to touch.
        uint256 nativeAfter = avatar.balance;
        if (nativeAfter < nativeBefore) revert BalanceMovedAgainstOrder(NATIVE);
        if (nativeAfter > nativeBefore) {
            _call(
                avatar,
                baseIs0 ? terms.base : terms.quote,
                nativeAfter - nativeBefore,
                abi.encodeCall(IWrappedNative.deposit, ())
            );
        }
    }

    /// @notice Pays what the running leg owes its v3 pool, out of the avatar.
    /// @dev A genuine pool calls back once in a swap; the second call of a forged one is refused.
    function uniswapV3SwapCallback(int256 amount0Delta, int256 amount1Delta, bytes calldata) external {
        if (uint160(msg.sender) != _expectedPool) revert UnexpectedCallback(msg.sender);
        _expectedPool = 0;
        int256 owed = amount0Delta > 0 ? amount0Delta : amount1Delta;
        // A pool without liquidity moves its price and asks for nothing.
        if (owed > 0) _pay(msg.sender, uint256(owed));
    }

    /// @notice Swaps the running leg while the v4 PoolManager is unlocked: pays it out of the avatar and has it pay the
    /// avatar.
    /// @dev `data` is what this module gave to `unlock`; whatever a forged manager passes instead, nothing is paid but
    /// the order's own token, and nobody but that manager.
    function unlockCallback(bytes calldata data) external returns (bytes memory) {
        if (uint160(msg.sender) != _expectedManager) revert UnexpectedCallback(msg.sender);
        _expectedManager = 0;
        (PoolKey memory key, SwapParams memory params) = abi.decode(data, (PoolKey, SwapParams));
        int256 delta = IPoolManager(msg.sender).swap(key, params, "");
        int256 paid = params.zeroForOne ? delta >> 128 : int256(int128(delta));
        int256 bought = params.zeroForOne ? int256(int128(delta)) : delta >> 128;

        // A pool without liquidity moves its price and asks for nothing.
        if (paid < 0) _settle((params.zeroForOne ? key.currency0 : key.currency1) == NATIVE, uint256(-paid));
        if (bought > 0) {
            IPoolManager(msg.sender)
                .take(params.zeroForOne ? key.currency1 : key.currency0, address(uint160(_payer)), uint256(bought));
        }
        return "";
    }

    function _settle(bool native, uint256 amount) private {
        address token = address(uint160(_payToken));
        if (native) {
            address avatar = address(uint160(_payer));
            _call(avatar, token, 0, abi.encodeCall(IWrappedNative.withdraw, (amount)));
            _call(avatar, msg.sender, amount, abi.encodeCall(IPoolManager.settleFor, (address(this))));
        } else {
            IPoolManager(msg.sender).sync(token);
            _pay(msg.sender, amount);
            IPoolManager(msg.sender).settle();
        }
    }

    /// @dev The pool whose id the mandate names: of base and quote, or of the native coin in place of the one that wraps
    /// it. A key is built of nothing but these, so no pool of another token and none with a hook can be reached.
    function _keyOf(IHedgeModule.Leg calldata leg, address avatar, MandateLib.Terms memory terms)
        private
        pure
        returns (PoolKey memory key)
    {
        bool baseIsLower = terms.base < terms.quote;
        (key.fee, key.tickSpacing) = (leg.fee, leg.tickSpacing);
        (key.currency0, key.currency1) = baseIsLower ? (terms.base, terms.quote) : (terms.quote, terms.base);
        if (_isNamed(key, leg.pool, terms)) return key;
        (key.currency0, key.currency1) = (NATIVE, terms.quote);
        if (_isNamed(key, leg.pool, terms)) return key;
        key.currency1 = terms.base;
        if (!_isNamed(key, leg.pool, terms)) revert PoolNotAllowed(avatar, leg.pool);
    }

    function _isNamed(PoolKey memory key, address pool, MandateLib.Terms memory terms) private pure returns (bool) {
        bytes32 id = keccak256(abi.encode(key));
        return MandateLib.addressOf(id) == pool && MandateLib.containsId(terms.v4Pools, id);
    }

    function _limit(IHedgeModule.Leg calldata leg, bool zeroForOne) private pure returns (uint160) {
        if (leg.sqrtPriceLimitX96 != 0) return leg.sqrtPriceLimitX96;
        return zeroForOne ? LOWEST_SQRT_PRICE_X96 : HIGHEST_SQRT_PRICE_X96;
    }

    /// @dev One transfer of the token that the running order pays with.
    function _pay(address to, uint256 amount) private {
        address token = address(uint160(_payToken));
        bytes memory answer = _call(address(uint160(_payer)), token, 0, abi.encodeCall(IERC20.transfer, (to, amount)));
        // USDT returns nothing; a mandate's tokens are contracts, so nothing means success.
        if (answer.length != 0 && (answer.length < 32 || abi.decode(answer, (uint256)) != 1)) {
            revert PaymentRefused(token);
        }
    }

    function _call(address avatar, address to, uint256 value, bytes memory data) private returns (bytes memory) {
        (bool success, bytes memory answer) = IAvatar(avatar).execTransactionFromModuleReturnData(to, value, data, 0);
        if (!success) revert PaymentFailed(to, answer);
        return answer;
    }
}
