// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20, IERC20Metadata, ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {QueueEscrow} from "./QueueEscrow.sol";
import {RequestQueue} from "./RequestQueue.sol";
import {TransactionUse} from "./TransactionUse.sol";

/// @title Shares that are asked for and handed in by queue (ERC-7540), and are settled together
/// @notice Every request has id 0: those of one controller are one. Assets and shares that are under way lie in the
/// queue's escrow. What shares are worth changes by a settlement only.
abstract contract AsyncShares is ERC20, Ownable2Step, Pausable, IERC165, RequestQueue, TransactionUse {
    using SafeERC20 for IERC20;

    /// @dev ERC-4626 and ERC-7540.
    event Deposit(address indexed sender, address indexed owner, uint256 assets, uint256 shares);
    event Withdraw(
        address indexed sender, address indexed receiver, address indexed owner, uint256 assets, uint256 shares
    );
    event DepositRequest(
        address indexed controller, address indexed owner, uint256 indexed requestId, address sender, uint256 assets
    );
    event RedeemRequest(
        address indexed controller, address indexed owner, uint256 indexed requestId, address sender, uint256 shares
    );

    /// @dev So many more decimals than the asset: shares that belong to nobody, which make it cost a million times what
    /// it takes from others to move the price by a donation.
    uint8 private constant EXTRA_DECIMALS = 6;
    uint256 private constant VIRTUAL_SHARES = 10 ** EXTRA_DECIMALS;
    bytes4 private constant ERC7575 = 0x2f0a18c5;
    bytes4 private constant ERC7540_OPERATORS = 0xe3bc4e65;
    bytes4 private constant ERC7540_DEPOSITS = 0xce3bbe50;
    bytes4 private constant ERC7540_REDEMPTIONS = 0x620ee8e4;

    IERC20 internal immutable ASSET;
    uint8 private immutable ASSET_DECIMALS;
    QueueEscrow public immutable ESCROW;

    /// @notice What all shares together were worth at the last settlement, in the asset's smallest unit.
    uint256 public totalAssets;
    Side private _deposits;
    Side private _redemptions;

    constructor(IERC20Metadata asset_, string memory name_, string memory symbol_, address owner_)
        ERC20(name_, symbol_)
        Ownable(owner_)
    {
        ASSET = asset_;
        ASSET_DECIMALS = asset_.decimals();
        ESCROW = new QueueEscrow();
    }

    function asset() external view returns (address) {
        return address(ASSET);
    }

    /// @notice ERC-7575: the vault is its own share.
    function share() external view returns (address) {
        return address(this);
    }

    function decimals() public view override returns (uint8) {
        return ASSET_DECIMALS + EXTRA_DECIMALS;
    }

    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == type(IERC165).interfaceId || id == ERC7575 || id == ERC7540_OPERATORS || id == ERC7540_DEPOSITS
            || id == ERC7540_REDEMPTIONS;
    }

    /// @notice At the price of the last settlement.
    function convertToShares(uint256 assets) external view returns (uint256) {
        return _toShares(assets, totalAssets);
    }

    /// @notice At the price of the last settlement.
    function convertToAssets(uint256 shares) external view returns (uint256) {
        return _toAssets(shares, totalAssets);
    }

    /// @notice Puts assets into the queue; they wait in the escrow until the next settlement.
    /// @param controller whose request it is from then on
    /// @param owner whose assets they are: the caller, or somebody whose operator it is
    function requestDeposit(uint256 assets, address controller, address owner)
        external
        whenNotPaused
        entry
        returns (uint256 requestId)
    {
        _onlyOperatorOf(owner);
        _add(_deposits, controller, assets);
        uint256 before = ASSET.balanceOf(address(ESCROW));
        ASSET.safeTransferFrom(owner, address(ESCROW), assets);
        uint256 received = ASSET.balanceOf(address(ESCROW)) - before;
        if (received != assets) revert AssetAmountDiffers(assets, received);
        emit DepositRequest(controller, owner, 0, msg.sender, assets);
        return 0;
    }

    /// @notice Puts shares into the queue, also while paused; they wait in the escrow until the next settlement.
    /// @param owner whose shares they are: the caller, somebody whose operator it is, or who gave it an allowance
    function requestRedeem(uint256 shares, address controller, address owner)
        external
        entry
        returns (uint256 requestId)
    {
        if (msg.sender != owner && !isOperator[owner][msg.sender]) {
            _spendAllowance(owner, msg.sender, shares);
        }
        _add(_redemptions, controller, shares);
        _transfer(owner, address(ESCROW), shares);
        emit RedeemRequest(controller, owner, 0, msg.sender, shares);
        return 0;
    }

    /// @notice Takes back what is not settled yet, also while paused.
    function cancelDepositRequest(address controller, address receiver) external entry returns (uint256 assets) {
        _onlyOperatorOf(controller);
        assets = _cancel(_deposits, controller);
        ESCROW.pay(ASSET, receiver, assets);
        emit DepositRequestCancelled(controller, receiver, assets);
    }

    /// @notice Takes back what is not settled yet, also while paused.
    function cancelRedeemRequest(address controller, address receiver) external entry returns (uint256 shares) {
        _onlyOperatorOf(controller);
        shares = _cancel(_redemptions, controller);
        ESCROW.pay(this, receiver, shares);
        emit RedeemRequestCancelled(controller, receiver, shares);
    }

    /// @notice Claims the shares of settled deposits.
    function deposit(uint256 assets, address receiver, address controller) public entry returns (uint256 shares) {
        _onlyOperatorOf(controller);
        shares = _claimPaid(_deposits, controller, assets);
        _giveShares(receiver, controller, assets, shares);
    }

    function deposit(uint256 assets, address receiver) external returns (uint256 shares) {
        return deposit(assets, receiver, msg.sender);
    }

    /// @notice Claims so many shares of settled deposits.
    function mint(uint256 shares, address receiver, address controller) public entry returns (uint256 assets) {
        _onlyOperatorOf(controller);
        assets = _claimReceived(_deposits, controller, shares);
        _giveShares(receiver, controller, assets, shares);
    }

    function mint(uint256 shares, address receiver) external returns (uint256 assets) {
        return mint(shares, receiver, msg.sender);
    }

    /// @notice Claims the assets of settled redemptions.
    function redeem(uint256 shares, address receiver, address controller) external entry returns (uint256 assets) {
        _onlyOperatorOf(controller);
        assets = _claimPaid(_redemptions, controller, shares);
        _giveAssets(receiver, controller, assets, shares);
    }

    /// @notice Claims so many assets of settled redemptions.
    function withdraw(uint256 assets, address receiver, address controller) external entry returns (uint256 shares) {
        _onlyOperatorOf(controller);
        shares = _claimReceived(_redemptions, controller, assets);
        _giveAssets(receiver, controller, assets, shares);
    }

    function pendingDepositRequest(uint256, address controller) external view returns (uint256 assets) {
        return _pendingOf(_deposits, controller);
    }

    function pendingRedeemRequest(uint256, address controller) external view returns (uint256 shares) {
        return _pendingOf(_redemptions, controller);
    }

    function claimableDepositRequest(uint256, address controller) external view returns (uint256 assets) {
        (assets,) = _claimableOf(_deposits, controller);
    }

    function claimableRedeemRequest(uint256, address controller) external view returns (uint256 shares) {
        (shares,) = _claimableOf(_redemptions, controller);
    }

    function maxDeposit(address controller) external view returns (uint256 assets) {
        (assets,) = _claimableOf(_deposits, controller);
    }

    function maxMint(address controller) external view returns (uint256 shares) {
        (, shares) = _claimableOf(_deposits, controller);
    }

    function maxRedeem(address controller) external view returns (uint256 shares) {
        (shares,) = _claimableOf(_redemptions, controller);
    }

    function maxWithdraw(address controller) external view returns (uint256 assets) {
        (, assets) = _claimableOf(_redemptions, controller);
    }

    function previewDeposit(uint256) external pure returns (uint256) {
        revert PreviewUnavailable();
    }

    function previewMint(uint256) external pure returns (uint256) {
        revert PreviewUnavailable();
    }

    function previewRedeem(uint256) external pure returns (uint256) {
        revert PreviewUnavailable();
    }

    function previewWithdraw(uint256) external pure returns (uint256) {
        revert PreviewUnavailable();
    }

    /// @notice Assets and shares that wait for the next settlement.
    function pendingTotals() public view returns (uint256 assets, uint256 shares) {
        return (_deposits.pending, _redemptions.pending);
    }

    /// @dev Both sides at one price, that of all that the vault holds of its asset now. Rounded down for who comes and
    /// for who goes, so that it never takes from who stays.
    function _settle() internal {
        uint256 held = ASSET.balanceOf(address(this));
        uint256 supply = totalSupply();
        (uint256 comingAssets, uint256 goingShares) = pendingTotals();
        uint256 comingShares = _toShares(comingAssets, held);
        uint256 goingAssets = _toAssets(goingShares, held);
        _settleSide(_deposits, comingShares);
        _settleSide(_redemptions, goingAssets);
        emit Settled(currentBatch, held, supply, comingAssets, comingShares, goingShares, goingAssets);
        _nextBatch();
        totalAssets = held + comingAssets - goingAssets;
        _burn(address(ESCROW), goingShares);
        _mint(address(ESCROW), comingShares);
        if (comingAssets != 0) ESCROW.pay(ASSET, address(this), comingAssets);
        if (goingAssets != 0) ASSET.safeTransfer(address(ESCROW), goingAssets);
    }

    function _toShares(uint256 assets, uint256 total) private view returns (uint256) {
        return Math.mulDiv(assets, totalSupply() + VIRTUAL_SHARES, total + 1);
    }

    function _toAssets(uint256 shares, uint256 total) private view returns (uint256) {
        return Math.mulDiv(shares, total + 1, totalSupply() + VIRTUAL_SHARES);
    }

    function _giveShares(address receiver, address controller, uint256 assets, uint256 shares) private {
        ESCROW.pay(this, receiver, shares);
        emit Deposit(controller, receiver, assets, shares);
    }

    function _giveAssets(address receiver, address controller, uint256 assets, uint256 shares) private {
        ESCROW.pay(ASSET, receiver, assets);
        emit Withdraw(msg.sender, receiver, controller, assets, shares);
    }
}
