// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "./External.sol";
import {HopLib} from "./HopLib.sol";
import {IHedgeModule} from "./IHedgeModule.sol";
import {MandateLib} from "./MandateLib.sol";
import {OracleLib} from "./OracleLib.sol";
import {Swaps} from "./Swaps.sol";

/// @title HedgeModule: lets keepers hedge an avatar, within a mandate that only the avatar can set
/// @notice It holds neither tokens nor approvals (see Swaps for what it makes the avatar do). What happened is measured
/// on the avatar's own balances and checked after the last swap.
contract HedgeModule is IHedgeModule, Swaps {
    uint256 private constant BPS = 10_000;
    uint256 private constant MAX_LEGS = 8;

    /// @dev Two slots, of which a hedge reads and writes the first. The mandate itself is held as code (see MandateCode),
    /// whose address follows from its number.
    struct Vault {
        uint128 turnoverQuote;
        uint40 turnoverUpdatedAt;
        uint48 nextSequence;
        /// Zero where no mandate is in force.
        uint32 mandateNumber;
        bool paused;
        uint32 epoch;
    }

    /// @dev What an order has done to the avatar's balances.
    struct Fill {
        uint256 base;
        uint256 quote;
        uint256 baseAfter;
    }

    mapping(address avatar => Vault) private _vaults;
    /// @dev How many mandates were stored, of all avatars together.
    uint32 private _mandateCount;

    /// @dev Nothing that is called on the way of an order, whosever it is, may change what the order is held to.
    modifier whenNotRunning() {
        if (_payer != 0) revert Reentered();
        _;
    }

    /// @inheritdoc IHedgeModule
    function setMandate(Mandate calldata mandate) external whenNotRunning {
        Vault storage vault = _vaults[msg.sender];
        (int16 exponent, uint256[] memory roles) = MandateLib.validate(mandate);

        uint256 turnover = vault.epoch == 0 ? mandate.turnoverCapacityQuote : _availableTurnover(vault);
        if (turnover > mandate.turnoverCapacityQuote) turnover = mandate.turnoverCapacityQuote;
        _setTurnover(vault, turnover);

        uint32 epoch = vault.epoch + 1;
        vault.epoch = epoch;
        uint32 number = ++_mandateCount;
        vault.mandateNumber = number;
        address mandateCode = MandateLib.store(mandate, exponent, roles);
        assert(mandateCode == MandateLib.codeAt(number));
        emit MandateSet(msg.sender, epoch, mandate);
    }

    /// @inheritdoc IHedgeModule
    function revokeMandate() external whenNotRunning {
        Vault storage vault = _vaults[msg.sender];
        if (vault.mandateNumber == 0) revert NoMandate(msg.sender);
        _setTurnover(vault, _availableTurnover(vault));
        vault.mandateNumber = 0;
        emit MandateRevoked(msg.sender);
    }

    /// @inheritdoc IHedgeModule
    function pause(address avatar) external {
        Vault storage vault = _vaults[avatar];
        if (msg.sender != avatar) {
            if (vault.mandateNumber == 0 || msg.sender != _terms(vault).guardian) {
                revert NotAvatarOrGuardian(avatar, msg.sender);
            }
        }
        vault.paused = true;
        emit Paused(avatar, msg.sender);
    }

    /// @inheritdoc IHedgeModule
    function unpause() external whenNotRunning {
        _vaults[msg.sender].paused = false;
        emit Unpaused(msg.sender);
    }

    /// @inheritdoc IHedgeModule
    function hedge(Order calldata order) external whenNotRunning returns (uint256 baseFilled, uint256 quoteFilled) {
        _payer = uint160(order.avatar);
        Vault storage vault = _vaults[order.avatar];
        (MandateLib.Terms memory terms, int256 exponent) = MandateLib.load(_mandateCode(vault, order.avatar));
        _checkOrder(order, vault, terms);
        ++vault.nextSequence;

        OracleLib.Price memory price = OracleLib.readPrice(terms, exponent);
        Fill memory fill = _execute(order, terms);
        _checkFill(order, fill);
        _checkInventory(order.sellBase, fill.baseAfter, terms);
        _checkPriceAndSpend(order.sellBase, fill, price, vault, terms);

        _payer = 0;
        emit Hedged(order.avatar, order.sequence, msg.sender, order.sellBase, fill.base, fill.quote, _toX96(price));
        return (fill.base, fill.quote);
    }

    /// @inheritdoc IHedgeModule
    function nextSequence(address avatar) external view returns (uint64) {
        return _vaults[avatar].nextSequence;
    }

    /// @inheritdoc IHedgeModule
    function mandateOf(address avatar) external view returns (Mandate memory mandate) {
        uint256 number = _vaults[avatar].mandateNumber;
        if (number != 0) mandate = MandateLib.decode(MandateLib.codeAt(number));
    }

    /// @inheritdoc IHedgeModule
    function stateOf(address avatar)
        external
        view
        returns (uint64 sequence, bool paused, uint32 epoch, uint256 turnoverAvailableQuote)
    {
        Vault storage vault = _vaults[avatar];
        return (vault.nextSequence, vault.paused, vault.epoch, _availableTurnover(vault));
    }

    /// @inheritdoc IHedgeModule
    function isKeeper(address avatar, address keeper) external view returns (bool) {
        Vault storage vault = _vaults[avatar];
        return vault.mandateNumber != 0 && MandateLib.contains(_terms(vault).keepers, keeper);
    }

    /// @inheritdoc IHedgeModule
    function isPool(address avatar, address pool) external view returns (bool) {
        Vault storage vault = _vaults[avatar];
        return vault.mandateNumber != 0 && MandateLib.allows(_terms(vault), pool);
    }

    /// @inheritdoc IHedgeModule
    function oraclePriceX96(address avatar) external view returns (uint256) {
        (MandateLib.Terms memory terms, int256 exponent) = MandateLib.load(_mandateCode(_vaults[avatar], avatar));
        return _toX96(OracleLib.readPrice(terms, exponent));
    }

    function _terms(Vault storage vault) private view returns (MandateLib.Terms memory terms) {
        (terms,) = MandateLib.load(MandateLib.codeAt(vault.mandateNumber));
    }

    function _mandateCode(Vault storage vault, address avatar) private view returns (address) {
        uint256 number = vault.mandateNumber;
        if (number == 0) revert NoMandate(avatar);
        return MandateLib.codeAt(number);
    }

    function _checkOrder(Order calldata order, Vault storage vault, MandateLib.Terms memory terms) private view {
        if (!MandateLib.contains(terms.keepers, msg.sender)) revert NotKeeper(order.avatar, msg.sender);
        if (vault.paused) revert HedgingPaused(order.avatar);
        if (block.timestamp > order.deadline) revert DeadlinePassed(order.deadline, block.timestamp);
        if (order.sequence != vault.nextSequence) revert WrongSequence(order.sequence, vault.nextSequence);

        Leg[] calldata legs = order.legs;
        uint256 count = legs.length;
        if (count == 0 || count > MAX_LEGS) revert LegCountOutOfRange(count, MAX_LEGS);
        uint256 sum;
        for (uint256 i = 0; i < count; ++i) {
            Leg calldata leg = legs[i];
            uint256 kind = leg.kind;
            if (kind & ~HopLib.FAR > HopLib.UNISWAP_V4) revert UnknownLegKind(i, leg.kind);
            if (kind & HopLib.FAR != 0) {
                if (i == 0 || legs[i - 1].kind & HopLib.FAR != 0) revert FarHopMisplaced(i);
                if (leg.baseAmount != 0) revert FarHopAmountNotZero(i);
            } else if (leg.baseAmount == 0) {
                revert LegEmpty(i);
            }
            // At most eight amounts of 128 bits.
            unchecked {
                sum += leg.baseAmount;
            }
        }
        if (sum != order.baseAmount) revert LegsDoNotAddUp(sum, order.baseAmount);
    }

    /// @dev Measures on the avatar's balances, whatever pools and tokens may claim.
    function _execute(Order calldata order, MandateLib.Terms memory terms) private returns (Fill memory fill) {
        address avatar = order.avatar;
        bool sellBase = order.sellBase;
        uint256 baseBefore = IERC20(terms.base).balanceOf(avatar);
        uint256 quoteBefore = IERC20(terms.quote).balanceOf(avatar);

        _swapLegs(order.legs, avatar, sellBase, terms);

        fill.baseAfter = IERC20(terms.base).balanceOf(avatar);
        uint256 quoteAfter = IERC20(terms.quote).balanceOf(avatar);
        fill.base = sellBase
            ? _decrease(baseBefore, fill.baseAfter, terms.base)
            : _decrease(fill.baseAfter, baseBefore, terms.base);
        fill.quote = sellBase
            ? _decrease(quoteAfter, quoteBefore, terms.quote)
            : _decrease(quoteBefore, quoteAfter, terms.quote);
        if (fill.base > type(uint112).max) revert AmountTooLarge(fill.base);
        if (fill.quote > type(uint128).max) revert AmountTooLarge(fill.quote);
    }

    function _swapLegs(Leg[] calldata legs, address avatar, bool sellBase, MandateLib.Terms memory terms) private {
        uint256 count = legs.length;
        for (uint256 i = 0; i < count; ++i) {
            Leg calldata leg = legs[i];
            if (i + 1 < count && legs[i + 1].kind & HopLib.FAR != 0) {
                (HopLib.Hop memory near, HopLib.Hop memory far) =
                    HopLib.overBridge(leg, legs[++i], avatar, sellBase, terms);
                _swapOverBridge(near, far, leg.baseAmount, sellBase, avatar);
            } else if (leg.kind == HopLib.UNISWAP_V3) {
                _swapLegOnV3(leg, avatar, sellBase, terms);
            } else {
                _swap(HopLib.direct(leg, avatar, sellBase, terms), leg.baseAmount, sellBase, avatar, "");
            }
        }
    }

    function _swapLegOnV3(Leg calldata leg, address avatar, bool sellBase, MandateLib.Terms memory terms) private {
        address pool = leg.pool;
        if (MandateLib.roleOf(terms, pool) != 0) revert PoolNotAllowed(avatar, pool);
        int256 amount = int256(uint256(leg.baseAmount));
        (address base, address quote) = (terms.base, terms.quote);
        _swapDirectlyOnV3(
            pool,
            leg.sqrtPriceLimitX96,
            sellBase ? amount : -amount,
            sellBase ? base : quote,
            sellBase == (base < quote)
        );
    }

    function _decrease(uint256 larger, uint256 smaller, address token) private pure returns (uint256) {
        if (larger < smaller) revert BalanceMovedAgainstOrder(token);
        return larger - smaller;
    }

    /// @dev Holds the fill to the order. Products are compared instead of quotients, so that nothing is rounded.
    function _checkFill(Order calldata order, Fill memory fill) private pure {
        if (fill.base == 0) revert NothingFilled();
        if (fill.base > order.baseAmount) revert Overfilled(fill.base, order.baseAmount);
        // No quote amount comes near 2^128: above it, a limit says "any" of a purchase and "none" of a sale.
        uint256 limit = order.quoteLimit < type(uint128).max ? order.quoteLimit : type(uint128).max;
        // Amounts of at most 128 bits: no product overflows.
        unchecked {
            if (fill.base * BPS < uint256(order.baseAmount) * order.minFillBps) {
                revert FillTooSmall(fill.base, order.baseAmount, order.minFillBps);
            }
            uint256 filled = fill.quote * order.baseAmount;
            uint256 wanted = limit * fill.base;
            if (order.sellBase ? filled < wanted : filled > wanted) {
                revert QuoteLimitMissed(fill.base, fill.quote, order.quoteLimit);
            }
        }
    }

    function _checkInventory(bool sellBase, uint256 base, MandateLib.Terms memory terms) private pure {
        if (sellBase) {
            if (base < terms.minBase) revert BaseBelowMinimum(base, terms.minBase);
        } else {
            if (base > terms.maxBase) revert BaseAboveMaximum(base, terms.maxBase);
        }
    }

    /// @dev Holds the fill to the oracle and takes its notional from the bucket, every rounding against the keeper.
    function _checkPriceAndSpend(
        bool sellBase,
        Fill memory fill,
        OracleLib.Price memory price,
        Vault storage vault,
        MandateLib.Terms memory terms
    ) private {
        uint256 available = _accrued(vault, terms);
        // A base below 2^112 times a numerator below 2^144; a notional below 2^128.
        unchecked {
            uint256 product = fill.base * price.numerator;
            uint256 notionalDown = product / price.denominator;
            uint256 notionalUp = product % price.denominator == 0 ? notionalDown : notionalDown + 1;
            if (notionalUp > type(uint128).max) revert AmountTooLarge(notionalUp);

            if (sellBase) {
                uint256 least = (notionalUp * (BPS - terms.maxSlippageBps) + BPS - 1) / BPS;
                if (fill.quote < least) revert PriceOutsideOracleBound(fill.quote, least);
            } else {
                uint256 most = notionalDown * (BPS + terms.maxSlippageBps) / BPS;
                if (fill.quote > most) revert PriceOutsideOracleBound(fill.quote, most);
            }
            if (notionalUp > available) revert TurnoverExceeded(notionalUp, available);
            _setTurnover(vault, available - notionalUp);
        }
    }

    function _setTurnover(Vault storage vault, uint256 turnoverQuote) private {
        vault.turnoverQuote = uint128(turnoverQuote);
        vault.turnoverUpdatedAt = uint40(block.timestamp);
    }

    /// @dev Without a mandate there is nothing to refill at: the bucket keeps what it held.
    function _availableTurnover(Vault storage vault) private view returns (uint256) {
        if (vault.mandateNumber == 0) return vault.turnoverQuote;
        return _accrued(vault, _terms(vault));
    }

    function _accrued(Vault storage vault, MandateLib.Terms memory terms) private view returns (uint256) {
        uint256 turnover;
        // A time of 40 bits and amounts of 128.
        unchecked {
            uint256 elapsed = block.timestamp - vault.turnoverUpdatedAt;
            turnover = vault.turnoverQuote + elapsed * terms.turnoverRefillPerDayQuote / 1 days;
        }
        return turnover < terms.turnoverCapacityQuote ? turnover : terms.turnoverCapacityQuote;
    }

    function _toX96(OracleLib.Price memory price) private pure returns (uint256) {
        return (price.numerator << 96) / price.denominator;
    }
}
