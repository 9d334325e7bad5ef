// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DevnetLedger} from "./DevnetToken.sol";

/// @notice Stands in for an Opyn Gamma oToken on the devnet: the same getters, 8 decimals, minted and burned by the
/// controller's stand-in (anybody may mint too, which gives a test its long positions).
contract OtokenStandIn is DevnetLedger {
    address public immutable controller;
    address public immutable underlyingAsset;
    address public immutable strikeAsset;
    address public immutable collateralAsset;
    /// @notice 8 decimals, whatever the strike asset has.
    uint256 public immutable strikePrice;
    uint256 public immutable expiryTimestamp;
    bool public immutable isPut;

    error NotController(address caller);

    constructor(
        address controller_,
        string memory symbol_,
        address underlyingAsset_,
        address strikeAsset_,
        address collateralAsset_,
        uint256 strikePrice_,
        uint256 expiryTimestamp_,
        bool isPut_
    ) DevnetLedger(symbol_, symbol_, 8) {
        controller = controller_;
        underlyingAsset = underlyingAsset_;
        strikeAsset = strikeAsset_;
        collateralAsset = collateralAsset_;
        strikePrice = strikePrice_;
        expiryTimestamp = expiryTimestamp_;
        isPut = isPut_;
    }

    function getOtokenDetails() external view returns (address, address, address, uint256, uint256, bool) {
        return (collateralAsset, underlyingAsset, strikeAsset, strikePrice, expiryTimestamp, isPut);
    }

    function burnOtoken(address account, uint256 amount) external {
        if (msg.sender != controller) revert NotController(msg.sender);
        _move(account, address(0), amount);
        totalSupply -= amount;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        _move(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        _spend(from, amount);
        _move(from, to, amount);
        return true;
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        _allow(spender, amount);
        return true;
    }
}
