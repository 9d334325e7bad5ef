// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAggregator} from "./External.sol";
import {IHedgeModuleErrors} from "./IHedgeModuleErrors.sol";
import {Terms} from "./Terms.sol";

/// @title The oracle's price of base in quote, with everything that can be wrong with a feed
library OracleLib {
    /// @dev Two answers and ten to the power of `MAX_EXPONENT` multiplied stay below 2^256.
    uint256 private constant MAX_ANSWER = 2 ** 88 - 1;
    uint256 private constant MAX_NUMERATOR = 2 ** 144 - 1;

    /// @notice Reads all feeds of a mandate and refuses whatever is stale, incomplete or impossible.
    /// @return numerator of quote smallest units per base smallest unit, a fraction, so that each use rounds to its own
    /// safe side; below 2^144, so that times a base amount below 2^112 it does not overflow
    /// @return denominator of the same
    function readPrice(Terms terms) internal view returns (uint256 numerator, uint256 denominator) {
        (address feed, uint256 seconds_) = terms.sequencerFeed();
        if (feed != address(0)) _requireSequencerUp(feed, seconds_);
        (numerator, denominator) = terms.scale();
        // Bounded when the mandate was set (see MAX_ANSWER), so nothing here overflows.
        unchecked {
            (feed, seconds_) = terms.baseFeed();
            numerator *= _readAnswer(feed, seconds_);
            (feed, seconds_) = terms.secondBaseFeed();
            if (feed != address(0)) numerator *= _readAnswer(feed, seconds_);
            (feed, seconds_) = terms.quoteFeed();
            if (feed != address(0)) denominator *= _readAnswer(feed, seconds_);
        }
        if (numerator > MAX_NUMERATOR) revert IHedgeModuleErrors.PriceOutOfRange();
    }

    /// @dev One test for all that a round must be; which part failed is found out only when it did.
    function _readAnswer(address aggregator, uint256 heartbeatSeconds) private view returns (uint256 answer) {
        uint256 words = _latestRound(aggregator);
        bool isGood;
        uint256 most = MAX_ANSWER;
        assembly ("memory-safe") {
            answer := mload(add(words, 0x20))
            let updatedAt := mload(add(words, 0x60))
            // Less one, so that zero becomes too large.
            isGood := lt(sub(answer, 1), most)
            isGood := and(isGood, lt(sub(updatedAt, 1), timestamp()))
            isGood := and(isGood, iszero(gt(sub(timestamp(), updatedAt), heartbeatSeconds)))
            isGood := and(isGood, iszero(lt(mload(add(words, 0x80)), mload(words))))
        }
        if (!isGood) _refuse(aggregator, heartbeatSeconds, words);
    }

    function _refuse(address aggregator, uint256 heartbeatSeconds, uint256 words) private view {
        (uint256 roundId, uint256 updatedAt, uint256 answeredIn) = (_word(words, 0), _word(words, 3), _word(words, 4));
        int256 answer = int256(_word(words, 1));
        if (answer <= 0) revert IHedgeModuleErrors.AnswerNotPositive(aggregator, answer);
        if (uint256(answer) > MAX_ANSWER) revert IHedgeModuleErrors.AnswerTooLarge(aggregator, answer);
        if (updatedAt == 0) revert IHedgeModuleErrors.RoundIncomplete(aggregator);
        if (updatedAt > block.timestamp) revert IHedgeModuleErrors.AnswerFromFuture(aggregator, updatedAt);
        if (block.timestamp - updatedAt > heartbeatSeconds) {
            revert IHedgeModuleErrors.AnswerStale(aggregator, updatedAt, heartbeatSeconds);
        }
        revert IHedgeModuleErrors.RoundCarriedOver(aggregator, uint80(roundId), uint80(answeredIn));
    }

    /// @dev Uptime feeds answer 0 while the sequencer is up; `startedAt` is when that last changed, 0 before the first
    /// round.
    function _requireSequencerUp(address sequencerFeed, uint256 graceSeconds) private view {
        uint256 words = _latestRound(sequencerFeed);
        (uint256 answer, uint256 startedAt) = (_word(words, 1), _word(words, 2));
        if (answer != 0 || startedAt == 0 || startedAt > block.timestamp) {
            revert IHedgeModuleErrors.SequencerDown(sequencerFeed);
        }
        if (block.timestamp - startedAt <= graceSeconds) {
            revert IHedgeModuleErrors.SequencerGracePeriod(sequencerFeed, startedAt + graceSeconds);
        }
    }

    /// @dev Read by hand for half the gas: five words or the feed is unavailable.
    /// @return words where they lie, until the next reading of a feed or allocation
    function _latestRound(address aggregator) private view returns (uint256 words) {
        bool success;
        bytes4 selector = IAggregator.latestRoundData.selector;
        assembly ("memory-safe") {
            words := mload(0x40)
            mstore(0, selector)
            success := staticcall(gas(), aggregator, 0, 4, words, 0xa0)
            success := and(success, gt(returndatasize(), 0x9f))
        }
        if (!success) revert IHedgeModuleErrors.FeedUnavailable(aggregator);
    }

    function _word(uint256 words, uint256 index) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(words, shl(5, index)))
        }
    }
}
