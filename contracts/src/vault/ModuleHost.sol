// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {AsyncShares} from "./AsyncShares.sol";

/// @title The avatar side of the vault: modules and targets, and the notice that comes before new ones
/// @notice Implements Zodiac's avatar interface. A module or target takes effect only after a notice and a settlement that
/// came after it, so that whoever does not want it has left by then.
abstract contract ModuleHost is AsyncShares {
    /// @notice Seconds between the announcement of a module or target and the settlement that puts it in force.
    uint256 public constant NOTICE_SECONDS = 3 days;
    address private constant SENTINEL = address(1);

    mapping(address module => address next) private _modules;
    mapping(address account => uint256 noticeEndsAt) public noticeEndsAt;
    /// @notice What the owner may call while a round is open.
    mapping(address target => bool) public isTarget;
    uint256 public lastSettledAt;

    event ExecutionFromModuleSuccess(address indexed module);
    event ExecutionFromModuleFailure(address indexed module);

    constructor() {
        _modules[SENTINEL] = SENTINEL;
    }

    /// @dev Unwrapped native coin, on its way to a pool.
    receive() external payable {}

    /// @notice Says that an account is to become a module or target.
    function announce(address account) external onlyOwner {
        uint256 endsAt = block.timestamp + NOTICE_SECONDS;
        noticeEndsAt[account] = endsAt;
        emit Announced(account, endsAt);
    }

    function enableModule(address module) external onlyOwner {
        if (module == address(0) || module == SENTINEL || _modules[module] != address(0)) revert ModuleRefused(module);
        _refuseOwn(module);
        if (_maySpend(module)) revert ModuleRefused(module);
        _takeNotice(module);
        _modules[module] = _modules[SENTINEL];
        _modules[SENTINEL] = module;
        emit EnabledModule(module);
    }

    /// @notice At once: what can do less harms nobody.
    function disableModule(address prevModule, address module) external onlyOwner {
        if (module == SENTINEL || module == address(0) || _modules[prevModule] != module) {
            revert ModuleUnknown(prevModule, module);
        }
        _modules[prevModule] = _modules[module];
        _modules[module] = address(0);
        emit DisabledModule(module);
    }

    function allowTarget(address target) external onlyOwner {
        _refuseOwn(target);
        _takeNotice(target);
        isTarget[target] = true;
        emit TargetAllowed(target);
    }

    function forbidTarget(address target) external onlyOwner {
        isTarget[target] = false;
        emit TargetForbidden(target);
    }

    function isModuleEnabled(address module) public view returns (bool) {
        return module != SENTINEL && _modules[module] != address(0);
    }

    /// @param start the sentinel (address 1), or `next` of the page before
    function getModulesPaginated(address start, uint256 pageSize)
        external
        view
        returns (address[] memory array, address next)
    {
        array = new address[](pageSize);
        uint256 count;
        next = _modules[start];
        while (next != SENTINEL && next != address(0) && count < pageSize) {
            array[count++] = next;
            next = _modules[next];
        }
        if (next != SENTINEL && count != 0) next = array[count - 1];
        assembly ("memory-safe") {
            mstore(array, count)
        }
    }

    /// @notice What a module makes the vault do, while a round is open.
    function execTransactionFromModule(address to, uint256 value, bytes calldata data, uint8 operation)
        external
        returns (bool success)
    {
        (success,) = _fromModule(to, value, data, operation);
    }

    /// @notice The same, with what came back.
    function execTransactionFromModuleReturnData(address to, uint256 value, bytes calldata data, uint8 operation)
        external
        returns (bool success, bytes memory returnData)
    {
        return _fromModule(to, value, data, operation);
    }

    function _fromModule(address to, uint256 value, bytes calldata data, uint8 operation)
        private
        whenNotPaused
        working
        returns (bool success, bytes memory returnData)
    {
        if (!isModuleEnabled(msg.sender)) revert NotModule(msg.sender);
        if (operation != 0) revert DelegateCallRefused();
        _onlyInRound();
        _refuseOwn(to);
        // Supplied to a lending market, quote would count as nothing when shares are priced.
        if (bytes4(data) == IERC20.approve.selector) revert ApprovalRefused(to);
        (success, returnData) = to.call{value: value}(data);
        if (success) emit ExecutionFromModuleSuccess(msg.sender);
        else emit ExecutionFromModuleFailure(msg.sender);
    }

    /// @dev As the vault, the vault itself would obey, and the escrow pay.
    function _refuseOwn(address account) internal view {
        if (account == address(this) || account == address(ESCROW)) revert TargetRefused(account);
    }

    function _onlyInRound() internal view virtual;

    /// @dev Whether an account may take quote or base: a module that could would work between rounds and during a pause.
    function _maySpend(address account) internal view virtual returns (bool);

    /// @dev Until anybody has or wants shares there is nobody to give notice to.
    function _takeNotice(address account) private {
        (uint256 waiting,) = pendingTotals();
        if (totalSupply() == 0 && waiting == 0) return;
        uint256 endsAt = noticeEndsAt[account];
        if (endsAt == 0 || lastSettledAt < endsAt) revert NoticeNotOver(account, endsAt);
        noticeEndsAt[account] = 0;
    }
}
