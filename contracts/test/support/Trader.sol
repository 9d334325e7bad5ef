// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20, IPoolManager, IUniswapV3Pool, PoolKey, SwapParams} from "../../src/External.sol";
import {IManager, IPair, IPool, ModifyLiquidityParams} from "./RealContracts.sol";
import {TestToken} from "./Tokens.sol";

/// @notice The rest of the market: provides liquidity and moves the price. Mints what it owes.
contract Market {
    function provide(address pool, int24 tickLower, int24 tickUpper, uint128 liquidity) external {
        IPool(pool).mint(address(this), tickLower, tickUpper, liquidity, "");
    }

    function moveTo(address pool, uint160 sqrtPriceX96) external {
        (uint160 current,,,,,,) = IPool(pool).slot0();
        if (current == sqrtPriceX96) return;
        IUniswapV3Pool(pool).swap(address(this), sqrtPriceX96 < current, type(int128).max, sqrtPriceX96, "");
    }

    receive() external payable {}

    /// @param amount positive = exact input, negative = exact output
    function onV3(address pool, bool zeroForOne, int256 amount, uint160 limit)
        external
        returns (int256 amount0, int256 amount1)
    {
        return IUniswapV3Pool(pool).swap(address(this), zeroForOne, amount, limit, "");
    }

    /// @notice Puts a pair's reserves where they are wanted.
    function setReserves(address pair, uint256 reserve0, uint256 reserve1) external {
        _setBalance(IPool(pair).token0(), pair, reserve0);
        _setBalance(IPool(pair).token1(), pair, reserve1);
        IPair(pair).sync();
    }

    /// @param range zero for a swap, otherwise the ticks from -range to range
    function onV4(address manager, PoolKey memory key, int24 range, int256 liquidity, SwapParams memory swap)
        external
        returns (int256 delta)
    {
        return abi.decode(
            IPoolManager(manager).unlock(abi.encode(key, ModifyLiquidityParams(-range, range, liquidity, 0), swap)),
            (int256)
        );
    }

    function unlockCallback(bytes calldata data) external returns (bytes memory) {
        (PoolKey memory key, ModifyLiquidityParams memory position, SwapParams memory swap) =
            abi.decode(data, (PoolKey, ModifyLiquidityParams, SwapParams));
        int256 delta;
        if (position.tickUpper != 0) (delta,) = IManager(msg.sender).modifyLiquidity(key, position, "");
        else delta = IPoolManager(msg.sender).swap(key, swap, "");
        _settle(key.currency0, delta >> 128);
        _settle(key.currency1, int256(int128(delta)));
        return abi.encode(delta);
    }

    function _settle(address currency, int256 delta) private {
        IPoolManager manager = IPoolManager(msg.sender);
        if (delta > 0) manager.take(currency, address(this), uint256(delta));
        if (delta >= 0) return;
        if (currency == address(0)) {
            manager.settle{value: uint256(-delta)}();
        } else {
            manager.sync(currency);
            _pay(currency, uint256(-delta));
            manager.settle();
        }
    }

    function _setBalance(address token, address account, uint256 wanted) private {
        uint256 held = TestToken(token).balanceOf(account);
        if (wanted > held) TestToken(token).mint(account, wanted - held);
        else TestToken(token).burn(account, held - wanted);
    }

    function uniswapV3MintCallback(uint256 amount0, uint256 amount1, bytes calldata) external {
        _pay(IPool(msg.sender).token0(), amount0);
        _pay(IPool(msg.sender).token1(), amount1);
    }

    function uniswapV3SwapCallback(int256 amount0, int256 amount1, bytes calldata) external {
        if (amount0 > 0) _pay(IPool(msg.sender).token0(), uint256(amount0));
        if (amount1 > 0) _pay(IPool(msg.sender).token1(), uint256(amount1));
    }

    function _pay(address token, uint256 amount) private {
        if (amount == 0) return;
        TestToken(token).mint(msg.sender, amount);
    }
}

/// @notice The yardstick for gas: swaps on a pool with its own tokens, and checks nothing.
contract BarePayer {
    address private immutable pool;
    address private immutable token0;
    address private immutable token1;

    constructor(address pool_) {
        pool = pool_;
        token0 = IPool(pool_).token0();
        token1 = IPool(pool_).token1();
    }

    function swap(bool zeroForOne, int256 amount, uint160 limit) external {
        IUniswapV3Pool(pool).swap(address(this), zeroForOne, amount, limit, "");
    }

    /// @notice Gives away all that it holds, so that it can be measured from the start again.
    function empty(address to) external {
        IERC20(token0).transfer(to, IERC20(token0).balanceOf(address(this)));
        IERC20(token1).transfer(to, IERC20(token1).balanceOf(address(this)));
    }

    function uniswapV3SwapCallback(int256 amount0, int256 amount1, bytes calldata) external {
        require(msg.sender == pool);
        if (amount0 > 0) IERC20(token0).transfer(pool, uint256(amount0));
        else IERC20(token1).transfer(pool, uint256(amount1));
    }
}
