// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModuleErrors} from "./IHedgeModuleErrors.sol";
import {Terms} from "./Terms.sol";

/// @title What the module keeps of each avatar
/// @notice The storage that the HedgeModule and its MandateRegistry share: the registry runs as the module.
abstract contract Vaults is IHedgeModuleErrors {
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

    mapping(address avatar => Vault) internal _vaults;
    /// @dev How many contracts the module created: its registry, and the mandates of all avatars together.
    uint32 internal _mandateCount;

    /// @dev The avatar whose order is running, and above it whether its mandate pays by allowance; zero when none is. A
    /// whole word, which spares the reading of what else the slot might hold.
    uint256 internal transient _payer;

    /// @dev Nothing that is called on the way of an order, whosever it is, may change what the order is held to.
    modifier whenNotRunning() {
        if (_payer != 0) revert Reentered();
        _;
    }

    /// @param turnoverQuote what the bucket held at `updatedAt`
    /// @return what it holds now
    function _accrued(uint256 turnoverQuote, uint256 updatedAt, Terms terms) internal view returns (uint256) {
        uint256 capacity = terms.turnoverCapacityQuote();
        // A time of 40 bits and amounts of 128.
        unchecked {
            uint256 turnover =
                turnoverQuote + (block.timestamp - updatedAt) * terms.turnoverRefillPerDayQuote() / 1 days;
            return turnover < capacity ? turnover : capacity;
        }
    }
}
