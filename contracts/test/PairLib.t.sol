// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PairLib} from "../src/PairLib.sol";
import {bound, vm} from "./support/Vm.sol";

/// @notice The amounts of a swap on a pair beside the pair's own rule, the product of the reserves less the fee, and
/// beside the price limit as it is defined.
contract PairLibTest {
    /// forge-config: default.fuzz.runs = 2000
    function test_a_pair_accepts_the_amounts_and_none_better(PairLib.Swap memory swap) public pure {
        swap = _within(swap);
        swap.limitX96 = 0;
        (uint256 amountIn, uint256 amountOut) = PairLib.amounts(swap);
        if (amountOut >= swap.reserveOut) {
            vm.assertEq(amountIn, 0, "no price for more than there is");
            return;
        }
        vm.assertEq(swap.exactInput ? amountIn : amountOut, swap.baseAmount, "as ordered");
        vm.assertTrue(_isAccepted(swap, amountIn, amountOut), "accepted");
        if (swap.exactInput) vm.assertFalse(_isAccepted(swap, amountIn, amountOut + 1), "no more out");
        // The quotient and one more, as the router asks: where it divides evenly one less would do.
        else if (amountIn > 1) vm.assertFalse(_isAccepted(swap, amountIn - 2, amountOut), "no less in");
    }

    /// forge-config: default.fuzz.runs = 2000
    function test_a_price_limit_is_kept_and_used_up(PairLib.Swap memory swap, uint256 off) public pure {
        swap = _within(swap);
        // A limit from 1 % behind the price to 99 % beyond it.
        uint256 root = _root(swap.reserveIn * swap.reserveOut);
        uint256 wanted = swap.reserveIn * bound(off, 9_900, 199_000) / 10_000;
        swap.limitX96 = swap.zeroForOne ? (root << 96) / wanted : (wanted << 96) / root;
        (uint256 amountIn, uint256 amountOut) = PairLib.amounts(swap);

        uint256 ordered = swap.exactInput ? amountIn : amountOut;
        vm.assertLe(ordered, swap.baseAmount, "at most what was ordered");
        if (ordered > 0) vm.assertTrue(_isWithinLimit(swap, root + 1, _reserveAfter(swap, ordered)), "kept");
        if (ordered < swap.baseAmount) {
            uint256 reserve = _reserveAfter(swap, ordered + 2);
            // To the reserve's own unit, or to one part in 2^90.
            vm.assertFalse(_isWithinLimit(swap, root, reserve + (reserve >> 90) + 1), "used up");
        }
    }

    function test_a_reserve_of_nothing_gives_nothing() public pure {
        (uint256 amountIn, uint256 amountOut) = PairLib.amounts(PairLib.Swap(0, 0, 5, 1 << 96, true, true));
        vm.assertEq(amountIn + amountOut, 0, "amounts");
    }

    /// @dev Prices from 2^-73 to 2^90, so that limits on both sides of 2^144 come up.
    function _within(PairLib.Swap memory swap) private pure returns (PairLib.Swap memory) {
        swap.reserveIn = bound(swap.reserveIn, 1e4, 2 ** bound(swap.limitX96, 20, 100));
        swap.reserveOut = bound(swap.reserveOut, 1e4, (1 << 128) / swap.reserveIn);
        swap.baseAmount = bound(swap.baseAmount, 1, (swap.exactInput ? swap.reserveIn : swap.reserveOut) * 2);
        return swap;
    }

    /// @dev As UniswapV2Pair checks it.
    function _isAccepted(PairLib.Swap memory swap, uint256 amountIn, uint256 amountOut) private pure returns (bool) {
        if (amountOut > swap.reserveOut) return false;
        uint256 adjusted = (swap.reserveIn + amountIn) * 1_000 - amountIn * 3;
        return adjusted * (swap.reserveOut - amountOut) * 1_000 >= swap.reserveIn * swap.reserveOut * 1e6;
    }

    /// @dev The reserve of the input, its fee left out, on the curve through the reserves; rounded down.
    function _reserveAfter(PairLib.Swap memory swap, uint256 ordered) private pure returns (uint256) {
        if (swap.exactInput) return swap.reserveIn + ordered * 997 / 1_000;
        if (ordered >= swap.reserveOut) return type(uint128).max;
        return swap.reserveIn * swap.reserveOut / (swap.reserveOut - ordered);
    }

    function _isWithinLimit(PairLib.Swap memory swap, uint256 root, uint256 reserve) private pure returns (bool) {
        return swap.zeroForOne ? reserve * swap.limitX96 <= root << 96 : reserve << 96 <= root * swap.limitX96;
    }

    function _root(uint256 value) private pure returns (uint256 root) {
        // By bisection: slow, and nothing like what is tested.
        uint256 most = 1 << 65;
        while (most - root > 1) {
            uint256 middle = (root + most) / 2;
            if (middle * middle <= value) root = middle;
            else most = middle;
        }
    }
}
