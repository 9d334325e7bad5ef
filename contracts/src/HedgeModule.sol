// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Fills} from "./Fills.sol";
import {HopLib} from "./HopLib.sol";
import {IHedgeModule} from "./IHedgeModule.sol";
import {Lending} from "./Lending.sol";
import {MandateRegistry} from "./MandateRegistry.sol";
import {OracleLib} from "./OracleLib.sol";
import {Positions} from "./Positions.sol";
import {Swaps} from "./Swaps.sol";
import {Terms, TermsLib} from "./Terms.sol";
import {Ticket, TicketLib} from "./Ticket.sol";
import {TokenLib} from "./TokenLib.sol";

/// @title HedgeModule: lets keepers hedge an avatar, within a mandate that only the avatar can set
/// @notice It holds no tokens; what happened is measured on the avatar's own balances after the last step. Here are the orders; the rest of `IHedgeModule` is code of the MandateRegistry that it creates.
contract HedgeModule is Swaps, Lending, Positions, Fills {
    /// @dev What an order does beside swaps.
    /// @param kinds of its legs that are no swaps, a bit for each from SUPPLY on
    /// @param numerator of the oracle's price, as `denominator` zero and one where it was not read
    struct Steps {
        uint256 kinds;
        uint256 numerator;
        uint256 denominator;
    }

    uint256 private constant MAX_LEGS = 8;
    /// @dev Where the fields of a Vault's first slot stand.
    uint256 private constant UPDATED_AT_SHIFT = 128;
    uint256 private constant SEQUENCE_SHIFT = 168;
    uint256 private constant MANDATE_SHIFT = 216;
    uint256 private constant PAUSED_SHIFT = 248;

    address private immutable REGISTRY;

    /// @dev The registry takes the first nonce, so that mandates are numbered from 2.
    constructor() {
        REGISTRY = address(new MandateRegistry());
        _mandateCount = 1;
    }

    /// @dev Whatever else `IHedgeModule` offers.
    fallback() external {
        address registry = REGISTRY;
        assembly ("memory-safe") {
            let data := mload(0x40)
            calldatacopy(data, 0, calldatasize())
            let success := delegatecall(gas(), registry, data, calldatasize(), 0, 0)
            returndatacopy(data, 0, returndatasize())
            if iszero(success) { revert(data, returndatasize()) }
            return(data, returndatasize())
        }
    }

    /// @notice See IHedgeModule.
    function hedge(IHedgeModule.Order calldata order)
        external
        whenNotRunning
        returns (uint256 baseFilled, uint256 quoteFilled)
    {
        Ticket ticket = TicketLib.load(order);
        address avatar = ticket.avatar();
        Vault storage vault = _vaults[avatar];
        uint256 state = _load(vault);
        Terms terms = _termsOf(state, avatar);
        _payer = uint160(avatar) | terms.paysByAllowance() << BY_ALLOWANCE_SHIFT;
        uint256 steps = _checkOrder(ticket, state, terms);

        // Of an order of lending steps alone no feed is read.
        (uint256 numerator, uint256 denominator) =
            ticket.baseAmount() == 0 && steps & WITHDRAWING == 0 ? (0, 1) : OracleLib.readPrice(terms);
        bool sellBase = ticket.sellBase();
        uint256 baseAfter;
        if (steps == 0) {
            (baseFilled, quoteFilled, baseAfter) = _execute(ticket, avatar, sellBase, terms);
        } else {
            (baseFilled, quoteFilled, baseAfter) =
                _executeSteps(ticket, avatar, sellBase, Steps(steps, numerator, denominator), terms);
        }
        uint256 notional;
        if (ticket.baseAmount() != 0) {
            _checkFill(ticket, sellBase, baseFilled, quoteFilled);
            _checkInventory(sellBase, baseAfter, terms);
            notional = _checkPrice(sellBase, baseFilled, quoteFilled, numerator, denominator, terms);
        }
        _spend(vault, state, notional, terms);

        _payer = 0;
        unchecked {
            numerator = (numerator << 96) / denominator;
        }
        emit IHedgeModule.Hedged(
            avatar, uint64(ticket.sequence()), msg.sender, sellBase, baseFilled, quoteFilled, numerator
        );
    }

    function _load(Vault storage vault) private view returns (uint256 state) {
        assembly ("memory-safe") {
            state := sload(vault.slot)
        }
    }

    function _termsOf(uint256 state, address avatar) private view returns (Terms) {
        uint256 number = uint32(state >> MANDATE_SHIFT);
        if (number == 0) revert NoMandate(avatar);
        return TermsLib.load(number);
    }

    /// @return steps the kinds of legs that are no swaps, a bit for each from SUPPLY on
    function _checkOrder(Ticket ticket, uint256 state, Terms terms) private view returns (uint256 steps) {
        if (!terms.hasKeeper(msg.sender)) revert NotKeeper(ticket.avatar(), msg.sender);
        if (state >> PAUSED_SHIFT != 0) revert HedgingPaused(ticket.avatar());
        uint256 deadline = ticket.deadline();
        if (block.timestamp > deadline) revert DeadlinePassed(uint64(deadline), block.timestamp);
        uint256 sequence = ticket.sequence();
        uint256 expected = uint48(state >> SEQUENCE_SHIFT);
        if (sequence != expected) revert WrongSequence(uint64(sequence), uint64(expected));
        uint256 count = ticket.legCount();
        if (count == 1) {
            // What most orders are: two words say all, and the rest is checked where it is used.
            uint256 amount = ticket.baseAmount();
            if (TicketLib.isWholeLeg(ticket.leg(0), HopLib.UNISWAP_V4, amount) && amount != 0) return 0;
        }
        return _checkLegs(ticket, count, terms);
    }

    function _checkLegs(Ticket ticket, uint256 count, Terms terms) private pure returns (uint256 steps) {
        if (count == 0 || count > MAX_LEGS) revert LegCountOutOfRange(count, MAX_LEGS);
        uint256 sum;
        bool wasFar = true;
        // At most eight legs, and amounts of 128 bits.
        unchecked {
            for (uint256 i = 0; i < count; ++i) {
                (uint256 kind, address pool, uint256 amount,) = TicketLib.words(ticket.leg(i));
                if (kind >= SUPPLY && kind <= WITHDRAW_LIQUIDITY) {
                    address named = kind == WITHDRAW_LIQUIDITY ? terms.positionManager() : terms.lendingPool();
                    if (pool != named || pool == address(0)) revert PoolNotAllowed(ticket.avatar(), pool);
                    if (amount == 0) revert LegEmpty(i);
                    wasFar = true;
                    steps |= 1 << (kind - SUPPLY);
                } else if (kind > HopLib.UNISWAP_V4) {
                    if (kind & ~HopLib.FAR > HopLib.UNISWAP_V4) revert UnknownLegKind(i, uint8(kind));
                    if (wasFar) revert FarHopMisplaced(i);
                    if (amount != 0) revert FarHopAmountNotZero(i);
                    wasFar = true;
                } else {
                    if (amount == 0) revert LegEmpty(i);
                    wasFar = false;
                    sum += amount;
                }
            }
        }
        if (sum != ticket.baseAmount()) revert LegsDoNotAddUp(sum, ticket.baseAmount());
    }

    /// @dev Measures on the avatar's balances, whatever pools and tokens may claim.
    function _execute(Ticket ticket, address avatar, bool sellBase, Terms terms)
        private
        returns (uint256 baseFilled, uint256 quoteFilled, uint256 baseAfter)
    {
        address base = terms.base();
        address quote = terms.quote();
        uint256 baseBefore = TokenLib.balanceOf(base, avatar);
        uint256 quoteBefore = TokenLib.balanceOf(quote, avatar);
        _swapLegs(ticket, avatar, sellBase, terms);
        baseAfter = TokenLib.balanceOf(base, avatar);
        uint256 quoteAfter = TokenLib.balanceOf(quote, avatar);
        (baseFilled, quoteFilled) = _filled(sellBase, base, quote, baseBefore, quoteBefore, baseAfter, quoteAfter);
    }

    /// @dev The same with other legs among the swaps: what they moved is taken out of what the swaps did.
    function _executeSteps(Ticket ticket, address avatar, bool sellBase, Steps memory steps, Terms terms)
        private
        returns (uint256 baseFilled, uint256 quoteFilled, uint256 baseAfter)
    {
        address base = terms.base();
        address quote = terms.quote();
        uint256 healthBefore = steps.kinds & WEAKENING == 0 ? 0 : _healthFactor(terms);
        Flows memory flows;
        flows.start = [TokenLib.balanceOf(base, avatar), TokenLib.balanceOf(quote, avatar)];
        _runLegs(ticket, avatar, sellBase, steps, terms, flows);
        baseAfter = TokenLib.balanceOf(base, avatar);
        uint256 quoteAfter = TokenLib.balanceOf(quote, avatar);
        (baseFilled, quoteFilled) = _filled(
            sellBase,
            base,
            quote,
            flows.start[0] + flows.received[0],
            flows.start[1] + flows.received[1],
            baseAfter + flows.given[0],
            quoteAfter + flows.given[1]
        );
        if (ticket.baseAmount() == 0 && baseFilled | quoteFilled != 0) {
            revert BalanceMovedAgainstOrder(baseFilled != 0 ? base : quote);
        }
        if (steps.kinds & BORROWING != 0) _checkDebts(terms);
        if (steps.kinds & WEAKENING != 0) _checkHealth(healthBefore, terms);
    }

    function _swapLegs(Ticket ticket, address avatar, bool sellBase, Terms terms) private {
        // Indices of at most eight legs.
        unchecked {
            uint256 count = ticket.legCount();
            if (count == 1) return _swapDirectly(ticket.leg(0), avatar, sellBase, terms);
            for (uint256 i = 0; i < count; ++i) {
                i += _swapLeg(ticket, i, avatar, sellBase, terms);
            }
        }
    }

    function _runLegs(Ticket ticket, address avatar, bool sellBase, Steps memory steps, Terms terms, Flows memory flows)
        private
    {
        uint256 count = ticket.legCount();
        for (uint256 i = 0; i < count; ++i) {
            IHedgeModule.Leg calldata leg = ticket.leg(i);
            uint8 kind = leg.kind;
            if (kind < SUPPLY || kind > WITHDRAW_LIQUIDITY) {
                i += _swapLeg(ticket, i, avatar, sellBase, terms);
            } else if (kind == WITHDRAW_LIQUIDITY) {
                _withdraw(ticket, leg, steps, terms, flows);
            } else {
                uint256 moved = _lend(kind, leg.baseAmount, terms, flows);
                emit IHedgeModule.Lent(avatar, uint64(ticket.sequence()), kind, moved);
            }
        }
    }

    function _withdraw(
        Ticket ticket,
        IHedgeModule.Leg calldata leg,
        Steps memory steps,
        Terms terms,
        Flows memory flows
    ) private {
        (,, uint256 most, uint256 tokenId) = TicketLib.words(leg);
        (uint256 liquidity, uint256 ofBase, uint256 ofQuote) =
            _withdrawLiquidity(tokenId, most, steps.numerator, steps.denominator, terms);
        flows.received[0] += ofBase;
        flows.received[1] += ofQuote;
        emit IHedgeModule.LiquidityWithdrawn(
            ticket.avatar(), uint64(ticket.sequence()), tokenId, liquidity, ofBase, ofQuote
        );
    }

    /// @return further legs that belong to the one at `index`: its far hop, if it has one
    function _swapLeg(Ticket ticket, uint256 index, address avatar, bool sellBase, Terms terms)
        private
        returns (uint256 further)
    {
        IHedgeModule.Leg calldata leg = ticket.leg(index);
        if (index + 1 == ticket.legCount() || ticket.leg(index + 1).kind < HopLib.FAR) {
            _swapDirectly(leg, avatar, sellBase, terms);
            return 0;
        }
        (HopLib.Hop memory near, HopLib.Hop memory far) =
            HopLib.overBridge(leg, ticket.leg(index + 1), avatar, sellBase, terms);
        _swapOverBridge(near, far, leg.baseAmount, sellBase, avatar);
        return 1;
    }

    function _swapDirectly(IHedgeModule.Leg calldata leg, address avatar, bool sellBase, Terms terms) private {
        (uint256 kind, address pool, uint256 amount, uint256 limitX96) = TicketLib.words(leg);
        (address tokenIn, bool zeroForOne) = _direction(terms.base(), terms.quote(), sellBase);
        if (kind == HopLib.UNISWAP_V4) {
            if (_swapDirectlyOnV4(leg, amount, limitX96, sellBase, zeroForOne, terms)) return;
            // Of the native coin, or not allowed.
            _swap(HopLib.direct(leg, avatar, sellBase, terms), amount, sellBase, avatar, "");
            return;
        }
        if (!terms.hasDirectPool(pool)) revert PoolNotAllowed(avatar, pool);
        if (kind == HopLib.UNISWAP_V3) {
            _swapDirectlyOnV3(pool, avatar, tokenIn, zeroForOne, sellBase, amount, limitX96);
        } else {
            _swapDirectlyOnV2(pool, avatar, tokenIn, zeroForOne, sellBase, amount, limitX96);
        }
    }

    function _direction(address base, address quote, bool sellBase)
        private
        pure
        returns (address tokenIn, bool zeroForOne)
    {
        assembly ("memory-safe") {
            tokenIn := xor(quote, mul(sellBase, xor(base, quote)))
            zeroForOne := eq(sellBase, lt(base, quote))
        }
    }

    /// @param owned base that the avatar has itself
    function _checkInventory(bool sellBase, uint256 owned, Terms terms) private view {
        if (owned >> 255 != 0) revert AmountTooLarge(owned);
        int256 base = terms.lendingPool() == address(0) ? int256(owned) : _netBase(owned, terms);
        if (sellBase) {
            if (base < terms.minBase()) revert BaseBelowMinimum(base, terms.minBase());
        } else {
            if (base > int256(terms.maxBase())) revert BaseAboveMaximum(base, terms.maxBase());
        }
    }

    /// @dev Takes the notional from the bucket and steps the sequence on, in one writing. What the vault held when the
    /// order began still holds, but for a pause, which may come at any time: it is read again.
    function _spend(Vault storage vault, uint256 state, uint256 notional, Terms terms) private {
        uint256 available = _accrued(uint128(state), uint40(state >> UPDATED_AT_SHIFT), terms);
        if (notional > available) revert TurnoverExceeded(notional, available);
        // No avatar sees 2^48 orders.
        unchecked {
            uint256 sequenceAndAbove = (_load(vault) >> SEQUENCE_SHIFT) + 1;
            state = sequenceAndAbove << SEQUENCE_SHIFT | block.timestamp << UPDATED_AT_SHIFT | (available - notional);
        }
        assembly ("memory-safe") {
            sstore(vault.slot, state)
        }
    }
}
