// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPositionManager, IUniswapV3Factory} from "../../src/External.sol";
import {IHedgeModule} from "../../src/IHedgeModule.sol";
import {HedgeFixture} from "./HedgeFixture.sol";
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

    struct IncreaseLiquidityParams {
        uint256 tokenId;
        uint256 amount0Desired;
        uint256 amount1Desired;
        uint256 amount0Min;
        uint256 amount1Min;
        uint256 deadline;
    }

    function increaseLiquidity(IncreaseLiquidityParams calldata params)
        external
        returns (uint128 liquidity, uint256 amount0, uint256 amount1);
    function burn(uint256 tokenId) external;
    function multicall(bytes[] calldata calls) external returns (bytes[] memory answers);
    function approve(address to, uint256 tokenId) external;
    function setApprovalForAll(address operator, bool approved) external;
    function transferFrom(address from, address to, uint256 tokenId) external;
    function balanceOf(address account) external view returns (uint256);
}

/// @notice Uniswap's own NonfungiblePositionManager, and positions of its.
abstract contract NftsFixture is HedgeFixture {
    uint8 internal constant LIQUIDITY = 24;
    /// @dev Of the 0.05 % pool; half a percent and a tenth of the price away.
    int24 internal constant SPACING = 10;
    int24 internal constant NEAR_TICKS = 50;
    int24 internal constant FAR_TICKS = 1_000;

    INfts internal nfts;

    function _deployNfts() internal {
        nfts = INfts(RealContracts.deployPositionManager(address(factory)));
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
        INfts.MintParams memory params;
        (params.fee, params.tickLower, params.tickUpper) = (500, lower, upper);
        return _mint(account, other, ofBase, ofOther, params);
    }

    /// @dev A position of base and quote in the pool of another fee, so many ticks around its price.
    function _openOfFee(address account, uint24 fee, int24 width, uint256 ofBase, uint256 ofQuote)
        internal
        returns (uint256 tokenId)
    {
        (, int24 tick,,,,,) =
            IPool(IUniswapV3Factory(address(factory)).getPool(address(base), address(quote), fee)).slot0();
        tick -= tick % (width / 100);
        INfts.MintParams memory params;
        (params.fee, params.tickLower, params.tickUpper) = (fee, tick - width, tick + width);
        return _mint(account, address(quote), ofBase, ofQuote, params);
    }

    function _mint(address account, address other, uint256 ofBase, uint256 ofOther, INfts.MintParams memory params)
        private
        returns (uint256 tokenId)
    {
        bool isFirst = address(base) < other;
        (params.token0, params.token1) = isFirst ? (address(base), other) : (other, address(base));
        (params.amount0Desired, params.amount1Desired) = isFirst ? (ofBase, ofOther) : (ofOther, ofBase);
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

    /// @dev What a minting of a range of quote alone takes, for and by the avatar.
    function _rangeUnderThePrice(uint256 ofQuote) internal view returns (INfts.MintParams memory params) {
        (, int24 tick,,,,,) = IPool(pool).slot0();
        tick -= tick % SPACING;
        bool isFirst = address(base) < address(quote);
        (params.token0, params.token1) = isFirst ? (address(base), address(quote)) : (address(quote), address(base));
        (params.tickLower, params.tickUpper) =
            isFirst ? (tick - FAR_TICKS, tick - NEAR_TICKS) : (tick + NEAR_TICKS, tick + FAR_TICKS);
        (params.amount0Desired, params.amount1Desired) = isFirst ? (uint256(0), ofQuote) : (ofQuote, uint256(0));
        (params.fee, params.recipient, params.deadline) = (500, avatar, block.timestamp);
    }

    /// @dev Without what the range had no use for.
    function _leave(address account, address other, uint256[2] memory had) private {
        base.burn(account, base.balanceOf(account) - had[0]);
        TestToken(other).burn(account, TestToken(other).balanceOf(account) - had[1]);
    }

    /// @dev Around the price, with the base of a range all of which is withdrawn as base when the price falls under it.
    function _openAround(address account, uint256 ofBase) internal returns (uint256) {
        return _open(account, -FAR_TICKS, FAR_TICKS, ofBase, ofBase * PRICE * QUOTE / BASE);
    }

    /// @dev A range out of the price that holds nothing but base; and one of nothing but quote.
    function _openOfBase(address account, uint256 amount) internal returns (uint256) {
        bool isFirst = address(base) < address(quote);
        return
            isFirst
                ? _open(account, NEAR_TICKS, FAR_TICKS, amount, 0)
                : _open(account, -FAR_TICKS, -NEAR_TICKS, amount, 0);
    }

    function _openOfQuote(address account, uint256 amount) internal returns (uint256) {
        bool isFirst = address(base) < address(quote);
        return
            isFirst
                ? _open(account, -FAR_TICKS, -NEAR_TICKS, 0, amount)
                : _open(account, NEAR_TICKS, FAR_TICKS, 0, amount);
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
