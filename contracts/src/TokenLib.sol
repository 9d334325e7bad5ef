// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "./External.sol";

/// @title What the module asks of tokens
library TokenLib {
    /// @notice A typed call, written out for half the gas: reverts with the token's own reason, or without one where the
    /// answer is shorter than a word.
    function balanceOf(address token, address account) internal view returns (uint256 amount) {
        bytes4 selector = IERC20.balanceOf.selector;
        assembly ("memory-safe") {
            mstore(0, selector)
            mstore(4, account)
            if iszero(staticcall(gas(), token, 0, 0x24, 0, 0x20)) {
                let reason := mload(0x40)
                returndatacopy(reason, 0, returndatasize())
                revert(reason, returndatasize())
            }
            if lt(returndatasize(), 0x20) { revert(0, 0) }
            amount := mload(0)
        }
    }
}
