// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "../../src/External.sol";

/// @notice The least that is an avatar: one module, and no owner checks because tests prank it. It keeps count of what
/// the module made it do.
contract TestAvatar {
    address public immutable module;
    mapping(address token => mapping(address receiver => uint256)) public paymentsTo;
    uint256 public payments;
    uint256 public otherCalls;
    mapping(address target => mapping(bytes4 selector => uint256)) public callsTo;

    error NotModule();

    constructor(address module_) {
        module = module_;
    }

    receive() external payable {}

    function execTransactionFromModuleReturnData(address to, uint256 value, bytes calldata data, uint8 operation)
        external
        returns (bool success, bytes memory answer)
    {
        if (msg.sender != module) revert NotModule();
        bool isTransfer = value == 0 && operation == 0 && data.length == 68 && bytes4(data) == IERC20.transfer.selector;
        if (isTransfer) {
            ++payments;
            ++paymentsTo[to][address(bytes20(data[16:36]))];
        } else {
            ++otherCalls;
            ++callsTo[to][bytes4(data)];
        }
        return to.call{value: value}(data);
    }
}

/// @notice What the tests call on a real Safe 1.4.1.
interface ISafe {
    function setup(
        address[] calldata owners,
        uint256 threshold,
        address to,
        bytes calldata data,
        address fallbackHandler,
        address paymentToken,
        uint256 payment,
        address payable paymentReceiver
    ) external;
    function enableModule(address module) external;
    function disableModule(address previous, address module) external;
    function isModuleEnabled(address module) external view returns (bool);
    function getOwners() external view returns (address[] memory);
    function getThreshold() external view returns (uint256);
}

interface ISafeProxyFactory {
    function createProxyWithNonce(address singleton, bytes calldata initializer, uint256 saltNonce)
        external
        returns (address proxy);
}
