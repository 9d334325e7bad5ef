// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20, IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {AsyncShares} from "./AsyncShares.sol";
import {ModuleHost} from "./ModuleHost.sol";

/// @title A vault that writes options in rounds and is hedged by a module
/// @notice Deposits and withdrawals are in quote and queue until a round is closed; then every option is settled and all
/// that the vault has is quote, so that a share's price never guesses what an option or the base is worth. What the owner
/// can and cannot do stands in contracts/OptionVault.md.
contract OptionVault is ModuleHost {
    using SafeERC20 for IERC20;

    /// @notice A round may be announced to last so long at most.
    uint256 public constant MAX_ROUND_SECONDS = 400 days;
    /// @notice All positions of a round are looked at when it is closed.
    uint256 public constant MAX_POSITIONS = 64;

    address public immutable BASE;
    /// @notice Base up to this is not worth selling: it counts as nothing, and what there is may stay when a round is closed.
    uint256 public immutable BASE_DUST;

    address public guardian;
    /// @notice Number of the round that is open, or was last.
    uint256 public round;
    bool public isRoundOpen;
    uint256 public roundEndsAt;
    Position[] private _positions;

    /// @param quote the asset: what is deposited and paid out
    /// @param base what the module hedges with
    /// @param baseDust in base's smallest unit
    constructor(
        IERC20Metadata quote,
        address base,
        uint256 baseDust,
        string memory name_,
        string memory symbol_,
        address owner_,
        address guardian_
    ) AsyncShares(quote, name_, symbol_, owner_) {
        if (base == address(quote)) revert BaseIsAsset(base);
        BASE = base;
        BASE_DUST = baseDust;
        _setGuardian(guardian_);
    }

    function setGuardian(address guardian_) external onlyOwner {
        _setGuardian(guardian_);
    }

    /// @notice Stops deposits, new rounds, the owner's and the modules' calls. Nobody is kept from leaving: redemptions,
    /// claims, cancellations, closing and settling go on.
    function pause() external {
        if (msg.sender != guardian && msg.sender != owner()) revert NotGuardianOrOwner(msg.sender);
        _pause();
    }

    function unpause() external onlyOwner {
        _unpause();
    }

    /// @notice Begins a round: from here on options may be written and hedged, and nobody comes or goes.
    /// @param positions what is going to be held; more can be stated later, none can be taken back
    /// @param endsAt from then on anybody may close it, once all is settled
    function openRound(Position[] calldata positions, uint256 endsAt) external onlyOwner whenNotPaused entry {
        if (isRoundOpen) revert RoundIsOpen(round);
        uint256 latest = block.timestamp + MAX_ROUND_SECONDS;
        if (endsAt < block.timestamp || endsAt > latest) revert RoundLengthOutOfRange(endsAt, latest);
        isRoundOpen = true;
        roundEndsAt = endsAt;
        ++round;
        delete _positions;
        emit RoundOpened(round, endsAt);
        _state(positions);
    }

    /// @notice States more positions of the round that is open.
    function statePositions(Position[] calldata positions) external onlyOwner whenNotPaused {
        _onlyInRound();
        _state(positions);
    }

    /// @notice What was stated for the round that is open, or was last.
    function statedPositions() external view returns (Position[] memory) {
        return _positions;
    }

    /// @notice The owner's calls in a round: writing, selling, settling. Targets that are in force only, never the tokens.
    function execute(address target, uint256 value, bytes calldata data)
        external
        onlyOwner
        whenNotPaused
        working
        returns (bytes memory returned)
    {
        _onlyInRound();
        _onlyTarget(target);
        if (target == address(ASSET) || target == BASE) revert TargetRefused(target);
        emit Executed(target, value, data);
        bool success;
        (success, returned) = target.call{value: value}(data);
        if (!success) {
            assembly ("memory-safe") {
                revert(add(returned, 0x20), mload(returned))
            }
        }
    }

    /// @notice Lets a target that is in force take quote or base, or other tokens that the vault has; 0 ends that at any time.
    function approveTarget(IERC20 token, address target, uint256 amount) external onlyOwner working {
        if (amount != 0) {
            _requireNotPaused();
            _onlyInRound();
            _onlyTarget(target);
            if (isModuleEnabled(target)) revert TargetRefused(target);
        }
        _refuseOwn(address(token));
        token.forceApprove(target, amount);
    }

    /// @notice Ends the round when every stated position is settled and the base is sold, and settles the queue.
    function closeRound() external entry {
        _onlyInRound();
        if (msg.sender != owner() && block.timestamp < roundEndsAt) revert RoundNotOver(roundEndsAt);
        uint256 count = _positions.length;
        for (uint256 i = 0; i < count; ++i) {
            if (!_isSettled(_positions[i])) revert PositionOpen(i, _positions[i].target);
        }
        isRoundOpen = false;
        emit RoundClosed(round);
        _settleQueue();
    }

    /// @notice Settles the queue between rounds; by anybody.
    function settle() external entry {
        if (isRoundOpen) revert RoundIsOpen(round);
        _settleQueue();
    }

    function _settleQueue() private {
        uint256 held = IERC20(BASE).balanceOf(address(this));
        if (held > BASE_DUST) revert BaseLeft(held, BASE_DUST);
        lastSettledAt = block.timestamp;
        _settle();
    }

    function _state(Position[] calldata positions) private {
        uint256 first = _positions.length;
        if (first + positions.length > MAX_POSITIONS) revert TooManyPositions(first + positions.length, MAX_POSITIONS);
        for (uint256 i = 0; i < positions.length; ++i) {
            _positions.push(positions[i]);
            emit PositionStated(round, first + i, positions[i]);
        }
    }

    /// @dev An address without code answers nothing to anything: that is no answer.
    function _isSettled(Position storage position) private view returns (bool) {
        if (position.target.code.length == 0) return false;
        (bool success, bytes memory answer) = position.target.staticcall(position.query);
        return success && keccak256(answer) == position.settledHash;
    }

    function _onlyTarget(address target) private view {
        if (!isTarget[target]) revert TargetNotAllowed(target);
    }

    function _maySpend(address account) internal view override returns (bool) {
        return ASSET.allowance(address(this), account) != 0 || IERC20(BASE).allowance(address(this), account) != 0;
    }

    function _onlyInRound() internal view override {
        if (!isRoundOpen) revert NoRoundOpen();
    }

    function _setGuardian(address guardian_) private {
        guardian = guardian_;
        emit GuardianSet(guardian_);
    }
}
