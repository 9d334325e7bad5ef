// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20, IUniswapV3Pool} from "../../src/External.sol";
import {IPool} from "./RealContracts.sol";
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
