// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPositionManager} from "../../src/External.sol";
import {IHedgeModule} from "../../src/IHedgeModule.sol";
import {LendingFixture} from "./LendingFixture.sol";
import {IPool, RealContracts} from "./RealContracts.sol";
import {TickMath} from "./TickMath.sol";
import {TestToken} from "./Tokens.sol";
import {vm} from "./Vm.sol";

/// @notice What the tests call on a real position manager, beside what the module does.
interface INfts is IPositionManager {
    struct MintParams {
        address token0;
        address token1;
        uint24 fee;
        int24 tickLower;
        int24 tickUpper;
        uint256 amount0Desired;
        uint256 amount1Desired;
        uint256 amount0Min;
        uint256 amount1Min;
        address recipient;
        uint256 deadline;
    }

    function mint(MintParams calldata params)
        external
        returns (uint256 tokenId, uint128 liquidity, uint256 amount0, uint256 amount1);
    function approve(address to, uint256 tokenId) external;
    function setApprovalForAll(address operator, bool approved) external;
    function transferFrom(address from, address to, uint256 tokenId) external;
    function balanceOf(address account) external view returns (uint256);
}

/// @notice Beside the pools and the lending market Uniswap's own NonfungiblePositionManager, which the mandate names.
abstract contract PositionsFixture is LendingFixture {
    uint8 internal constant LIQUIDITY = 24;
    /// @dev Of the 0.05 % pool; half a percent and a tenth of the price away.
    int24 internal constant SPACING = 10;
    int24 internal constant NEAR = 50;
    int24 internal constant FAR = 1_000;

    INfts internal nfts;

    function _deployPositions(bool baseIsToken0, bool realSafe) internal {
        _deployLending(baseIsToken0, realSafe);
        nfts = INfts(RealContracts.deployPositionManager(address(factory)));
        _setMandate(_positionsMandate());
    }

    function _positionsMandate() internal view returns (IHedgeModule.Mandate memory mandate) {
        mandate = _lendingMandate();
        mandate.positionManager = address(nfts);
    }

    function _withdrawal(uint256 tokenId, uint256 liquidity) internal view returns (IHedgeModule.Leg memory) {
        return IHedgeModule.Leg(LIQUIDITY, address(nfts), uint128(liquidity), uint160(tokenId), 0, 0);
    }

    /// @dev A position of the 0.05 % pool, by distances from its tick, paid by and given to an account.
    function _open(address account, int24 lower, int24 upper, uint256 ofBase, uint256 ofQuote)
        internal
        returns (uint256 tokenId)
    {
        (, int24 tick,,,,,) = IPool(pool).slot0();
        tick -= tick % SPACING;
        return _openIn(account, address(quote), tick + lower, tick + upper, ofBase, ofQuote);
    }

    function _openIn(address account, address other, int24 lower, int24 upper, uint256 ofBase, uint256 ofOther)
        internal
        returns (uint256 tokenId)
    {
        bool isFirst = address(base) < other;
        INfts.MintParams memory params;
        (params.token0, params.token1) = isFirst ? (address(base), other) : (other, address(base));
        (params.amount0Desired, params.amount1Desired) = isFirst ? (ofBase, ofOther) : (ofOther, ofBase);
        (params.fee, params.tickLower, params.tickUpper) = (500, lower, upper);
        (params.recipient, params.deadline) = (account, block.timestamp);
        uint256[2] memory had = [base.balanceOf(account), TestToken(other).balanceOf(account)];
        base.mint(account, ofBase);
        TestToken(other).mint(account, ofOther);
        vm.startPrank(account);
        base.approve(address(nfts), ofBase);
        TestToken(other).approve(address(nfts), ofOther);
        (tokenId,,,) = nfts.mint(params);
        base.approve(address(nfts), 0);
        TestToken(other).approve(address(nfts), 0);
        vm.stopPrank();
        _leave(account, other, had);
    }

    /// @dev Without what the range had no use for.
    function _leave(address account, address other, uint256[2] memory had) private {
        base.burn(account, base.balanceOf(account) - had[0]);
        TestToken(other).burn(account, TestToken(other).balanceOf(account) - had[1]);
    }

    /// @dev Around the price, with the base of a range all of which is withdrawn as base when the price falls under it.
    function _openAround(address account, uint256 ofBase) internal returns (uint256) {
        return _open(account, -FAR, FAR, ofBase, ofBase * PRICE * QUOTE / BASE);
    }

    /// @dev A range out of the price that holds nothing but base; and one of nothing but quote.
    function _openOfBase(address account, uint256 amount) internal returns (uint256) {
        bool isFirst = address(base) < address(quote);
        return isFirst ? _open(account, NEAR, FAR, amount, 0) : _open(account, -FAR, -NEAR, amount, 0);
    }

    function _openOfQuote(address account, uint256 amount) internal returns (uint256) {
        bool isFirst = address(base) < address(quote);
        return isFirst ? _open(account, -FAR, -NEAR, 0, amount) : _open(account, NEAR, FAR, 0, amount);
    }

    function _liquidityIn(uint256 tokenId) internal view returns (uint128 liquidity) {
        (,,,,,,, liquidity,,,,) = nfts.positions(tokenId);
    }

    /// @dev Fees left aside, in quote units at a price, where the pool stands at that price too.
    function _worthAt(uint256 tokenId, uint256 quotePerBase) internal view returns (uint256) {
        (,,,,, int24 lower, int24 upper, uint128 liquidity,,,,) = nfts.positions(tokenId);
        (uint256 amount0, uint256 amount1) = TickMath.amounts(liquidity, _sqrtPriceX96(quotePerBase), lower, upper);
        (uint256 ofBase, uint256 ofQuote) = address(base) < address(quote) ? (amount0, amount1) : (amount1, amount0);
        return ofBase * quotePerBase / BASE + ofQuote;
    }
}
