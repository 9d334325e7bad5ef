// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Lending} from "./Lending.sol";
import {IHedgeModule} from "./IHedgeModule.sol";
import {MandateLib} from "./MandateLib.sol";
import {OracleLib} from "./OracleLib.sol";
import {Positions} from "./Positions.sol";
import {Terms, TermsLib} from "./Terms.sol";

/// @title All of the HedgeModule but its orders: setting, withdrawing, pausing and reading mandates
/// @notice The module creates one when it is deployed, and passes on to it, by `delegatecall`, whatever is not an order
/// or a callback. No order runs through it. It has no state of its own: called directly it knows of no mandate but
/// what its caller sets there, which no module reads.
contract MandateRegistry is Lending, Positions {
    /// @notice See IHedgeModule.
    function setMandate(IHedgeModule.Mandate calldata mandate) external whenNotRunning {
        Vault storage vault = _vaults[msg.sender];
        (int256 exponent, uint256[] memory roles, address[4] memory lendingTokens) = MandateLib.validate(mandate);

        uint256 turnover = vault.epoch == 0 ? mandate.turnoverCapacityQuote : _availableTurnover(vault);
        if (turnover > mandate.turnoverCapacityQuote) turnover = mandate.turnoverCapacityQuote;
        _setTurnover(vault, turnover);

        uint32 epoch = vault.epoch + 1;
        vault.epoch = epoch;
        uint32 number = ++_mandateCount;
        vault.mandateNumber = number;
        address mandateCode = MandateLib.store(mandate, exponent, roles, lendingTokens);
        assert(mandateCode == TermsLib.codeAt(number));
        emit IHedgeModule.MandateSet(msg.sender, epoch, mandate);
    }

    /// @notice See IHedgeModule.
    function revokeMandate() external whenNotRunning {
        Vault storage vault = _vaults[msg.sender];
        if (vault.mandateNumber == 0) revert NoMandate(msg.sender);
        _setTurnover(vault, _availableTurnover(vault));
        vault.mandateNumber = 0;
        emit IHedgeModule.MandateRevoked(msg.sender);
    }

    /// @notice See IHedgeModule.
    function pause(address avatar) external {
        Vault storage vault = _vaults[avatar];
        _requireAvatarOrGuardian(avatar, vault);
        vault.paused = true;
        emit IHedgeModule.Paused(avatar, msg.sender);
    }

    /// @notice See IHedgeModule.
    function rescue(address avatar, uint256 baseAmount, uint256 quoteAmount)
        external
        whenNotRunning
        returns (uint256 baseRepaid, uint256 quoteRepaid)
    {
        Vault storage vault = _vaults[avatar];
        _requireAvatarOrGuardian(avatar, vault);
        if (vault.mandateNumber == 0) revert NoMandate(avatar);
        Terms terms = _terms(vault);
        if (terms.lendingPool() == address(0)) revert LendingPoolMissing();
        _payer = uint160(avatar);
        baseRepaid = _repayOwned(baseAmount, 0, terms);
        quoteRepaid = _repayOwned(quoteAmount, 1, terms);
        _payer = 0;
        emit IHedgeModule.Rescued(avatar, msg.sender, baseRepaid, quoteRepaid);
    }

    /// @notice See IHedgeModule.
    function rescueLiquidity(address avatar, uint256 tokenId, uint128 most)
        external
        whenNotRunning
        returns (uint256 baseReceived, uint256 quoteReceived)
    {
        Vault storage vault = _vaults[avatar];
        _requireAvatarOrGuardian(avatar, vault);
        if (vault.mandateNumber == 0) revert NoMandate(avatar);
        Terms terms = _terms(vault);
        if (terms.positionManager() == address(0)) revert NotAPositionManager(address(0));
        (uint256 numerator, uint256 denominator) = OracleLib.readPrice(terms);
        _payer = uint160(avatar);
        uint256 liquidity;
        (liquidity, baseReceived, quoteReceived) = _withdrawLiquidity(tokenId, most, numerator, denominator, terms);
        _payer = 0;
        emit IHedgeModule.LiquidityRescued(avatar, msg.sender, tokenId, liquidity, baseReceived, quoteReceived);
    }

    /// @notice See IHedgeModule.
    function unpause() external whenNotRunning {
        _vaults[msg.sender].paused = false;
        emit IHedgeModule.Unpaused(msg.sender);
    }

    /// @notice See IHedgeModule.
    function nextSequence(address avatar) external view returns (uint64) {
        return _vaults[avatar].nextSequence;
    }

    /// @notice See IHedgeModule.
    function mandateOf(address avatar) external view returns (IHedgeModule.Mandate memory mandate) {
        uint256 number = _vaults[avatar].mandateNumber;
        if (number != 0) mandate = MandateLib.decode(TermsLib.codeAt(number));
    }

    /// @notice See IHedgeModule.
    function stateOf(address avatar)
        external
        view
        returns (uint64 sequence, bool paused, uint32 epoch, uint256 turnoverAvailableQuote)
    {
        Vault storage vault = _vaults[avatar];
        return (vault.nextSequence, vault.paused, vault.epoch, _availableTurnover(vault));
    }

    /// @notice See IHedgeModule.
    function isKeeper(address avatar, address keeper) external view returns (bool) {
        Vault storage vault = _vaults[avatar];
        return vault.mandateNumber != 0 && _terms(vault).hasKeeper(keeper);
    }

    /// @notice See IHedgeModule.
    function isPool(address avatar, address pool) external view returns (bool) {
        Vault storage vault = _vaults[avatar];
        return vault.mandateNumber != 0 && _terms(vault).allows(pool);
    }

    /// @notice See IHedgeModule.
    function oraclePriceX96(address avatar) external view returns (uint256) {
        Vault storage vault = _vaults[avatar];
        if (vault.mandateNumber == 0) revert NoMandate(avatar);
        (uint256 numerator, uint256 denominator) = OracleLib.readPrice(_terms(vault));
        return (numerator << 96) / denominator;
    }

    function _requireAvatarOrGuardian(address avatar, Vault storage vault) private view {
        if (msg.sender == avatar) return;
        if (vault.mandateNumber == 0 || msg.sender != _terms(vault).guardian()) {
            revert NotAvatarOrGuardian(avatar, msg.sender);
        }
    }

    function _terms(Vault storage vault) private view returns (Terms) {
        return TermsLib.load(vault.mandateNumber);
    }

    function _setTurnover(Vault storage vault, uint256 turnoverQuote) private {
        vault.turnoverQuote = uint128(turnoverQuote);
        vault.turnoverUpdatedAt = uint40(block.timestamp);
    }

    /// @dev Without a mandate there is nothing to refill at: the bucket keeps what it held.
    function _availableTurnover(Vault storage vault) private view returns (uint256) {
        if (vault.mandateNumber == 0) return vault.turnoverQuote;
        return _accrued(vault.turnoverQuote, vault.turnoverUpdatedAt, _terms(vault));
    }
}
