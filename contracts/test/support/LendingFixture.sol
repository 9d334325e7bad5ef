// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILendingPool} from "../../src/External.sol";
import {IHedgeModule} from "../../src/IHedgeModule.sol";
import {AaveMarket} from "./AaveMarket.sol";
import {HedgeFixture} from "./HedgeFixture.sol";
import {TestToken} from "./Tokens.sol";
import {vm} from "./Vm.sol";

/// @notice Beside the v3 pools a real Aave v3 market of base and quote, whose oracle reads the mandate's feed; an avatar
/// with 1,000,000 quote and no base, which may be short by 100.
abstract contract LendingFixture is HedgeFixture {
    uint8 internal constant SUPPLY = 16;
    uint8 internal constant WITHDRAW = 17;
    uint8 internal constant BORROW = 18;
    uint8 internal constant REPAY = 19;
    uint8 internal constant OF_QUOTE = 4;
    uint256 internal constant ALL = type(uint128).max;
    uint64 internal constant FLOOR_WAD = 1.5e18;
    uint256 internal constant MAX_BASE_DEBT = 100 * BASE;
    uint256 internal constant MAX_QUOTE_DEBT = 200_000 * QUOTE;

    AaveMarket internal aave;
    address internal lendingPool;
    TestToken internal baseSupplied;
    TestToken internal baseOwed;
    TestToken internal quoteSupplied;
    TestToken internal quoteOwed;

    function _deployLending(bool baseIsToken0, bool realSafe) internal {
        _deploy(baseIsToken0, realSafe);
        aave = new AaveMarket(base, quote, feed);
        lendingPool = aave.pool();
        (baseSupplied, baseOwed) = aave.tokensOf(address(base));
        (quoteSupplied, quoteOwed) = aave.tokensOf(address(quote));
        base.burn(avatar, base.balanceOf(avatar));
        quote.burn(avatar, 1_000_000 * QUOTE);
        _setMandate(_lendingMandate());
        // The bucket was full under the former mandate: it refills.
        vm.warp(block.timestamp + 1 days);
        aggregator.set(int256(PRICE * 1e8));
    }

    function _lendingMandate() internal view returns (IHedgeModule.Mandate memory mandate) {
        mandate = _mandate();
        mandate.minBase = -int128(int256(100 * BASE));
        mandate.maxBase = uint128(100 * BASE);
        mandate.turnoverCapacityQuote = uint128(10_000_000 * QUOTE);
        mandate.turnoverRefillPerDayQuote = mandate.turnoverCapacityQuote;
        mandate.lending = IHedgeModule.Lending(lendingPool, FLOOR_WAD, uint128(MAX_BASE_DEBT), uint128(MAX_QUOTE_DEBT));
    }

    /// @dev A lending step.
    function _step(uint8 kind, uint256 amount) internal view returns (IHedgeModule.Leg memory) {
        return IHedgeModule.Leg(kind, lendingPool, uint128(amount), 0, 0, 0);
    }

    function _swap(uint256 amount) internal view returns (IHedgeModule.Leg memory) {
        return IHedgeModule.Leg(0, pool, uint128(amount), 0, 0, 0);
    }

    function _orderWith(bool sellBase, uint256 baseAmount, IHedgeModule.Leg memory leg)
        internal
        view
        returns (IHedgeModule.Order memory order)
    {
        order = _order(sellBase, baseAmount);
        order.legs[0] = leg;
    }

    function _orderWith(
        bool sellBase,
        uint256 baseAmount,
        IHedgeModule.Leg memory first,
        IHedgeModule.Leg memory second
    ) internal view returns (IHedgeModule.Order memory order) {
        order = _order(sellBase, baseAmount);
        order.legs = new IHedgeModule.Leg[](2);
        (order.legs[0], order.legs[1]) = (first, second);
    }

    function _orderWith(
        bool sellBase,
        uint256 baseAmount,
        IHedgeModule.Leg memory first,
        IHedgeModule.Leg memory second,
        IHedgeModule.Leg memory third
    ) internal view returns (IHedgeModule.Order memory order) {
        order = _order(sellBase, baseAmount);
        order.legs = new IHedgeModule.Leg[](3);
        (order.legs[0], order.legs[1], order.legs[2]) = (first, second, third);
    }

    /// @dev Collateral of `collateral` quote, and a short of `amount` base.
    function _goShort(uint256 collateral, uint256 amount) internal {
        _hedge(_orderWith(true, amount, _step(SUPPLY + OF_QUOTE, collateral), _step(BORROW, amount), _swap(amount)));
    }

    function _healthFactor() internal view returns (uint256 healthFactorWad) {
        (,,,,, healthFactorWad) = ILendingPool(lendingPool).getUserAccountData(avatar);
    }

    /// @dev Feed, Aave's oracle and pools.
    function _movePrice(uint256 quotePerBase) internal {
        aggregator.set(int256(quotePerBase * 1e8));
        _movePools(quotePerBase * QUOTE);
    }
}
