// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPositionManager, IUniswapV3Factory, IUniswapV3State} from "./External.sol";
import {Payments} from "./Payments.sol";
import {Terms} from "./Terms.sol";
import {TokenLib} from "./TokenLib.sol";

/// @title What the running order makes its avatar do with its Uniswap v3 positions: withdraw liquidity, to itself
/// @notice Only of NFTs that the avatar owns, on the mandate's position manager, of pools of base and quote. The NFT stays
/// where it is.
/// @dev Whatever the pool's price was pushed to, what comes out is worth no less at the oracle's price than what would have
/// come out there: for liquidity L and prices s, d/ds (base(s) P + quote(s)) = L (s - P) / (2 s^1.5), below zero under P and
/// above zero over it. What a pushed pool does change is how much of it is base: hence the bound.
abstract contract Positions is Payments {
    /// @dev Kind of a leg that withdraws liquidity, and its bit beside those of lending.
    uint256 internal constant WITHDRAW_LIQUIDITY = 24;
    uint256 internal constant WITHDRAWING = 0x100;
    uint256 private constant BPS = 10_000;

    /// @param tokenId the NFT
    /// @param most liquidity that is withdrawn
    /// @param numerator of the oracle's price, see OracleLib; `denominator` likewise
    /// @return liquidity that was withdrawn: nothing where there was none left
    /// @return baseReceived measured on the avatar's balance, fees that the position had earned among it
    /// @return quoteReceived likewise
    function _withdrawLiquidity(uint256 tokenId, uint256 most, uint256 numerator, uint256 denominator, Terms terms)
        internal
        returns (uint256 liquidity, uint256 baseReceived, uint256 quoteReceived)
    {
        address avatar = address(uint160(_payer));
        liquidity = _liquidityOf(tokenId, avatar, numerator, denominator, terms);
        if (most < liquidity) liquidity = most;
        uint256 baseBefore = TokenLib.balanceOf(terms.base(), avatar);
        uint256 quoteBefore = TokenLib.balanceOf(terms.quote(), avatar);
        if (liquidity != 0) {
            // No least amounts: the pool's price was looked at a moment ago, and nothing runs in between.
            IPositionManager.DecreaseLiquidityParams memory decrease =
                IPositionManager.DecreaseLiquidityParams(tokenId, uint128(liquidity), 0, 0, block.timestamp);
            _callPositions(tokenId, abi.encodeCall(IPositionManager.decreaseLiquidity, (decrease)), terms);
        }
        IPositionManager.CollectParams memory collect =
            IPositionManager.CollectParams(tokenId, avatar, type(uint128).max, type(uint128).max);
        _callPositions(tokenId, abi.encodeCall(IPositionManager.collect, (collect)), terms);
        baseReceived = _received(terms.base(), avatar, baseBefore);
        quoteReceived = _received(terms.quote(), avatar, quoteBefore);
    }

    /// @dev Refuses an NFT that is not the avatar's, or not of a pool of base and quote that stands near the oracle.
    function _liquidityOf(uint256 tokenId, address avatar, uint256 numerator, uint256 denominator, Terms terms)
        private
        view
        returns (uint256 liquidity)
    {
        IPositionManager manager = IPositionManager(terms.positionManager());
        address owner = manager.ownerOf(tokenId);
        if (owner != avatar) revert PositionNotOwned(tokenId, owner);
        address pool;
        bool baseIsToken0;
        (pool, baseIsToken0, liquidity) = _placeOf(tokenId, manager, terms);
        uint256 oracleX96 = (numerator << 96) / denominator;
        uint256 poolX96 = _priceX96(IUniswapV3State(pool).slot0(), baseIsToken0);
        uint256 distance = poolX96 > oracleX96 ? poolX96 - oracleX96 : oracleX96 - poolX96;
        // A numerator below 2^144 over at least one, and 2^14 of basis points.
        if (distance > oracleX96 * terms.maxSlippageBps() / BPS) revert PoolAwayFromOracle(pool, poolX96, oracleX96);
    }

    /// @dev The pool is the one of the manager's own factory, which knows it by its tokens and fee.
    function _placeOf(uint256 tokenId, IPositionManager manager, Terms terms)
        private
        view
        returns (address pool, bool baseIsToken0, uint256 liquidity)
    {
        address token0;
        address token1;
        uint24 fee;
        (,, token0, token1, fee,,, liquidity,,,,) = manager.positions(tokenId);
        baseIsToken0 = token0 == terms.base() && token1 == terms.quote();
        if (!baseIsToken0 && (token0 != terms.quote() || token1 != terms.base())) {
            revert PositionOfOtherTokens(tokenId, token0, token1);
        }
        pool = IUniswapV3Factory(manager.factory()).getPool(token0, token1, fee);
    }

    /// @return quote smallest units per base smallest unit, times 2^96, rounded down
    function _priceX96(uint256 sqrtPriceX96, bool baseIsToken0) private pure returns (uint256) {
        // Square roots have 160 bits, and at least 2^32: no product leaves 256.
        if (!baseIsToken0) return ((1 << 192) / sqrtPriceX96 << 96) / sqrtPriceX96;
        if (sqrtPriceX96 >> 128 == 0) return sqrtPriceX96 * sqrtPriceX96 >> 96;
        sqrtPriceX96 >>= 32;
        return sqrtPriceX96 * sqrtPriceX96 >> 32;
    }

    function _callPositions(uint256 tokenId, bytes memory data, Terms terms) private {
        (bool success, bytes memory reason) = _try(terms.positionManager(), 0, data);
        if (!success) revert WithdrawalFailed(tokenId, reason);
    }

    function _received(address token, address avatar, uint256 before) private view returns (uint256) {
        uint256 afterwards = TokenLib.balanceOf(token, avatar);
        if (afterwards < before) revert BalanceMovedAgainstOrder(token);
        return afterwards - before;
    }
}
