// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What readers of a Chainlink-style price feed call.
interface IPriceFeed {
    function decimals() external view returns (uint8);

    function description() external view returns (string memory);

    function version() external view returns (uint256);

    function latestAnswer() external view returns (int256);

    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);

    function getRoundData(uint80 roundId)
        external
        view
        returns (uint80 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
}

/// @notice Holds the rounds of one feed; anybody may report, since the devnet's market driver (or a test) is its reporter.
/// @dev Its state lies at a slot of its own, so that its code can be put over a real aggregator on a forked chain
/// without reading that contract's storage as its own.
contract DevnetAggregator is IPriceFeed {
    /// @dev One slot, as an off-chain-reporting aggregator packs a transmission.
    struct Round {
        int192 answer;
        uint32 startedAt;
        uint32 updatedAt;
    }

    struct State {
        uint32 latestRound;
        uint8 decimals;
        string description;
        mapping(uint80 roundId => Round) rounds;
    }

    /// keccak256("ballast.devnet.aggregator")
    bytes32 private constant STATE_SLOT = keccak256("ballast.devnet.aggregator");

    uint256 public constant version = 4;

    event AnswerUpdated(int256 indexed current, uint256 indexed roundId, uint256 updatedAt);

    error NoData();

    constructor(uint8 decimals_, string memory description_) {
        configure(decimals_, description_, 0);
    }

    /// @notice Sets what a constructor would: for code that was put in place without running one.
    function configure(uint8 decimals_, string memory description_, uint32 latestRound_) public {
        State storage state = _state();
        state.decimals = decimals_;
        state.description = description_;
        state.latestRound = latestRound_;
    }

    /// @notice Starts a round with `answer`, as of this block.
    function transmit(int192 answer) external {
        transmitAt(answer, uint32(block.timestamp), uint32(block.timestamp));
    }

    /// @notice Starts a round with any times: tests use it for stale, incomplete and future rounds.
    function transmitAt(int192 answer, uint32 startedAt, uint32 updatedAt) public {
        State storage state = _state();
        uint32 round = state.latestRound + 1;
        state.latestRound = round;
        state.rounds[round] = Round(answer, startedAt, updatedAt);
        emit AnswerUpdated(answer, round, updatedAt);
    }

    function decimals() external view returns (uint8) {
        return _state().decimals;
    }

    function description() external view returns (string memory) {
        return _state().description;
    }

    function latestRound() external view returns (uint256) {
        return _state().latestRound;
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return getRoundData(_state().latestRound);
    }

    /// @notice The newest answer alone, as lending markets ask for it; 0 before the first.
    function latestAnswer() external view returns (int256) {
        State storage state = _state();
        return state.rounds[state.latestRound].answer;
    }

    function getRoundData(uint80 roundId) public view returns (uint80, int256, uint256, uint256, uint80) {
        State storage state = _state();
        if (roundId == 0 || roundId > state.latestRound) revert NoData();
        Round memory round = state.rounds[roundId];
        return (roundId, round.answer, round.startedAt, round.updatedAt, roundId);
    }

    function _state() private pure returns (State storage state) {
        bytes32 slot = STATE_SLOT;
        assembly {
            state.slot := slot
        }
    }
}

/// @notice Keeps a feed's address while the aggregator behind it changes; round ids carry the phase in their high bits.
contract DevnetFeedProxy is IPriceFeed {
    uint256 private constant PHASE_OFFSET = 64;

    /// @dev One slot: every read of a price passes through it.
    struct Phase {
        uint16 id;
        IPriceFeed aggregator;
    }

    Phase private _current;
    mapping(uint16 phaseId => IPriceFeed) public phaseAggregators;

    constructor(IPriceFeed aggregator_) {
        setAggregator(aggregator_);
    }

    /// @notice Puts another aggregator behind the proxy: a new phase. Open to anybody, as everything on the devnet.
    function setAggregator(IPriceFeed aggregator_) public {
        uint16 id = _current.id + 1;
        _current = Phase(id, aggregator_);
        phaseAggregators[id] = aggregator_;
    }

    function aggregator() external view returns (address) {
        return address(_current.aggregator);
    }

    function phaseId() external view returns (uint16) {
        return _current.id;
    }

    function decimals() external view returns (uint8) {
        return _current.aggregator.decimals();
    }

    function description() external view returns (string memory) {
        return _current.aggregator.description();
    }

    function version() external view returns (uint256) {
        return _current.aggregator.version();
    }

    function latestAnswer() external view returns (int256) {
        return _current.aggregator.latestAnswer();
    }

    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)
    {
        Phase memory phase = _current;
        (roundId, answer, startedAt, updatedAt, answeredInRound) = phase.aggregator.latestRoundData();
        roundId = _withPhase(phase.id, roundId);
        answeredInRound = _withPhase(phase.id, answeredInRound);
    }

    function getRoundData(uint80 id)
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)
    {
        uint16 phase = uint16(id >> PHASE_OFFSET);
        (roundId, answer, startedAt, updatedAt, answeredInRound) = phaseAggregators[phase].getRoundData(uint64(id));
        roundId = _withPhase(phase, roundId);
        answeredInRound = _withPhase(phase, answeredInRound);
    }

    function _withPhase(uint16 phase, uint80 roundId) private pure returns (uint80) {
        return uint80((uint256(phase) << PHASE_OFFSET) | roundId);
    }
}
