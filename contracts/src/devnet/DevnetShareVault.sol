// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC4626, IERC20} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";

/// @notice OpenZeppelin's ERC-4626 as a vault of the devnet, which anybody may make do anything: for a local chain only.
contract DevnetShareVault is ERC4626 {
    /// @notice What it says it has besides the tokens that lie in it.
    uint256 public elsewhere;

    constructor(IERC20 asset_) ERC20("Devnet shares", "dSHARE") ERC4626(asset_) {}

    /// @inheritdoc ERC4626
    function totalAssets() public view override returns (uint256) {
        return super.totalAssets() + elsewhere;
    }

    function setElsewhere(uint256 assets) external {
        elsewhere = assets;
    }

    /// @notice Calls a contract as the vault.
    function execute(address target, bytes calldata data) external returns (bytes memory) {
        (bool succeeded, bytes memory answer) = target.call(data);
        require(succeeded, "the call failed");
        return answer;
    }
}
