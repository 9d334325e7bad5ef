// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20, ILendingPool} from "./External.sol";
import {Payments} from "./Payments.sol";
import {Terms} from "./Terms.sol";
import {TokenLib} from "./TokenLib.sol";

/// @title What the running order makes its avatar do on the mandate's lending pool (Aave v3)
/// @notice Every step is the avatar's own, for itself, of base or quote; what it moves is measured on the avatar's
/// balance. Debt is at the variable rate.
abstract contract Lending is Payments {
    /// @notice What lending steps moved, so that it is told from what the swaps did.
    /// @param start the avatar's balances before the order
    /// @param received lent or withdrawn to the avatar
    /// @param given supplied or repaid by the avatar
    struct Flows {
        uint256[2] start;
        uint256[2] received;
        uint256[2] given;
    }

    /// @dev Kinds of lending legs: these, plus four for quote in place of base.
    uint256 internal constant SUPPLY = 16;
    uint256 internal constant WITHDRAW = 17;
    uint256 internal constant BORROW = 18;
    uint256 internal constant REPAY = 19;
    uint256 internal constant LAST_LENDING = 23;
    uint256 private constant OF_QUOTE_SHIFT = 2;
    /// @dev Sets of kinds, a bit for each from SUPPLY on: what may lower the health factor, and what adds to the debt.
    uint256 internal constant WEAKENING = 0x66;
    uint256 internal constant BORROWING = 0x44;
    /// @dev A leg's amount that means all there is.
    uint256 private constant ALL = type(uint128).max;
    uint256 private constant VARIABLE_RATE = 2;

    /// @param kind of the leg, a lending one
    /// @param amount of the leg
    /// @return moved what was supplied, withdrawn, borrowed or repaid: nothing where there is nothing to do
    function _lend(uint256 kind, uint256 amount, Terms terms, Flows memory flows) internal returns (uint256 moved) {
        uint256 ofQuote = (kind - SUPPLY) >> OF_QUOTE_SHIFT;
        kind -= ofQuote << OF_QUOTE_SHIFT;
        if (kind == REPAY) {
            moved = amount == ALL ? _repayOwned(amount, ofQuote, terms) : _repay(amount, ofQuote, terms);
        } else if (kind == SUPPLY) {
            moved = amount == ALL ? _gained(ofQuote, terms, flows) : amount;
            if (moved != 0) _supply(moved, ofQuote, terms);
        } else if (kind == BORROW) {
            moved = amount;
            _receive(moved, ofQuote, terms, ILendingPool.borrow.selector);
        } else {
            uint256 supplied = TokenLib.balanceOf(terms.supplyToken(ofQuote), _avatar());
            moved = amount < supplied ? amount : supplied;
            if (moved != 0) _receive(moved, ofQuote, terms, ILendingPool.withdraw.selector);
        }
        if (kind == SUPPLY || kind == REPAY) flows.given[ofQuote] += moved;
        else flows.received[ofQuote] += moved;
    }

    /// @notice Repays as much as is asked, owed and owned.
    function _repayOwned(uint256 most, uint256 ofQuote, Terms terms) internal returns (uint256 repaid) {
        uint256 owned = TokenLib.balanceOf(terms.asset(ofQuote), _avatar());
        return _repay(most < owned ? most : owned, ofQuote, terms);
    }

    /// @notice Repays as much as is asked and owed.
    function _repay(uint256 most, uint256 ofQuote, Terms terms) internal returns (uint256 repaid) {
        address token = terms.asset(ofQuote);
        address avatar = _avatar();
        uint256 owed = TokenLib.balanceOf(terms.debtToken(ofQuote), avatar);
        repaid = most < owed ? most : owed;
        if (repaid == 0) return 0;
        _give(repaid, ofQuote, terms, abi.encodeCall(ILendingPool.repay, (token, repaid, VARIABLE_RATE, avatar)));
    }

    /// @notice The avatar's base, with what it has supplied and without what it owes of it.
    function _netBase(uint256 owned, Terms terms) internal view returns (int256) {
        address avatar = _avatar();
        uint256 supplied = TokenLib.balanceOf(terms.supplyToken(0), avatar);
        uint256 owed = TokenLib.balanceOf(terms.debtToken(0), avatar);
        if ((owned | supplied | owed) >> 128 != 0) revert AmountTooLarge(owned | supplied | owed);
        return int256(owned + supplied) - int256(owed);
    }

    function _healthFactor(Terms terms) internal view returns (uint256 healthFactorWad) {
        (,,,,, healthFactorWad) = ILendingPool(terms.lendingPool()).getUserAccountData(_avatar());
    }

    /// @param before the health factor that the order found: what was below the floor already must rise
    function _checkHealth(uint256 before, Terms terms) internal view {
        uint256 afterwards = _healthFactor(terms);
        uint256 floor = terms.minHealthFactorWad();
        if (afterwards < floor && afterwards <= before) revert HealthFactorTooLow(afterwards, floor);
    }

    function _checkDebts(Terms terms) internal view {
        for (uint256 ofQuote = 0; ofQuote < 2; ++ofQuote) {
            uint256 debt = TokenLib.balanceOf(terms.debtToken(ofQuote), _avatar());
            uint256 most = terms.maxDebt(ofQuote);
            if (debt > most) revert DebtAboveMaximum(terms.asset(ofQuote), debt, most);
        }
    }

    /// @dev What the order has brought so far.
    function _gained(uint256 ofQuote, Terms terms, Flows memory flows) private view returns (uint256) {
        uint256 owned = TokenLib.balanceOf(terms.asset(ofQuote), _avatar());
        return owned > flows.start[ofQuote] ? owned - flows.start[ofQuote] : 0;
    }

    function _supply(uint256 amount, uint256 ofQuote, Terms terms) private {
        address token = terms.asset(ofQuote);
        _give(amount, ofQuote, terms, abi.encodeCall(ILendingPool.supply, (token, amount, _avatar(), 0)));
    }

    /// @dev Approves what is missing to the pool, which takes exactly that: nothing stays approved.
    function _give(uint256 amount, uint256 ofQuote, Terms terms, bytes memory data) private {
        address token = terms.asset(ofQuote);
        address pool = terms.lendingPool();
        address avatar = _avatar();
        uint256 before = TokenLib.balanceOf(token, avatar);
        uint256 approved = IERC20(token).allowance(avatar, pool);
        if (approved < amount) {
            // USDT takes no new allowance while there is an old one.
            if (approved != 0) _approve(token, pool, 0);
            _approve(token, pool, amount);
        }
        _callPool(pool, data);
        _requireMoved(token, amount, before, TokenLib.balanceOf(token, avatar));
    }

    function _approve(address token, address pool, uint256 amount) private {
        _requireTrue(token, _call(token, 0, abi.encodeCall(IERC20.approve, (pool, amount))));
    }

    function _receive(uint256 amount, uint256 ofQuote, Terms terms, bytes4 selector) private {
        address token = terms.asset(ofQuote);
        address avatar = _avatar();
        uint256 before = TokenLib.balanceOf(token, avatar);
        _callPool(
            terms.lendingPool(),
            selector == ILendingPool.borrow.selector
                ? abi.encodeCall(ILendingPool.borrow, (token, amount, VARIABLE_RATE, 0, avatar))
                : abi.encodeCall(ILendingPool.withdraw, (token, amount, avatar))
        );
        _requireMoved(token, amount, TokenLib.balanceOf(token, avatar), before);
    }

    function _callPool(address pool, bytes memory data) private {
        (bool success, bytes memory reason) = _try(pool, 0, data);
        if (!success) revert LendingFailed(pool, reason);
    }

    function _requireMoved(address token, uint256 amount, uint256 more, uint256 less) private pure {
        unchecked {
            if (more - less != amount) revert LendingAmountMoved(token, amount, more - less);
        }
    }

    function _avatar() private view returns (address) {
        return address(uint160(_payer));
    }
}
