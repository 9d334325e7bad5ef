// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What liquidity between two ticks is made of, to fifteen digits or so: the tests' own yardstick.
library TickMath {
    /// @dev The square root of 1.0001, times 2^100.
    uint256 private constant ROOT = 1267713981173756785892591993077;
    uint256 private constant ONE = 1 << 100;

    /// @dev 1.0001^(tick / 2) times 2^96 (Uniswap v3 Core whitepaper, 2021, section 6.1), by squaring; for ticks up to
    /// about 400,000 either way.
    function sqrtPriceX96(int24 tick) internal pure returns (uint256) {
        uint256 exponent = uint256(int256(tick < 0 ? -tick : tick));
        uint256 power = ONE;
        uint256 factor = ROOT;
        for (; exponent != 0; exponent >>= 1) {
            if (exponent & 1 == 1) power = power * factor >> 100;
            factor = factor * factor >> 100;
        }
        return tick < 0 ? (1 << 196) / power : power >> 4;
    }

    function amounts(uint128 liquidity, uint256 priceX96, int24 tickLower, int24 tickUpper)
        internal
        pure
        returns (uint256 amount0, uint256 amount1)
    {
        return amountsBetween(liquidity, priceX96, sqrtPriceX96(tickLower), sqrtPriceX96(tickUpper));
    }

    /// @dev Section 6.2.1 of the same.
    function amountsBetween(uint128 liquidity, uint256 priceX96, uint256 lower, uint256 upper)
        internal
        pure
        returns (uint256 amount0, uint256 amount1)
    {
        uint256 inside = priceX96 < lower ? lower : priceX96 > upper ? upper : priceX96;
        amount0 = (uint256(liquidity) << 96) / upper * (upper - inside) / inside;
        amount1 = uint256(liquidity) * (inside - lower) >> 96;
    }
}
