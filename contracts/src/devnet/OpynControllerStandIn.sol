// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OpynOracleStandIn} from "./OpynStandIns.sol";
import {OtokenStandIn} from "./OtokenStandIn.sol";

interface ITransferable {
    function balanceOf(address account) external view returns (uint256);

    function decimals() external view returns (uint8);
}

/// @notice Stands in for Opyn Gamma's controller on the devnet: its vaults are read by the real ABI (`getVault` and so
/// on); the functions that change them are this contract's own, smaller than Gamma's `operate`. It keeps the collateral
/// itself. Shorts are collateralised for the most that they can lose, a long of the same type and expiry set against them.
contract OpynControllerStandIn {
    /// @dev The real ABI's shape; the collateral and the long legs keep their slot when emptied, as Gamma's do.
    struct Vault {
        address[] shortOtokens;
        address[] longOtokens;
        address[] collateralAssets;
        uint256[] shortAmounts;
        uint256[] longAmounts;
        uint256[] collateralAmounts;
    }

    /// @dev oTokens and strike prices have 8 decimals.
    uint256 private constant OTOKEN_UNIT = 1e8;

    OpynOracleStandIn public immutable oracle;
    mapping(address owner => uint256) private _vaultCount;
    mapping(address owner => mapping(uint256 vaultId => Vault)) private _vaults;
    mapping(address owner => mapping(uint256 vaultId => uint256)) private _updatedAt;

    event VaultOpened(address indexed accountOwner, uint256 vaultId, uint256 indexed vaultType);
    event ShortOtokenMinted(
        address indexed otoken, address indexed AccountOwner, address indexed to, uint256 vaultId, uint256 amount
    );
    event VaultSettled(
        address indexed accountOwner,
        address indexed otoken,
        address to,
        uint256 payout,
        uint256 vaultId,
        uint256 indexed vaultType
    );
    event Redeem(
        address indexed otoken,
        address indexed redeemer,
        address indexed receiver,
        address collateralAsset,
        uint256 otokenBurned,
        uint256 payout
    );

    error NoSuchVault(address owner, uint256 vaultId);
    error Undercollateralised(uint256 held, uint256 needed);
    error WrongCollateral(address given, address expected);
    error OneShortPerVault(address otoken);
    error NotSettled(address otoken);
    error TransferFailed(address token);

    constructor(OpynOracleStandIn oracle_) {
        oracle = oracle_;
    }

    /// @notice Opens a vault of the caller that is short `amount` of `otoken`; the oTokens go to `to`.
    /// @param amount 8 decimals
    /// @param collateralAmount what the caller has approved, in the oToken's collateral asset
    function openShort(OtokenStandIn otoken, uint256 amount, uint256 collateralAmount, address to)
        external
        returns (uint256 vaultId)
    {
        vaultId = openVault();
        depositCollateral(vaultId, otoken.collateralAsset(), collateralAmount);
        mintShort(vaultId, otoken, amount, to);
    }

    function openVault() public returns (uint256 vaultId) {
        vaultId = ++_vaultCount[msg.sender];
        _updatedAt[msg.sender][vaultId] = block.timestamp;
        emit VaultOpened(msg.sender, vaultId, 0);
    }

    function depositCollateral(uint256 vaultId, address asset, uint256 amount) public {
        Vault storage vault = _touch(vaultId);
        _add(vault.collateralAssets, vault.collateralAmounts, asset, amount);
        _pull(asset, amount);
    }

    function depositLong(uint256 vaultId, OtokenStandIn otoken, uint256 amount) external {
        Vault storage vault = _touch(vaultId);
        _add(vault.longOtokens, vault.longAmounts, address(otoken), amount);
        _pull(address(otoken), amount);
    }

    function mintShort(uint256 vaultId, OtokenStandIn otoken, uint256 amount, address to) public {
        Vault storage vault = _touch(vaultId);
        if (vault.shortOtokens.length > 0 && vault.shortOtokens[0] != address(otoken)) {
            revert OneShortPerVault(vault.shortOtokens[0]);
        }
        _add(vault.shortOtokens, vault.shortAmounts, address(otoken), amount);
        address collateral = vault.collateralAssets.length == 0 ? address(0) : vault.collateralAssets[0];
        if (collateral != otoken.collateralAsset()) revert WrongCollateral(collateral, otoken.collateralAsset());
        uint256 needed = vault.longOtokens.length == 0
            ? requiredCollateral(otoken, vault.shortAmounts[0])
            : spreadCollateral(otoken, vault.shortAmounts[0], OtokenStandIn(vault.longOtokens[0]), vault.longAmounts[0]);
        if (vault.collateralAmounts[0] < needed) revert Undercollateralised(vault.collateralAmounts[0], needed);
        otoken.mint(to, amount);
        emit ShortOtokenMinted(address(otoken), msg.sender, to, vaultId, amount);
    }

    /// @notice Pays out what the collateral is worth beyond the short's obligation, and the long's payoff; empties the vault.
    function settleVault(uint256 vaultId, address to) external {
        Vault memory vault = _touch(vaultId);
        delete _vaults[msg.sender][vaultId];
        address otoken = vault.shortOtokens.length > 0 ? vault.shortOtokens[0] : vault.longOtokens[0];
        address asset = OtokenStandIn(otoken).collateralAsset();
        uint256 gained;
        for (uint256 i; i < vault.longOtokens.length; ++i) {
            OtokenStandIn long = OtokenStandIn(vault.longOtokens[i]);
            uint256 payout = getPayout(address(long), vault.longAmounts[i]);
            // A long that pays in the same asset stands for the short.
            if (long.collateralAsset() == asset) gained += payout;
            else _push(long.collateralAsset(), to, payout);
            long.burnOtoken(address(this), vault.longAmounts[i]);
        }
        for (uint256 i; i < vault.collateralAssets.length; ++i) {
            if (vault.collateralAssets[i] == asset) gained += vault.collateralAmounts[i];
            else _push(vault.collateralAssets[i], to, vault.collateralAmounts[i]);
        }
        uint256 owed = vault.shortOtokens.length > 0 ? getPayout(otoken, vault.shortAmounts[0]) : 0;
        uint256 left = gained > owed ? gained - owed : 0;
        _push(asset, to, left);
        emit VaultSettled(msg.sender, otoken, to, left, vaultId, 0);
    }

    /// @notice Burns the caller's oTokens after expiry for their payoff.
    function redeem(OtokenStandIn otoken, uint256 amount, address to) external {
        uint256 payout = getPayout(address(otoken), amount);
        otoken.burnOtoken(msg.sender, amount);
        _push(otoken.collateralAsset(), to, payout);
        emit Redeem(address(otoken), msg.sender, to, otoken.collateralAsset(), amount, payout);
    }

    function getAccountVaultCounter(address owner) external view returns (uint256) {
        return _vaultCount[owner];
    }

    function getVault(address owner, uint256 vaultId) external view returns (Vault memory) {
        return _vaults[owner][vaultId];
    }

    function getVaultWithDetails(address owner, uint256 vaultId)
        external
        view
        returns (Vault memory vault, uint256 vaultType, uint256 latestTimestamp)
    {
        return (_vaults[owner][vaultId], 0, _updatedAt[owner][vaultId]);
    }

    function hasExpired(address otoken) public view returns (bool) {
        return block.timestamp >= OtokenStandIn(otoken).expiryTimestamp();
    }

    function isSettlementAllowed(address otoken) public view returns (bool isFinal) {
        (, isFinal) =
            oracle.getExpiryPrice(OtokenStandIn(otoken).underlyingAsset(), OtokenStandIn(otoken).expiryTimestamp());
    }

    /// @notice What `amount` oTokens are worth after expiry, in the smallest unit of the collateral asset, rounded down.
    function getPayout(address otoken, uint256 amount) public view returns (uint256) {
        OtokenStandIn series = OtokenStandIn(otoken);
        if (!isSettlementAllowed(otoken)) revert NotSettled(otoken);
        (uint256 price,) = oracle.getExpiryPrice(series.underlyingAsset(), series.expiryTimestamp());
        uint256 strike = series.strikePrice();
        uint256 unit = 10 ** ITransferable(series.collateralAsset()).decimals();
        if (series.isPut()) return strike <= price ? 0 : (strike - price) * amount * unit / OTOKEN_UNIT / OTOKEN_UNIT;
        return price <= strike ? 0 : (price - strike) * amount * unit / OTOKEN_UNIT / price;
    }

    /// @notice Full collateral: the underlying of a call, the strike of a put; rounded up.
    function requiredCollateral(OtokenStandIn otoken, uint256 amount) public view returns (uint256) {
        uint256 unit = 10 ** ITransferable(otoken.collateralAsset()).decimals();
        uint256 perOption = otoken.isPut() ? otoken.strikePrice() : OTOKEN_UNIT;
        return (amount * perOption * unit + OTOKEN_UNIT * OTOKEN_UNIT - 1) / (OTOKEN_UNIT * OTOKEN_UNIT);
    }

    /// @notice What a short can lose at most with a long against it, in the collateral asset; rounded up. A put spread:
    /// short strike x short amount less long strike x what both have. A call spread: the greater of
    /// (long strike - short strike) / long strike x short amount, and what the long does not cover.
    function spreadCollateral(OtokenStandIn short, uint256 shortAmount, OtokenStandIn long, uint256 longAmount)
        public
        view
        returns (uint256)
    {
        if (long.isPut() != short.isPut() || long.expiryTimestamp() != short.expiryTimestamp()) {
            return requiredCollateral(short, shortAmount);
        }
        uint256 unit = 10 ** ITransferable(short.collateralAsset()).decimals();
        (uint256 shortStrike, uint256 longStrike) = (short.strikePrice(), long.strikePrice());
        uint256 both = shortAmount < longAmount ? shortAmount : longAmount;
        if (short.isPut()) {
            uint256 lent = longStrike * both;
            uint256 owed = shortStrike * shortAmount;
            return owed <= lent ? 0 : _divUp((owed - lent) * unit, OTOKEN_UNIT * OTOKEN_UNIT);
        }
        uint256 spread = longStrike <= shortStrike
            ? 0
            : _divUp((longStrike - shortStrike) * shortAmount * unit, longStrike * OTOKEN_UNIT);
        uint256 uncovered = _divUp((shortAmount - both) * unit, OTOKEN_UNIT);
        return spread > uncovered ? spread : uncovered;
    }

    function _divUp(uint256 value, uint256 divisor) private pure returns (uint256) {
        return (value + divisor - 1) / divisor;
    }

    function _touch(uint256 vaultId) private returns (Vault storage) {
        if (vaultId == 0 || vaultId > _vaultCount[msg.sender]) revert NoSuchVault(msg.sender, vaultId);
        _updatedAt[msg.sender][vaultId] = block.timestamp;
        return _vaults[msg.sender][vaultId];
    }

    function _add(address[] storage assets, uint256[] storage amounts, address asset, uint256 amount) private {
        for (uint256 i; i < assets.length; ++i) {
            if (assets[i] == asset) {
                amounts[i] += amount;
                return;
            }
        }
        assets.push(asset);
        amounts.push(amount);
    }

    function _pull(address token, uint256 amount) private {
        _call(
            token, abi.encodeWithSignature("transferFrom(address,address,uint256)", msg.sender, address(this), amount)
        );
    }

    function _push(address token, address to, uint256 amount) private {
        if (amount > 0) _call(token, abi.encodeWithSignature("transfer(address,uint256)", to, amount));
    }

    /// @dev USDT returns nothing, others return true.
    function _call(address token, bytes memory data) private {
        (bool ok, bytes memory answer) = token.call(data);
        if (!ok || (answer.length > 0 && !abi.decode(answer, (bool)))) revert TransferFailed(token);
    }
}
