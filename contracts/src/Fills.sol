// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModuleErrors} from "./IHedgeModuleErrors.sol";
import {Terms} from "./Terms.sol";
import {Ticket} from "./Ticket.sol";

/// @title What an order filled, held to the order and to the oracle
abstract contract Fills is IHedgeModuleErrors {
    uint256 private constant BPS = 10_000;

    /// @dev From the avatar's balances before and after the swaps.
    function _filled(
        bool sellBase,
        address base,
        address quote,
        uint256 baseBefore,
        uint256 quoteBefore,
        uint256 baseAfter,
        uint256 quoteAfter
    ) internal pure returns (uint256 baseFilled, uint256 quoteFilled) {
        uint256 isWrong;
        assembly ("memory-safe") {
            switch sellBase
            case 0 {
                baseFilled := sub(baseAfter, baseBefore)
                quoteFilled := sub(quoteBefore, quoteAfter)
                isWrong := or(lt(baseAfter, baseBefore), lt(quoteBefore, quoteAfter))
            }
            default {
                baseFilled := sub(baseBefore, baseAfter)
                quoteFilled := sub(quoteAfter, quoteBefore)
                isWrong := or(lt(baseBefore, baseAfter), lt(quoteAfter, quoteBefore))
            }
            isWrong := or(isWrong, or(shr(112, baseFilled), shr(128, quoteFilled)))
        }
        if (isWrong != 0) _refuseMoves(sellBase, base, quote, baseBefore, quoteBefore, baseAfter, quoteAfter);
    }

    /// @dev Holds the fill to the order. Products are compared instead of quotients, so that nothing is rounded.
    function _checkFill(Ticket ticket, bool sellBase, uint256 base, uint256 quote) internal pure {
        uint256 baseAmount = ticket.baseAmount();
        if (base == 0) revert NothingFilled();
        if (base > baseAmount) revert Overfilled(base, uint128(baseAmount));
        uint256 limit = ticket.quoteLimit();
        // No quote amount comes near 2^128: above it, a limit says "any" of a purchase and "none" of a sale.
        if (limit > type(uint128).max) limit = type(uint128).max;
        // Amounts of at most 128 bits: no product overflows.
        unchecked {
            if (base * BPS < baseAmount * ticket.minFillBps()) {
                revert FillTooSmall(base, uint128(baseAmount), uint16(ticket.minFillBps()));
            }
            uint256 filled = quote * baseAmount;
            uint256 wanted = limit * base;
            if (sellBase ? filled < wanted : filled > wanted) {
                revert QuoteLimitMissed(base, quote, ticket.quoteLimit());
            }
        }
    }

    /// @dev Holds the fill to the oracle, every rounding against the keeper.
    /// @return notionalUp the fill's worth at the oracle's price, which the bucket gives
    function _checkPrice(
        bool sellBase,
        uint256 base,
        uint256 quote,
        uint256 numerator,
        uint256 denominator,
        Terms terms
    ) internal pure returns (uint256 notionalUp) {
        uint256 slippageBps = terms.maxSlippageBps();
        uint256 notionalDown;
        assembly ("memory-safe") {
            // A base below 2^112 times a numerator below 2^144. No denominator is zero.
            let product := mul(base, numerator)
            notionalDown := div(product, denominator)
            notionalUp := add(notionalDown, iszero(iszero(mod(product, denominator))))
        }
        if (notionalUp > type(uint128).max) revert AmountTooLarge(notionalUp);
        // A notional of 128 bits.
        unchecked {
            if (sellBase) {
                uint256 least = (notionalUp * (BPS - slippageBps) + BPS - 1) / BPS;
                if (quote < least) revert PriceOutsideOracleBound(quote, least);
            } else {
                uint256 most = notionalDown * (BPS + slippageBps) / BPS;
                if (quote > most) revert PriceOutsideOracleBound(quote, most);
            }
        }
    }

    /// @dev A balance that moved against the order, or by more than is counted in.
    function _refuseMoves(
        bool sellBase,
        address base,
        address quote,
        uint256 baseBefore,
        uint256 quoteBefore,
        uint256 baseAfter,
        uint256 quoteAfter
    ) private pure {
        if (sellBase ? baseAfter > baseBefore : baseAfter < baseBefore) {
            revert BalanceMovedAgainstOrder(base);
        }
        if (sellBase ? quoteAfter < quoteBefore : quoteAfter > quoteBefore) revert BalanceMovedAgainstOrder(quote);
        uint256 moved = sellBase ? baseBefore - baseAfter : baseAfter - baseBefore;
        if (moved > type(uint112).max) revert AmountTooLarge(moved);
        revert AmountTooLarge(sellBase ? quoteAfter - quoteBefore : quoteBefore - quoteAfter);
    }
}
