// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DevnetLedger} from "./DevnetToken.sol";

/// @notice Stands in for a Panoptic v1 pool on the devnet: read by the real ABI. Positions and premium are set by the test
/// that needs them, packed as the protocol packs them.
contract PanopticPoolStandIn {
    struct Mint {
        uint128 positionSize;
        int24 tickAtMint;
    }

    address public immutable univ3pool;
    address public immutable collateralToken0;
    address public immutable collateralToken1;
    mapping(address user => uint256) public numberOfPositions;
    mapping(address user => mapping(uint256 tokenId => Mint)) private _minted;
    mapping(address user => uint256) private _shortPremium;
    mapping(address user => uint256) private _longPremium;

    event OptionMinted(
        address indexed recipient, uint128 positionSize, uint256 indexed tokenId, uint128 poolUtilizations
    );
    event OptionBurnt(address indexed recipient, uint128 positionSize, uint256 indexed tokenId, int256 premia);

    constructor(address univ3pool_, address collateralToken0_, address collateralToken1_) {
        (univ3pool, collateralToken0, collateralToken1) = (univ3pool_, collateralToken0_, collateralToken1_);
    }

    function mintOption(address user, uint256 tokenId, uint128 positionSize, int24 tickAtMint) external {
        numberOfPositions[user] += 1;
        _minted[user][tokenId] = Mint(positionSize, tickAtMint);
        emit OptionMinted(user, positionSize, tokenId, 0);
    }

    function burnOption(address user, uint256 tokenId) external {
        numberOfPositions[user] -= 1;
        emit OptionBurnt(user, _minted[user][tokenId].positionSize, tokenId, 0);
        delete _minted[user][tokenId];
    }

    /// @dev Of each word the lower half is token0, the upper token1.
    function setPremium(address user, uint256 shortPremium, uint256 longPremium) external {
        (_shortPremium[user], _longPremium[user]) = (shortPremium, longPremium);
    }

    function positionData(address user, uint256 tokenId)
        external
        view
        returns (int24, int24, int24, int24, int256, int256, uint128)
    {
        Mint memory minted = _minted[user][tokenId];
        int24 tick = minted.tickAtMint;
        return (tick, tick, tick, tick, 0, 0, minted.positionSize);
    }

    function getAccumulatedFeesAndPositionsData(address user, bool, uint256[] calldata positionIdList)
        external
        view
        returns (uint256, uint256, uint256[2][] memory balances)
    {
        balances = new uint256[2][](positionIdList.length);
        for (uint256 i; i < positionIdList.length; ++i) {
            Mint memory minted = _minted[user][positionIdList[i]];
            uint256 tick = uint256(uint24(minted.tickAtMint));
            balances[i] = [positionIdList[i], (tick << 160) | minted.positionSize];
        }
        return (_shortPremium[user], _longPremium[user], balances);
    }
}

/// @notice Stands in for a collateral vault of a Panoptic pool: shares of a number of tokens that is set.
contract CollateralTrackerStandIn is DevnetLedger {
    uint256 public totalAssets;

    event Deposit(address indexed sender, address indexed owner, uint256 assets, uint256 shares);

    constructor(uint8 decimals_) DevnetLedger("POPT-V1", "POPT-V1", decimals_) {}

    function deposit(address owner, uint256 assets, uint256 shares) external {
        totalAssets += assets;
        totalSupply += shares;
        balanceOf[owner] += shares;
        emit Deposit(msg.sender, owner, assets, shares);
    }
}
