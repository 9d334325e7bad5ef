// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Code that is put at another contract's address for the length of a few transactions, and writes that
/// contract's storage: the calldata is a list of (slot, value) words. How the devnet loads thousands of ticks at once.
contract StorageWriter {
    fallback() external {
        assembly {
            for { let i := 0 } lt(i, calldatasize()) { i := add(i, 64) } {
                sstore(calldataload(i), calldataload(add(i, 32)))
            }
        }
    }
}
