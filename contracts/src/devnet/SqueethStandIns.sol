// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DevnetLedger, DevnetToken} from "./DevnetToken.sol";
import {EnumerableNftStandIn} from "./EnumerableNftStandIn.sol";
import {IPriceFeed} from "./PriceFeed.sol";

/// @notice Stands in for Squeeth's controller on the devnet: its vaults and prices are read by the real ABI, and a vault is
/// opened by the real call. The index follows the ETH/USD feed; mark over index and the normalisation factor are set.
/// Nothing is checked for solvency.
contract SqueethControllerStandIn {
    struct Vault {
        address operator;
        uint32 NftCollateralId;
        uint96 collateralAmount;
        uint128 shortAmount;
    }

    uint256 private constant ONE = 1e18;
    uint256 private constant INDEX_SCALE = 1e4;
    /// @dev From 8 decimals to 18.
    uint256 private constant FEED_TO_WAD = 1e10;

    address public immutable weth;
    address public immutable quoteCurrency;
    address public immutable wPowerPerp;
    address public immutable shortPowerPerp;
    IPriceFeed public immutable feed;

    uint128 public normalizationFactor;
    uint256 public getExpectedNormalizationFactor;
    uint256 public markToIndex;
    bool public isShutDown;
    uint256 public indexForSettlement;
    mapping(uint256 vaultId => Vault) public vaults;

    event OpenVault(address sender, uint256 vaultId);
    event DepositCollateral(address sender, uint256 vaultId, uint256 amount);
    event MintShort(address sender, uint256 amount, uint256 vaultId);
    event Shutdown(uint256 indexForSettlement);

    constructor(address weth_, address quoteCurrency_, address wPowerPerp_, address shortPowerPerp_, IPriceFeed feed_) {
        (weth, quoteCurrency, wPowerPerp, shortPowerPerp, feed) =
        (weth_, quoteCurrency_, wPowerPerp_, shortPowerPerp_, feed_);
        setMarket(1e18, 1e18, 1e18);
    }

    /// @param stored as of the last time that funding was paid, 18 decimals
    /// @param expected what it would be if funding were paid now
    /// @param markToIndex_ 18 decimals
    function setMarket(uint128 stored, uint256 expected, uint256 markToIndex_) public {
        (normalizationFactor, getExpectedNormalizationFactor, markToIndex) = (stored, expected, markToIndex_);
    }

    function shutDown() external {
        isShutDown = true;
        indexForSettlement = _price() / INDEX_SCALE;
        emit Shutdown(indexForSettlement);
    }

    /// @param vaultId 0 opens a new one
    function mintWPowerPerpAmount(uint256 vaultId, uint256 amount, uint256 uniTokenId)
        external
        payable
        returns (uint256)
    {
        if (vaultId == 0) {
            vaultId = EnumerableNftStandIn(shortPowerPerp).mintNFT(msg.sender);
            emit OpenVault(msg.sender, vaultId);
        }
        Vault storage vault = vaults[vaultId];
        vault.collateralAmount += uint96(msg.value);
        vault.shortAmount += uint128(amount);
        vault.NftCollateralId = uint32(uniTokenId);
        DevnetToken(wPowerPerp).mint(msg.sender, amount);
        if (msg.value > 0) emit DepositCollateral(msg.sender, vaultId, msg.value);
        emit MintShort(msg.sender, amount, vaultId);
        return vaultId;
    }

    function getIndex(uint32) public view returns (uint256) {
        uint256 scaled = _price() / INDEX_SCALE;
        return scaled * scaled / ONE;
    }

    function getDenormalizedMark(uint32 period) external view returns (uint256) {
        return getIndex(period) * markToIndex / ONE;
    }

    function _price() private view returns (uint256) {
        return uint256(feed.latestAnswer()) * FEED_TO_WAD;
    }
}

/// @notice Stands in for a Crab strategy on the devnet: one short vault, owned by shares that its depositors get one for
/// one ether.
contract CrabStandIn is DevnetLedger {
    SqueethControllerStandIn public immutable powerTokenController;
    uint256 public vaultId;

    event Deposit(address indexed depositor, uint256 wSqueethAmount, uint256 lpAmount);

    constructor(SqueethControllerStandIn controller) DevnetLedger("Crab Strategy v2", "Crabv2", 18) {
        powerTokenController = controller;
    }

    /// @notice Adds the ether that is sent to the vault, mints so much oSQTH against it, which goes to the sender.
    function depositAndMint(uint256 wSqueethAmount, address receiver) external payable {
        vaultId = powerTokenController.mintWPowerPerpAmount{value: msg.value}(vaultId, wSqueethAmount, 0);
        totalSupply += msg.value;
        balanceOf[receiver] += msg.value;
        DevnetToken(powerTokenController.wPowerPerp()).transfer(msg.sender, wSqueethAmount);
        emit Deposit(receiver, wSqueethAmount, msg.value);
    }

    function getVaultDetails() external view returns (address, uint256, uint256, uint256) {
        (address operator, uint32 nft, uint96 collateral, uint128 short) = powerTokenController.vaults(vaultId);
        return (operator, nft, collateral, short);
    }
}
