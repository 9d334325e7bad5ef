// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20, IPositionManager} from "../../src/External.sol";

/// @notice A position manager, its factory and its only pool in one, that says and pays what it was told to.
contract ForgedPositions {
    address private immutable BASE;
    address private immutable QUOTE;

    address public owner;
    uint160 private sqrtPriceX96;
    uint256 private ofBase;
    uint256 private ofQuote;
    address private target;
    bytes private payload;
    bool public calledOut;
    bool public callSucceeded;
    bytes public callAnswer;

    constructor(address base, address quote) {
        (BASE, QUOTE) = (base, quote);
    }

    /// @param ofBase_ what a collection pays; `ofQuote_` likewise
    function behave(address owner_, uint160 sqrtPriceX96_, uint256 ofBase_, uint256 ofQuote_) external {
        (owner, sqrtPriceX96, ofBase, ofQuote) = (owner_, sqrtPriceX96_, ofBase_, ofQuote_);
        (target, calledOut, callSucceeded) = (address(0), false, false);
    }

    function callOut(address target_, bytes calldata payload_) external {
        (target, payload) = (target_, payload_);
    }

    function factory() external view returns (address) {
        return address(this);
    }

    function getPool(address, address, uint24) external view returns (address) {
        return address(this);
    }

    function slot0() external view returns (uint160) {
        return sqrtPriceX96;
    }

    function ownerOf(uint256) external view returns (address) {
        return owner;
    }

    function positions(uint256)
        external
        view
        returns (uint96, address, address, address, uint24, int24, int24, uint128, uint256, uint256, uint128, uint128)
    {
        (address token0, address token1) = BASE < QUOTE ? (BASE, QUOTE) : (QUOTE, BASE);
        return (0, address(0), token0, token1, 500, -10, 10, 1e18, 0, 0, 0, 0);
    }

    function decreaseLiquidity(IPositionManager.DecreaseLiquidityParams calldata)
        external
        payable
        returns (uint256, uint256)
    {
        if (target != address(0)) {
            calledOut = true;
            (callSucceeded, callAnswer) = target.call(payload);
        }
        return (0, 0);
    }

    function collect(IPositionManager.CollectParams calldata params) external payable returns (uint256, uint256) {
        if (ofBase != 0) IERC20(BASE).transfer(params.recipient, ofBase);
        if (ofQuote != 0) IERC20(QUOTE).transfer(params.recipient, ofQuote);
        return (0, 0);
    }
}
