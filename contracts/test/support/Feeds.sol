// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The aggregator behind a feed's proxy: three storage slots are read for an answer, as in Chainlink's own.
contract TestAggregator {
    uint8 public decimals;
    uint80 internal roundId = 1;
    uint80 internal answeredInRound = 1;
    int256 internal answer;
    uint128 internal startedAt;
    uint128 internal updatedAt;
    bool internal broken;

    constructor(uint8 decimals_, int256 answer_) {
        decimals = decimals_;
        set(answer_);
    }

    function set(int256 answer_) public {
        setRound(answer_, block.timestamp, block.timestamp);
    }

    function setRound(int256 answer_, uint256 startedAt_, uint256 updatedAt_) public {
        answer = answer_;
        startedAt = uint128(startedAt_);
        updatedAt = uint128(updatedAt_);
    }

    function setRoundIds(uint80 roundId_, uint80 answeredInRound_) external {
        roundId = roundId_;
        answeredInRound = answeredInRound_;
    }

    function setBroken(bool broken_) external {
        broken = broken_;
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        require(!broken, "no data present");
        return (roundId, answer, startedAt, updatedAt, answeredInRound);
    }
}

/// @notice A feed's fixed address, which passes reads on to the current aggregator.
contract TestFeed {
    TestAggregator public aggregator;

    constructor(TestAggregator aggregator_) {
        aggregator = aggregator_;
    }

    function decimals() external view returns (uint8) {
        return aggregator.decimals();
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return aggregator.latestRoundData();
    }
}
