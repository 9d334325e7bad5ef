// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DevnetLedger, DevnetToken} from "./DevnetToken.sol";
import {OpynControllerStandIn} from "./OpynControllerStandIn.sol";
import {OtokenStandIn} from "./OtokenStandIn.sol";

/// @notice Stands in for a Ribbon v2 theta vault on the devnet: read by the real ABI, with shorts of its own in the
/// controller. Shares, rounds and receipts are set by the test that needs them.
contract RibbonThetaVaultStandIn is DevnetLedger {
    struct VaultParams {
        bool isPut;
        uint8 decimals;
        address asset;
        address underlying;
        uint56 minimumSupply;
        uint104 cap;
    }

    struct VaultState {
        uint16 round;
        uint104 lockedAmount;
        uint104 lastLockedAmount;
        uint128 totalPending;
        uint128 queuedWithdrawShares;
    }

    struct OptionState {
        address nextOption;
        address currentOption;
        uint32 nextOptionReadyAt;
    }

    struct DepositReceipt {
        uint16 round;
        uint104 amount;
        uint128 unredeemedShares;
    }

    struct Withdrawal {
        uint16 round;
        uint128 shares;
    }

    address public immutable GAMMA_CONTROLLER;
    VaultParams public vaultParams;
    VaultState public vaultState;
    OptionState public optionState;
    uint256 public lastQueuedWithdrawAmount;
    mapping(address account => DepositReceipt) public depositReceipts;
    mapping(address account => Withdrawal) public withdrawals;
    mapping(uint256 round => uint256) public roundPricePerShare;

    event OpenShort(address indexed options, uint256 depositAmount, address indexed manager);

    constructor(address controller, bool isPut, uint8 assetDecimals, address asset, address underlying)
        DevnetLedger("Ribbon Theta Vault", "rTHETA", assetDecimals)
    {
        GAMMA_CONTROLLER = controller;
        vaultParams = VaultParams(isPut, assetDecimals, asset, underlying, 1e10, type(uint104).max);
        vaultState.round = 1;
    }

    /// @notice Sells options against collateral that the vault holds already; the oTokens go to `buyer`.
    function writeOption(OtokenStandIn otoken, uint256 amount, uint256 collateralAmount, address buyer) external {
        DevnetToken(vaultParams.asset).approve(GAMMA_CONTROLLER, collateralAmount);
        OpynControllerStandIn(GAMMA_CONTROLLER).openShort(otoken, amount, collateralAmount, buyer);
        optionState.currentOption = address(otoken);
        vaultState.lockedAmount += uint104(collateralAmount);
        emit OpenShort(address(otoken), collateralAmount, msg.sender);
    }

    function setRound(uint16 round, uint128 totalPending, uint128 queuedWithdrawShares, uint256 queuedWithdrawAmount)
        external
    {
        vaultState.round = round;
        (vaultState.totalPending, vaultState.queuedWithdrawShares) = (totalPending, queuedWithdrawShares);
        lastQueuedWithdrawAmount = queuedWithdrawAmount;
    }

    function setPricePerShare(uint256 round, uint256 assetPerShare) external {
        roundPricePerShare[round] = assetPerShare;
    }

    function setReceipt(address account, uint16 round, uint104 amount, uint128 unredeemedShares) external {
        depositReceipts[account] = DepositReceipt(round, amount, unredeemedShares);
    }

    function setWithdrawal(address account, uint16 round, uint128 shareAmount) external {
        withdrawals[account] = Withdrawal(round, shareAmount);
    }

    /// @notice Shares of an account, those included that it has not redeemed yet.
    function shares(address account) external view returns (uint256) {
        DepositReceipt memory receipt = depositReceipts[account];
        uint256 own = balanceOf[account] + receipt.unredeemedShares;
        if (receipt.round == 0 || receipt.round >= vaultState.round) return own;
        return own + uint256(receipt.amount) * 10 ** vaultParams.decimals / roundPricePerShare[receipt.round];
    }
}
