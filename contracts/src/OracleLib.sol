// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAggregator} from "./External.sol";
import {IHedgeModule} from "./IHedgeModule.sol";
import {IHedgeModuleErrors} from "./IHedgeModuleErrors.sol";

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
    function readPrice(IHedgeModule.Mandate memory mandate, int256 exponent)
        internal
        view
        returns (Price memory price)
    {
        if (mandate.sequencerFeed != address(0)) {
            _requireSequencerUp(mandate.sequencerFeed, mandate.sequencerGraceSeconds);
        }
        price.numerator = _readAnswer(mandate.baseFeeds[0]);
        if (mandate.baseFeeds[1].aggregator != address(0)) price.numerator *= _readAnswer(mandate.baseFeeds[1]);
        price.denominator = mandate.quoteFeed.aggregator == address(0) ? 1 : _readAnswer(mandate.quoteFeed);

        if (exponent < 0) price.denominator *= 10 ** uint256(-exponent);
        else price.numerator *= 10 ** uint256(exponent);
        if (price.numerator > MAX_NUMERATOR) revert IHedgeModuleErrors.PriceOutOfRange();
    }

    function _readAnswer(IHedgeModule.Feed memory feed) private view returns (uint256) {
        (uint80 roundId, int256 answer,, uint256 updatedAt, uint80 answeredInRound) = _latestRound(feed.aggregator);
        if (answer <= 0) revert IHedgeModuleErrors.AnswerNotPositive(feed.aggregator, answer);
        if (uint256(answer) > MAX_ANSWER) revert IHedgeModuleErrors.AnswerTooLarge(feed.aggregator, answer);
        if (updatedAt == 0) revert IHedgeModuleErrors.RoundIncomplete(feed.aggregator);
        if (updatedAt > block.timestamp) revert IHedgeModuleErrors.AnswerFromFuture(feed.aggregator, updatedAt);
        if (block.timestamp - updatedAt > feed.heartbeatSeconds) {
            revert IHedgeModuleErrors.AnswerStale(feed.aggregator, updatedAt, feed.heartbeatSeconds);
        }
        if (answeredInRound < roundId) {
            revert IHedgeModuleErrors.RoundCarriedOver(feed.aggregator, roundId, answeredInRound);
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

    function _latestRound(address aggregator) private view returns (uint80, int256, uint256, uint256, uint80) {
        try IAggregator(aggregator).latestRoundData() returns (
            uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound
        ) {
            return (roundId, answer, startedAt, updatedAt, answeredInRound);
        } catch {
            revert IHedgeModuleErrors.FeedUnavailable(aggregator);
        }
    }
}
