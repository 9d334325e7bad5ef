// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "./IHedgeModule.sol";

/// @notice An order in memory, word by word as it was sent and checked once: where its first word lies.
/// @dev A place instead of a struct, as Terms. In place of the legs' distance stands where the first one lies in the
/// calldata, and behind it how many there are.
type Ticket is uint256;

using TicketLib for Ticket global;

/// @title Reads an order and its legs
library TicketLib {
    uint256 private constant LEG_SIZE = 0xc0;

    /// @notice Copies an order, and refuses, without a reason as the compiler's own decoding, one whose words have bits
    /// where their type has none, or whose legs do not lie within the calldata.
    /// @param order of which the compiler has checked that its eight words lie within the calldata
    function load(IHedgeModule.Order calldata order) internal pure returns (Ticket ticket) {
        assembly ("memory-safe") {
            ticket := mload(0x40)
            calldatacopy(ticket, order, 0xe0)
            let distance := calldataload(add(order, 0xe0))
            // What stands above: avatar, sequence and deadline, side, amount, least fill, distance.
            let dirty := or(shr(160, mload(ticket)), shr(1, mload(add(ticket, 0x60))))
            dirty := or(dirty, shr(64, or(distance, or(mload(add(ticket, 0x20)), mload(add(ticket, 0x40))))))
            dirty := or(dirty, or(shr(128, mload(add(ticket, 0x80))), shr(16, mload(add(ticket, 0xc0)))))
            let first := add(add(order, distance), 0x20)
            let length := calldataload(sub(first, 0x20))
            // A length of up to 64 bits cannot overflow, and one behind the calldata reads as zero.
            dirty := or(dirty, shr(64, length))
            dirty := or(dirty, gt(add(first, mul(length, LEG_SIZE)), calldatasize()))
            if dirty { revert(0, 0) }
            mstore(add(ticket, 0xe0), first)
            mstore(add(ticket, 0x100), length)
            mstore(0x40, add(ticket, 0x120))
        }
    }

    function avatar(Ticket ticket) internal pure returns (address account) {
        assembly ("memory-safe") {
            account := mload(ticket)
        }
    }

    function sequence(Ticket ticket) internal pure returns (uint256) {
        return _word(ticket, 0x20);
    }

    function deadline(Ticket ticket) internal pure returns (uint256) {
        return _word(ticket, 0x40);
    }

    function sellBase(Ticket ticket) internal pure returns (bool isSale) {
        assembly ("memory-safe") {
            isSale := mload(add(ticket, 0x60))
        }
    }

    function baseAmount(Ticket ticket) internal pure returns (uint256) {
        return _word(ticket, 0x80);
    }

    function quoteLimit(Ticket ticket) internal pure returns (uint256) {
        return _word(ticket, 0xa0);
    }

    function minFillBps(Ticket ticket) internal pure returns (uint256) {
        return _word(ticket, 0xc0);
    }

    function legCount(Ticket ticket) internal pure returns (uint256) {
        return _word(ticket, 0x100);
    }

    /// @param index below `legCount`
    function leg(Ticket ticket, uint256 index) internal pure returns (IHedgeModule.Leg calldata legAt) {
        assembly ("memory-safe") {
            legAt := add(mload(add(ticket, 0xe0)), mul(index, LEG_SIZE))
        }
    }

    /// @notice A leg's words, without what only a v4 leg has; refused where a word has bits that its type has not.
    function words(IHedgeModule.Leg calldata of_)
        internal
        pure
        returns (uint256 kind, address pool, uint256 baseAmount_, uint256 limitX96)
    {
        assembly ("memory-safe") {
            kind := calldataload(of_)
            pool := calldataload(add(of_, 0x20))
            baseAmount_ := calldataload(add(of_, 0x40))
            limitX96 := calldataload(add(of_, 0x60))
            let dirty := or(shr(8, kind), shr(128, baseAmount_))
            if or(dirty, shr(160, or(pool, limitX96))) { revert(0, 0) }
        }
    }

    /// @notice Whether a leg is of a kind up to `lastKind` and of an amount, to the last bit of both words.
    function isWholeLeg(IHedgeModule.Leg calldata of_, uint256 lastKind, uint256 amount)
        internal
        pure
        returns (bool isIt)
    {
        assembly ("memory-safe") {
            isIt := and(iszero(gt(calldataload(of_), lastKind)), eq(calldataload(add(of_, 0x40)), amount))
        }
    }

    function _word(Ticket ticket, uint256 field) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(ticket, field))
        }
    }
}
