// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20, IUnlockCallback, PoolKey, SwapParams} from "../../src/External.sol";

/// @notice A v4 PoolManager that pays out, asks for and calls back whatever it was told to.
contract HostileManager {
    int256 private delta;
    uint256 private callbacks = 1;
    bytes private replacement;
    bytes private answer;

    receive() external payable {}

    /// @param amount0 of currency0, negative = the caller owes it
    function behave(int128 amount0, int128 amount1, uint256 callbacks_) external {
        delta = (int256(amount0) << 128) | int256(uint256(uint128(amount1)));
        callbacks = callbacks_;
    }

    /// @notice What to call back with, in place of what it was given.
    function replace(bytes calldata replacement_) external {
        replacement = replacement_;
    }

    /// @notice What to answer an unlocking with.
    function answerWith(bytes calldata answer_) external {
        answer = answer_;
    }

    function extsload(bytes32) external pure returns (bytes32) {
        return bytes32(uint256(1));
    }

    function unlock(bytes calldata data) external returns (bytes memory) {
        bytes memory passed = replacement;
        if (passed.length == 0) passed = data;
        for (uint256 i = 0; i < callbacks; ++i) {
            IUnlockCallback(msg.sender).unlockCallback(passed);
        }
        return answer;
    }

    function swap(PoolKey calldata, SwapParams calldata, bytes calldata) external view returns (int256) {
        return delta;
    }

    function sync(address) external {}

    function settle() external payable returns (uint256) {
        return 0;
    }

    function settleFor(address) external payable returns (uint256) {
        return 0;
    }

    function take(address currency, address to, uint256 amount) external {
        if (currency == address(0)) payable(to).transfer(amount);
        else IERC20(currency).transfer(to, amount);
    }
}
