// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IOptionVault} from "./IOptionVault.sol";

/// @title Who asked for what, and what came of it
/// @notice Requests are gathered in batches; a batch is settled as a whole at one price. Nothing here loops over people.
abstract contract RequestQueue is IOptionVault {
    /// @dev Of one side (deposits or redemptions). `paid` is in what is asked for, `received` in what is given for it.
    struct Side {
        uint256 pending;
        mapping(uint256 batch => Batch) batches;
        mapping(address controller => Request) requests;
    }

    struct Batch {
        uint256 paid;
        uint256 received;
    }

    struct Request {
        uint256 batch;
        uint256 pending;
        uint256 claimablePaid;
        uint256 claimableReceived;
    }

    /// @notice Number of the batch that requests join now, from 1.
    uint256 public currentBatch = 1;
    mapping(address controller => mapping(address operator => bool)) public isOperator;

    /// @dev ERC-7540.
    event OperatorSet(address indexed controller, address indexed operator, bool approved);

    /// @notice Lets somebody ask and claim in the caller's name, or no longer.
    function setOperator(address operator, bool approved) external returns (bool) {
        if (operator == msg.sender) revert AddressRefused(operator);
        isOperator[msg.sender][operator] = approved;
        emit OperatorSet(msg.sender, operator, approved);
        return true;
    }

    function _onlyOperatorOf(address controller) internal view {
        if (msg.sender != controller && !isOperator[controller][msg.sender]) {
            revert NotControllerOrOperator(controller, msg.sender);
        }
    }

    function _add(Side storage side, address controller, uint256 paid) internal {
        if (paid == 0) revert NothingRequested();
        if (controller == address(0)) revert AddressRefused(controller);
        Request storage request = _synced(side, controller);
        request.batch = currentBatch;
        request.pending += paid;
        side.pending += paid;
    }

    /// @return paid what is given back
    function _cancel(Side storage side, address controller) internal returns (uint256 paid) {
        Request storage request = _synced(side, controller);
        paid = request.pending;
        if (paid == 0) revert NothingPending(controller);
        request.pending = 0;
        side.pending -= paid;
    }

    /// @dev The whole of a side's batch is worth `received`; the next batch begins with `_nextBatch`.
    function _settleSide(Side storage side, uint256 received) internal returns (uint256 paid) {
        paid = side.pending;
        side.batches[currentBatch] = Batch(paid, received);
        side.pending = 0;
    }

    function _nextBatch() internal {
        ++currentBatch;
    }

    /// @dev Rounded against the claimant on both ways of asking, so that all claims together never exceed the batch.
    /// @return received for `paid`
    function _claimPaid(Side storage side, address controller, uint256 paid) internal returns (uint256 received) {
        Request storage request = _synced(side, controller);
        if (paid > request.claimablePaid) revert MoreThanClaimable(paid, request.claimablePaid);
        if (paid == 0) revert NothingRequested();
        received = Math.mulDiv(request.claimableReceived, paid, request.claimablePaid);
        request.claimablePaid -= paid;
        request.claimableReceived -= received;
    }

    /// @return paid what is used up for `received`
    function _claimReceived(Side storage side, address controller, uint256 received) internal returns (uint256 paid) {
        Request storage request = _synced(side, controller);
        if (received > request.claimableReceived) revert MoreThanClaimable(received, request.claimableReceived);
        if (received == 0) revert NothingRequested();
        paid = Math.mulDiv(request.claimablePaid, received, request.claimableReceived, Math.Rounding.Ceil);
        request.claimablePaid -= paid;
        request.claimableReceived -= received;
    }

    function _pendingOf(Side storage side, address controller) internal view returns (uint256) {
        Request storage request = side.requests[controller];
        return request.batch == currentBatch ? request.pending : 0;
    }

    function _claimableOf(Side storage side, address controller)
        internal
        view
        returns (uint256 paid, uint256 received)
    {
        Request storage request = side.requests[controller];
        (paid, received) = (request.claimablePaid, request.claimableReceived);
        if (request.batch == currentBatch || request.pending == 0) return (paid, received);
        received += _shareOf(side.batches[request.batch], request.pending);
        paid += request.pending;
    }

    /// @dev Moves what was pending in a settled batch to what can be claimed.
    function _synced(Side storage side, address controller) private returns (Request storage request) {
        request = side.requests[controller];
        if (request.batch == currentBatch || request.pending == 0) return request;
        (request.claimablePaid, request.claimableReceived) = _claimableOf(side, controller);
        request.pending = 0;
    }

    function _shareOf(Batch storage batch, uint256 paid) private view returns (uint256) {
        return Math.mulDiv(batch.received, paid, batch.paid);
    }
}
