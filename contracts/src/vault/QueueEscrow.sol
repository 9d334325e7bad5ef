// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Where what is under way into and out of a vault lies, apart from what the vault works with
/// @notice Neither hedges nor the vault's owner reach it, and what it holds is no part of a share's worth. It pays on the
/// vault's word only, which never passes on anybody else's.
contract QueueEscrow {
    using SafeERC20 for IERC20;

    address public immutable VAULT;

    /// @notice Only the vault that made it.
    error NotVault(address caller);

    constructor() {
        VAULT = msg.sender;
    }

    /// @param amount in the token's smallest unit
    function pay(IERC20 token, address to, uint256 amount) external {
        if (msg.sender != VAULT) revert NotVault(msg.sender);
        token.safeTransfer(to, amount);
    }
}
