// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DevnetToken} from "./DevnetToken.sol";

/// @notice Stands in for tokens that are worth so much of another: answers as wstETH (`stEthPerToken`), cbETH
/// (`exchangeRate`) and rETH (`getExchangeRate`) do. Anybody may set the rate: for a local chain only.
contract WrappedTokenStandIn is DevnetToken {
    uint256 private _rate;

    constructor(string memory name_, string memory symbol_, uint8 decimals_, uint256 rate_)
        DevnetToken(name_, symbol_, decimals_)
    {
        _rate = rate_;
    }

    function setRate(uint256 rate_) external {
        _rate = rate_;
    }

    function stEthPerToken() external view returns (uint256) {
        return _rate;
    }

    function exchangeRate() external view returns (uint256) {
        return _rate;
    }

    function getExchangeRate() external view returns (uint256) {
        return _rate;
    }
}
