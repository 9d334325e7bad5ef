// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Stands in for Synthetix v3's perps market on the devnet: read by the real ABI, with profit reckoned as the
/// protocol does, from price, funding and interest. What it holds is set by the test that needs it.
contract SynthetixPerpsStandIn {
    struct Position {
        int128 size;
        uint256 entryPrice;
        int256 accruedFunding;
        uint256 owedInterest;
    }

    address public immutable getAccountTokenAddress;
    mapping(uint128 marketId => uint256) public indexPrice;
    mapping(uint128 marketId => int256) public currentFundingRate;
    mapping(uint128 accountId => uint256) public debt;
    mapping(uint128 accountId => mapping(uint128 collateralId => uint256)) public getCollateralAmount;
    mapping(uint128 accountId => uint256[]) private _collateralIds;
    mapping(uint128 accountId => mapping(uint128 marketId => Position)) private _positions;

    event CollateralModified(
        uint128 indexed accountId, uint128 indexed collateralId, int256 amountDelta, address indexed sender
    );

    constructor(address accountToken) {
        getAccountTokenAddress = accountToken;
    }

    function setMarket(uint128 marketId, uint256 price, int256 fundingRate) external {
        (indexPrice[marketId], currentFundingRate[marketId]) = (price, fundingRate);
    }

    function setPosition(uint128 accountId, uint128 marketId, Position calldata position) external {
        _positions[accountId][marketId] = position;
    }

    function setDebt(uint128 accountId, uint256 owed) external {
        debt[accountId] = owed;
    }

    function modifyCollateral(uint128 accountId, uint128 collateralId, int256 amountDelta) external {
        uint256 before = getCollateralAmount[accountId][collateralId];
        if (before == 0) _collateralIds[accountId].push(collateralId);
        getCollateralAmount[accountId][collateralId] = uint256(int256(before) + amountDelta);
        emit CollateralModified(accountId, collateralId, amountDelta, msg.sender);
    }

    function getAccountCollateralIds(uint128 accountId) external view returns (uint256[] memory) {
        return _collateralIds[accountId];
    }

    function getOpenPosition(uint128 accountId, uint128 marketId)
        external
        view
        returns (int256 totalPnl, int256 accruedFunding, int128 positionSize, uint256 owedInterest)
    {
        Position memory position = _positions[accountId][marketId];
        (accruedFunding, positionSize, owedInterest) = (position.accruedFunding, position.size, position.owedInterest);
        int256 priceShift = int256(indexPrice[marketId]) - int256(position.entryPrice);
        totalPnl = priceShift * positionSize / 1e18 + accruedFunding - int256(owedInterest);
    }
}
