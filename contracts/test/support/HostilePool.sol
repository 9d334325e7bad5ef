// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20, IUniswapV3SwapCallback} from "../../src/External.sol";

/// @notice A pool that pays out and asks for whatever it was told to.
contract HostilePool {
    address public immutable token0;
    address public immutable token1;

    uint112 private reserve0;
    uint112 private reserve1;
    uint256 public payout;
    uint256 public owed;
    uint256 public callbacks = 1;
    address public target;
    bytes public payload;
    int256 private claimed;
    bool private forges;
    bytes private forgedData;
    bool public callSucceeded;
    bytes public callAnswer;

    constructor(address tokenA, address tokenB) {
        (token0, token1) = tokenA < tokenB ? (tokenA, tokenB) : (tokenB, tokenA);
    }

    function behave(uint256 payout_, uint256 owed_, uint256 callbacks_) external {
        (payout, owed, callbacks) = (payout_, owed_, callbacks_);
        target = address(0);
    }

    function callOut(address target_, bytes calldata payload_) external {
        (target, payload) = (target_, payload_);
    }

    /// @notice What to say that was traded, of whichever token is asked about.
    function answer(int256 claimed_) external {
        claimed = claimed_;
    }

    /// @notice What to call back with, in place of what it was given.
    function callBackWith(bytes calldata forgedData_) external {
        (forges, forgedData) = (true, forgedData_);
    }

    /// @notice As a pair: a depth at which what is ordered, or what is paid for it, is what it was told to take.
    function getReserves() external view returns (uint112, uint112, uint32) {
        return (reserve0, reserve1, 0);
    }

    function setReserves(uint112 reserve0_, uint112 reserve1_) external {
        (reserve0, reserve1) = (reserve0_, reserve1_);
    }

    function swap(uint256 amount0Out, uint256, address to, bytes calldata) external {
        if (target != address(0)) (callSucceeded, callAnswer) = target.call(payload);
        if (payout > 0) IERC20(amount0Out > 0 ? token0 : token1).transfer(to, payout);
    }

    function swap(address recipient, bool zeroForOne, int256, uint160, bytes calldata data)
        external
        returns (int256, int256)
    {
        if (payout > 0) IERC20(zeroForOne ? token1 : token0).transfer(recipient, payout);
        if (target != address(0)) (callSucceeded, callAnswer) = target.call(payload);
        int256 amount = int256(owed);
        bytes memory passed = data;
        if (forges) passed = forgedData;
        for (uint256 i = 0; i < callbacks; ++i) {
            IUniswapV3SwapCallback(msg.sender)
                .uniswapV3SwapCallback(zeroForOne ? amount : int256(0), zeroForOne ? int256(0) : amount, passed);
        }
        return (claimed, claimed);
    }
}
