// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

// The parts of other people's contracts that the HedgeModule talks to.

/// @notice What a Zodiac avatar offers to its modules; a Safe implements it.
interface IAvatar {
    /// @param operation 0 = call, 1 = delegatecall; the HedgeModule only ever sends 0.
    function execTransactionFromModuleReturnData(address to, uint256 value, bytes calldata data, uint8 operation)
        external
        returns (bool success, bytes memory returnData);
}

interface IERC20 {
    function balanceOf(address account) external view returns (uint256);

    /// @dev Some tokens return nothing, some return false: the HedgeModule decodes the answer itself.
    function transfer(address to, uint256 amount) external returns (bool);
}

/// @notice A Chainlink aggregator or its proxy.
interface IAggregator {
    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
}

interface IUniswapV3Pool {
    /// @param amountSpecified positive = exact input, negative = exact output.
    function swap(
        address recipient,
        bool zeroForOne,
        int256 amountSpecified,
        uint160 sqrtPriceLimitX96,
        bytes calldata data
    ) external returns (int256 amount0, int256 amount1);
}

interface IUniswapV3SwapCallback {
    /// @dev A positive delta is owed to the pool.
    function uniswapV3SwapCallback(int256 amount0Delta, int256 amount1Delta, bytes calldata data) external;
}
