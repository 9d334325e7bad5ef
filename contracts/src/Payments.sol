// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAvatar, IERC20, IPoolManager, IWrappedNative} from "./External.sol";
import {HopLib} from "./HopLib.sol";
import {Vaults} from "./Vaults.sol";

/// @title What the running order makes its avatar do: pay pools, and wrap and unwrap the native coin for those of v4
/// @notice The module holds neither tokens nor the native coin; every payment leaves the avatar itself.
abstract contract Payments is Vaults {
    /// @dev Stands above the payer's address where pools are paid by allowance.
    uint256 internal constant BY_ALLOWANCE_SHIFT = 160;

    /// @dev Of base or quote, which the avatar may have approved for the module.
    /// @param payer the running order's `_payer`
    function _payFrom(uint256 payer, address token, address to, uint256 amount) internal {
        if (payer >> BY_ALLOWANCE_SHIFT != 0) _pull(address(uint160(payer)), token, to, amount);
        else _send(address(uint160(payer)), token, to, amount);
    }

    /// @dev Of any token.
    function _pay(address token, address to, uint256 amount) internal {
        _send(address(uint160(_payer)), token, to, amount);
    }

    /// @dev `_call` with a transfer, written out for half the gas where all is as usual: the avatar's call succeeds, and
    /// the token answers true.
    function _send(address avatar, address token, address to, uint256 amount) private {
        bytes4 execute = IAvatar.execTransactionFromModuleReturnData.selector;
        bytes4 transfer = IERC20.transfer.selector;
        bool isUsual;
        assembly ("memory-safe") {
            let call_ := mload(0x40)
            mstore(call_, execute)
            mstore(add(call_, 0x04), token)
            mstore(add(call_, 0x24), 0)
            mstore(add(call_, 0x44), 0x80)
            mstore(add(call_, 0x64), 0)
            mstore(add(call_, 0x84), 0x44)
            mstore(add(call_, 0xa4), transfer)
            mstore(add(call_, 0xa8), to)
            mstore(add(call_, 0xc8), amount)
            mstore(add(call_, 0xe8), 0)
            if iszero(call(gas(), avatar, 0, call_, 0x104, call_, 0x80)) {
                returndatacopy(call_, 0, returndatasize())
                revert(call_, returndatasize())
            }
            // (true, (32 bytes: true))
            isUsual := and(gt(returndatasize(), 0x7f), eq(mload(call_), 1))
            isUsual := and(isUsual, eq(mload(add(call_, 0x20)), 0x40))
            isUsual := and(isUsual, eq(mload(add(call_, 0x40)), 0x20))
            isUsual := and(isUsual, eq(mload(add(call_, 0x60)), 1))
        }
        if (!isUsual) _judge(token, _returned());
    }

    /// @dev Spends what the avatar approved for the module.
    function _pull(address avatar, address token, address to, uint256 amount) private {
        bytes4 transferFrom = IERC20.transferFrom.selector;
        bool success;
        bool isUsual;
        assembly ("memory-safe") {
            let call_ := mload(0x40)
            mstore(call_, transferFrom)
            mstore(add(call_, 0x04), avatar)
            mstore(add(call_, 0x24), to)
            mstore(add(call_, 0x44), amount)
            success := call(gas(), token, 0, call_, 0x64, 0, 0x20)
            isUsual := and(success, and(gt(returndatasize(), 0x1f), eq(mload(0), 1)))
        }
        if (isUsual) return;
        bytes memory answer = _returned();
        if (!success) revert PaymentFailed(token, answer);
        _requireTrue(token, answer);
    }

    function _judge(address token, bytes memory returned) private pure {
        (bool success, bytes memory answer) = abi.decode(returned, (bool, bytes));
        if (!success) revert PaymentFailed(token, answer);
        _requireTrue(token, answer);
    }

    /// @dev USDT returns nothing; a mandate's tokens are contracts, so nothing means success.
    function _requireTrue(address token, bytes memory answer) internal pure {
        if (answer.length != 0 && (answer.length < 32 || abi.decode(answer, (uint256)) != 1)) {
            revert PaymentRefused(token);
        }
    }

    function _returned() private pure returns (bytes memory data) {
        assembly ("memory-safe") {
            data := mload(0x40)
            mstore(data, returndatasize())
            returndatacopy(add(data, 0x20), 0, returndatasize())
            mstore(0x40, and(add(add(data, 0x3f), returndatasize()), not(0x1f)))
        }
    }

    /// @dev Pays the unlocked PoolManager. Of the native coin no more is spent than was unwrapped for it.
    function _settle(address currency, address token, uint256 amount) internal {
        if (currency != HopLib.NATIVE) {
            IPoolManager(msg.sender).sync(token);
            _pay(token, msg.sender, amount);
            IPoolManager(msg.sender).settle();
            return;
        }
        address avatar = address(uint160(_payer));
        uint256 before = avatar.balance;
        _call(token, 0, abi.encodeCall(IWrappedNative.withdraw, (amount)));
        _call(msg.sender, amount, abi.encodeCall(IPoolManager.settleFor, (address(this))));
        if (avatar.balance < before) revert BalanceMovedAgainstOrder(HopLib.NATIVE);
    }

    /// @dev Has the unlocked PoolManager pay. The native coin goes to the avatar, which wraps what arrived and no more:
    /// what it had is not the module's to touch.
    function _take(address currency, address token, address receiver, uint256 amount) internal {
        if (currency != HopLib.NATIVE) {
            IPoolManager(msg.sender).take(currency, receiver, amount);
            return;
        }
        address avatar = address(uint160(_payer));
        uint256 before = avatar.balance;
        IPoolManager(msg.sender).take(currency, avatar, amount);
        if (avatar.balance < before) revert BalanceMovedAgainstOrder(HopLib.NATIVE);
        _call(token, avatar.balance - before, abi.encodeCall(IWrappedNative.deposit, ()));
        if (receiver != avatar) _pay(token, receiver, amount);
    }

    function _call(address to, uint256 value, bytes memory data) internal returns (bytes memory) {
        (bool success, bytes memory answer) = _try(to, value, data);
        if (!success) revert PaymentFailed(to, answer);
        return answer;
    }

    function _try(address to, uint256 value, bytes memory data) internal returns (bool success, bytes memory answer) {
        return IAvatar(address(uint160(_payer))).execTransactionFromModuleReturnData(to, value, data, 0);
    }
}
