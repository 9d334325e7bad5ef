// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The least that is an avatar: one module, and no owner checks because tests prank it.
contract TestAvatar {
    address public immutable module;

    error NotModule();

    constructor(address module_) {
        module = module_;
    }

    function execTransactionFromModuleReturnData(address to, uint256 value, bytes calldata data, uint8 operation)
        external
        returns (bool success, bytes memory answer)
    {
        if (msg.sender != module || operation != 0) revert NotModule();
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
