// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOptionVault} from "./IOptionVault.sol";

/// @title What a transaction is used for: entering and leaving, or hedging; never both
/// @notice A hedge is several calls of a module with pools and tokens at work between them, where the vault's balances
/// are halfway. The vault does not know when a hedge begins or ends, so the whole transaction counts: once anybody has
/// come in or gone out, no module moves anything, and the other way round.
abstract contract TransactionUse is IOptionVault {
    uint256 private constant ENTRY = 1;
    uint256 private constant HEDGE = 2;

    uint256 private transient _use;
    bool private transient _isRunning;

    /// @dev For what changes queue, shares or rounds.
    modifier entry() {
        if (_use == HEDGE) revert EntryDuringHedge();
        _use = ENTRY;
        _lock();
        _;
        _isRunning = false;
    }

    /// @dev For what moves the vault's own means.
    modifier working() {
        if (_use == ENTRY) revert HedgeDuringEntry();
        _use = HEDGE;
        _lock();
        _;
        _isRunning = false;
    }

    function _lock() private {
        if (_isRunning) revert Reentered();
        _isRunning = true;
    }
}
