// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What a Uniswap v2 pair gives and asks, as its own router computes it
library PairLib {
    /// @param baseAmount put in where base is sold, taken out where it is bought
    /// @param limitX96 square root price that the swap may not pass, fee left out of the reserves; 0 = none
    struct Swap {
        uint256 reserveIn;
        uint256 reserveOut;
        uint256 baseAmount;
        uint256 limitX96;
        bool exactInput;
        bool zeroForOne;
    }

    /// @dev The fee on the input, 0.3 %, as what is kept of a thousand.
    uint256 private constant KEPT = 997;
    uint256 private constant THOUSAND = 1_000;

    /// @notice The swap's two amounts, cut to the price limit; both zero where nothing stays within it.
    /// @return amountIn 0 where the pair does not hold more than `amountOut`
    function amounts(Swap memory swap) internal pure returns (uint256 amountIn, uint256 amountOut) {
        uint256 amount = swap.limitX96 == 0 ? swap.baseAmount : withinLimit(swap);
        return unlimited(swap.reserveIn, swap.reserveOut, amount, swap.exactInput);
    }

    /// @notice The same without a limit.
    /// @param reserveIn below 2^112, as `reserveOut`
    /// @param amount below 2^128
    function unlimited(uint256 reserveIn, uint256 reserveOut, uint256 amount, bool exactInput)
        internal
        pure
        returns (uint256 amountIn, uint256 amountOut)
    {
        if (amount == 0) return (0, 0);
        // No product reaches 2^250.
        unchecked {
            if (exactInput) {
                uint256 kept = amount * KEPT;
                return (amount, kept * reserveOut / (reserveIn * THOUSAND + kept));
            }
            if (amount >= reserveOut) return (0, amount);
            return (reserveIn * amount * THOUSAND / ((reserveOut - amount) * KEPT) + 1, amount);
        }
    }

    /// @notice The amount of base, cut to the price limit, which there is.
    function withinLimit(Swap memory swap) internal pure returns (uint256) {
        uint256 most = _mostWithinLimit(swap);
        return swap.baseAmount < most ? swap.baseAmount : most;
    }

    /// @dev The product of the reserves is k: with the input as token0 the square root price where the input's reserve
    /// is R stands at sqrt(k) / R, otherwise at R / sqrt(k). Rounded so that the limit is kept.
    function _mostWithinLimit(Swap memory swap) private pure returns (uint256) {
        uint256 root = _sqrt(swap.reserveIn * swap.reserveOut);
        uint256 reserveInAtLimit = swap.zeroForOne ? (root << 96) / swap.limitX96 : _mulX96(root, swap.limitX96);
        if (reserveInAtLimit <= swap.reserveIn) return 0;
        if (swap.exactInput) return (reserveInAtLimit - swap.reserveIn) * THOUSAND / KEPT;
        uint256 product = swap.reserveIn * swap.reserveOut;
        return swap.reserveOut - (product + reserveInAtLimit - 1) / reserveInAtLimit;
    }

    /// @dev `root` is below 2^112 and the limit below 2^160: from 2^144 on its last 48 bits are less than one part in 2^95.
    function _mulX96(uint256 root, uint256 limitX96) private pure returns (uint256) {
        return limitX96 < 1 << 144 ? root * limitX96 >> 96 : root * (limitX96 >> 48) >> 48;
    }

    /// @dev Heron's method from above, which falls until it stands at the root rounded down.
    function _sqrt(uint256 value) private pure returns (uint256 root) {
        if (value == 0) return 0;
        // A power of two that is not below the root.
        root = 1;
        uint256 rest = value;
        if (rest >= 1 << 128) (rest, root) = (rest >> 128, root << 64);
        if (rest >= 1 << 64) (rest, root) = (rest >> 64, root << 32);
        if (rest >= 1 << 32) (rest, root) = (rest >> 32, root << 16);
        if (rest >= 1 << 16) (rest, root) = (rest >> 16, root << 8);
        if (rest >= 1 << 8) (rest, root) = (rest >> 8, root << 4);
        if (rest >= 1 << 4) (rest, root) = (rest >> 4, root << 2);
        root <<= 2;
        uint256 next = (root + value / root) >> 1;
        while (next < root) (root, next) = (next, (next + value / next) >> 1);
    }
}
