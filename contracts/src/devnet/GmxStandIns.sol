// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Stands in for GMX v2's Reader on the devnet: read by the real ABI. Positions and markets are set by the test that
/// needs them.
contract GmxReaderStandIn {
    struct MarketProps {
        address marketToken;
        address indexToken;
        address longToken;
        address shortToken;
    }

    struct Addresses {
        address account;
        address market;
        address collateralToken;
    }

    struct Numbers {
        uint256 sizeInUsd;
        uint256 sizeInTokens;
        uint256 collateralAmount;
        int256 pendingImpactAmount;
        uint256 borrowingFactor;
        uint256 fundingFeeAmountPerSize;
        uint256 longTokenClaimableFundingAmountPerSize;
        uint256 shortTokenClaimableFundingAmountPerSize;
        uint256 increasedAtTime;
        uint256 decreasedAtTime;
    }

    struct Flags {
        bool isLong;
    }

    struct Props {
        Addresses addresses;
        Numbers numbers;
        Flags flags;
    }

    mapping(address market => MarketProps) private _markets;
    mapping(address account => Props[]) private _positions;

    function setMarket(MarketProps calldata market) external {
        _markets[market.marketToken] = market;
    }

    function addPosition(Props calldata position) external {
        _positions[position.addresses.account].push(position);
    }

    function getAccountPositions(address, address account, uint256 start, uint256 end)
        external
        view
        returns (Props[] memory found)
    {
        uint256 count = _positions[account].length;
        uint256 last = end < count ? end : count;
        found = new Props[](last > start ? last - start : 0);
        for (uint256 i; i < found.length; ++i) {
            found[i] = _positions[account][start + i];
        }
    }

    function getMarket(address, address key) external view returns (MarketProps memory) {
        return _markets[key];
    }
}

/// @notice Stands in for GMX v2's DataStore: signed numbers by key.
contract GmxDataStoreStandIn {
    mapping(bytes32 key => int256) public getInt;

    function setInt(bytes32 key, int256 value) external returns (int256) {
        getInt[key] = value;
        return value;
    }
}
