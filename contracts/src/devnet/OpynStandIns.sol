// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OtokenStandIn} from "./OtokenStandIn.sol";

/// @notice Stands in for Opyn Gamma's oToken factory on the devnet: one oToken per series, created once.
contract OpynOtokenFactoryStandIn {
    address public immutable controller;
    address[] public otokens;
    mapping(bytes32 series => address) private _bySeries;

    event OtokenCreated(
        address tokenAddress,
        address creator,
        address indexed underlying,
        address indexed strike,
        address indexed collateral,
        uint256 strikePrice,
        uint256 expiry,
        bool isPut
    );

    error AlreadyCreated(address otoken);
    /// @dev The real protocol's series expire at 08:00 UTC, and so do these.
    error ExpiryNotAtEightUtc(uint256 expiry);
    error ExpiryInThePast(uint256 expiry);

    constructor(address controller_) {
        controller = controller_;
    }

    function createOtoken(
        address underlying,
        address strike,
        address collateral,
        uint256 strikePrice,
        uint256 expiry,
        bool isPut
    ) external returns (address otoken) {
        bytes32 series = keccak256(abi.encode(underlying, strike, collateral, strikePrice, expiry, isPut));
        if (_bySeries[series] != address(0)) revert AlreadyCreated(_bySeries[series]);
        if (expiry <= block.timestamp) revert ExpiryInThePast(expiry);
        if (expiry % 1 days != 8 hours) revert ExpiryNotAtEightUtc(expiry);
        otoken = address(
            new OtokenStandIn{salt: series}(
                controller, isPut ? "oPUT" : "oCALL", underlying, strike, collateral, strikePrice, expiry, isPut
            )
        );
        _bySeries[series] = otoken;
        otokens.push(otoken);
        emit OtokenCreated(otoken, msg.sender, underlying, strike, collateral, strikePrice, expiry, isPut);
    }

    function getOtoken(
        address underlying,
        address strike,
        address collateral,
        uint256 strikePrice,
        uint256 expiry,
        bool isPut
    ) external view returns (address) {
        return _bySeries[keccak256(abi.encode(underlying, strike, collateral, strikePrice, expiry, isPut))];
    }

    function getOtokensLength() external view returns (uint256) {
        return otokens.length;
    }
}

/// @notice Stands in for Opyn Gamma's oracle on the devnet: expiry prices with 8 decimals, set by anybody, final at once.
contract OpynOracleStandIn {
    struct Price {
        uint256 price;
        uint256 timestamp;
    }

    mapping(address asset => mapping(uint256 expiry => Price)) private _prices;

    event ExpiryPriceUpdated(
        address indexed asset, uint256 indexed expiryTimestamp, uint256 price, uint256 onchainTimestamp
    );

    error NotExpired(uint256 expiry);

    function setExpiryPrice(address asset, uint256 expiry, uint256 price) external {
        if (block.timestamp < expiry) revert NotExpired(expiry);
        _prices[asset][expiry] = Price(price, block.timestamp);
        emit ExpiryPriceUpdated(asset, expiry, price, block.timestamp);
    }

    /// @return price 8 decimals; zero while none is set
    /// @return isFinal whether settlement may use it
    function getExpiryPrice(address asset, uint256 expiry) external view returns (uint256 price, bool isFinal) {
        Price memory found = _prices[asset][expiry];
        return (found.price, found.timestamp != 0);
    }
}
