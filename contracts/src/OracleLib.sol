// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAggregator} from "./External.sol";
import {IHedgeModuleErrors} from "./IHedgeModuleErrors.sol";
import {MandateLib} from "./MandateLib.sol";

/// @title The oracle's price of base in quote, with everything that can be wrong with a feed
library OracleLib {
    /// @notice Quote smallest units per base smallest unit, as a fraction, so that each use rounds to its own safe side.
    /// @dev `numerator` is below 2^144: times a base amount below 2^112 it does not overflow.
    struct Price {
        uint256 numerator;
        uint256 denominator;
    }

    /// @dev Two answers and ten to the power of `MAX_EXPONENT` multiplied stay below 2^256.
    uint256 private constant MAX_ANSWER = type(uint88).max;
    uint256 private constant MAX_NUMERATOR = 2 ** 144 - 1;

    /// @notice Reads all feeds of a mandate and refuses whatever is stale, incomplete or impossible.
    /// @param exponent power of ten that turns the feeds' quotient into smallest units (see MandateLib)
    function readPrice(MandateLib.Terms memory terms, int256 exponent) internal view returns (Price memory price) {
        if (terms.sequencerFeed != address(0)) {
            _requireSequencerUp(terms.sequencerFeed, terms.sequencerGraceSeconds);
        }
        uint256 numerator = _readAnswer(terms.baseFeed, terms.baseHeartbeatSeconds);
        if (terms.secondBaseFeed != address(0)) {
            numerator *= _readAnswer(terms.secondBaseFeed, terms.secondBaseHeartbeatSeconds);
        }
        uint256 denominator =
            terms.quoteFeed == address(0) ? 1 : _readAnswer(terms.quoteFeed, terms.quoteHeartbeatSeconds);

        // Bounded when the mandate was set (see MAX_ANSWER), so nothing here overflows.
        unchecked {
            if (exponent < 0) denominator *= 10 ** uint256(-exponent);
            else numerator *= 10 ** uint256(exponent);
        }
        if (numerator > MAX_NUMERATOR) revert IHedgeModuleErrors.PriceOutOfRange();
        return Price(numerator, denominator);
    }

    function _readAnswer(address aggregator, uint256 heartbeatSeconds) private view returns (uint256) {
        (uint256 roundId, int256 answer,, uint256 updatedAt, uint256 answeredInRound) = _latestRound(aggregator);
        if (answer <= 0) revert IHedgeModuleErrors.AnswerNotPositive(aggregator, answer);
        if (uint256(answer) > MAX_ANSWER) revert IHedgeModuleErrors.AnswerTooLarge(aggregator, answer);
        if (updatedAt == 0) revert IHedgeModuleErrors.RoundIncomplete(aggregator);
        if (updatedAt > block.timestamp) revert IHedgeModuleErrors.AnswerFromFuture(aggregator, updatedAt);
        if (block.timestamp - updatedAt > heartbeatSeconds) {
            revert IHedgeModuleErrors.AnswerStale(aggregator, updatedAt, heartbeatSeconds);
        }
        if (answeredInRound < roundId) {
            revert IHedgeModuleErrors.RoundCarriedOver(aggregator, uint80(roundId), uint80(answeredInRound));
        }
        return uint256(answer);
    }

    /// @dev Uptime feeds answer 0 while the sequencer is up; `startedAt` is when that last changed, 0 before the first
    /// round.
    function _requireSequencerUp(address sequencerFeed, uint256 graceSeconds) private view {
        (, int256 answer, uint256 startedAt,,) = _latestRound(sequencerFeed);
        if (answer != 0 || startedAt == 0 || startedAt > block.timestamp) {
            revert IHedgeModuleErrors.SequencerDown(sequencerFeed);
        }
        if (block.timestamp - startedAt <= graceSeconds) {
            revert IHedgeModuleErrors.SequencerGracePeriod(sequencerFeed, startedAt + graceSeconds);
        }
    }

    /// @dev Read by hand for half the gas: five words or the feed is unavailable.
    function _latestRound(address aggregator)
        private
        view
        returns (uint256 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint256 answeredInRound)
    {
        bool success;
        bytes4 selector = IAggregator.latestRoundData.selector;
        assembly ("memory-safe") {
            let words := mload(0x40)
            mstore(0, selector)
            success := staticcall(gas(), aggregator, 0, 4, words, 0xa0)
            success := and(success, gt(returndatasize(), 0x9f))
            roundId := mload(words)
            answer := mload(add(words, 0x20))
            startedAt := mload(add(words, 0x40))
            updatedAt := mload(add(words, 0x60))
            answeredInRound := mload(add(words, 0x80))
        }
        if (!success) revert IHedgeModuleErrors.FeedUnavailable(aggregator);
    }
}
