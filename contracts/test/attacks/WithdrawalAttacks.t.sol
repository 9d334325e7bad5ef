// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPositionManager} from "../../src/External.sol";
import {IHedgeModule} from "../../src/IHedgeModule.sol";
import {IHedgeModuleErrors as Errors} from "../../src/IHedgeModuleErrors.sol";
import {PositionsFixture} from "../support/PositionsFixture.sol";
import {vm} from "../support/Vm.sol";

/// @notice What a withdrawal does with what a position has earned, and when the oracle is at its limits.
contract WithdrawalAttacksTest is PositionsFixture {
    function setUp() public {
        _deployPositions(true, false);
    }

    /// @dev The owners took the liquidity out, and left it with the position manager.
    function test_what_the_owners_left_uncollected_arrives_to_the_unit() public {
        uint256 tokenId = _openAround(avatar, 20 * BASE);
        vm.startPrank(avatar);
        (uint256 ofBase, uint256 ofQuote) = nfts.decreaseLiquidity(
            IPositionManager.DecreaseLiquidityParams(tokenId, _liquidityIn(tokenId), 0, 0, block.timestamp)
        );
        vm.stopPrank();
        (uint256 hadBase, uint256 hadQuote) = (base.balanceOf(avatar), quote.balanceOf(avatar));
        _hedge(_orderWith(true, 0, _withdrawal(tokenId, ALL)));
        vm.assertEq(base.balanceOf(avatar), hadBase + ofBase, "base");
        vm.assertEq(quote.balanceOf(avatar), hadQuote + ofQuote, "quote");
    }

    /// @dev A forged pool cannot have it paid out in the middle of an order, to pass for what the pool owes.
    function test_nobody_else_has_a_position_paid_out() public {
        uint256 tokenId = _openAround(avatar, 20 * BASE);
        IHedgeModule.Mandate memory mandate = _positionsMandate();
        mandate.pools[1] = address(hostilePool);
        _setMandate(mandate);
        base.mint(avatar, BASE);
        _movePools(PRICE * QUOTE * 104 / 100);
        _movePools(PRICE * QUOTE);
        hostilePool.behave(PRICE * QUOTE, BASE, 1);
        bytes[2] memory ways = [
            abi.encodeCall(
                IPositionManager.collect,
                (IPositionManager.CollectParams(tokenId, avatar, type(uint128).max, type(uint128).max))
            ),
            abi.encodeCall(
                IPositionManager.decreaseLiquidity,
                (IPositionManager.DecreaseLiquidityParams(tokenId, 1, 0, 0, block.timestamp))
            )
        ];
        for (uint256 i = 0; i < ways.length; ++i) {
            hostilePool.callOut(address(nfts), ways[i]);
            base.mint(avatar, BASE);
            _hedge(_orderOn(address(hostilePool), true, BASE));
            vm.assertEq(hostilePool.callAnswer(), abi.encodeWithSignature("Error(string)", "Not approved"), "why");
        }
    }

    /// @dev Each withdrawal rounds down twice, what comes out and what was earned since the last: two units of each token are
    /// all that a leg of dust can cost, and they stay with the other providers.
    function test_withdrawals_of_dust_between_trades_cost_two_units_of_each_token_at_most() public {
        uint256[2] memory twins = [_openAround(avatar, 20 * BASE), _openAround(avatar, 20 * BASE)];
        uint256 legs = 40;
        for (uint256 i = 0; i < legs / 2; ++i) {
            _movePools(PRICE * QUOTE * 1_001 / 1_000);
            _movePools(PRICE * QUOTE);
            _hedge(_orderWith(true, 0, _withdrawal(twins[0], 1), _withdrawal(twins[0], 1)));
        }
        uint256[2] memory ofBase;
        uint256[2] memory ofQuote;
        for (uint256 i = 0; i < 2; ++i) {
            (uint256 hadBase, uint256 hadQuote) = (base.balanceOf(avatar), quote.balanceOf(avatar));
            _hedge(_orderWith(true, 0, _withdrawal(twins[1 - i], ALL)));
            (ofBase[i], ofQuote[i]) = (base.balanceOf(avatar) - hadBase, quote.balanceOf(avatar) - hadQuote);
        }
        // What the first brought on the way has its fees; it is counted from the start.
        vm.assertGe(base.balanceOf(avatar) + 2 * legs, 2 * ofBase[0], "base");
        vm.assertGe(quote.balanceOf(avatar) - 1_000_000 * QUOTE + 2 * legs, 2 * ofQuote[0], "quote");
    }

    /// @dev To the second: an answer as old as its heartbeat is good, for orders and rescues alike.
    function test_an_answer_may_be_as_old_as_its_heartbeat_and_no_second_more() public {
        uint256 tokenId = _openOfBase(avatar, 30 * BASE);
        (,,, uint256 updatedAt,) = aggregator.latestRoundData();
        vm.warp(updatedAt + 3_600);
        _hedge(_orderWith(true, 0, _withdrawal(tokenId, 1)));
        vm.prank(guardian);
        module.rescueLiquidity(avatar, tokenId, 1);
        vm.warp(updatedAt + 3_601);
        bytes memory reason = abi.encodeWithSelector(Errors.AnswerStale.selector, feed, updatedAt, 3_600);
        _refused(_orderWith(true, 0, _withdrawal(tokenId, 1)), reason);
        vm.expectRevert(reason);
        vm.prank(guardian);
        module.rescueLiquidity(avatar, tokenId, 1);
    }

    /// @dev An order for a mandate with positions, in somebody's mempool while the owners take them out of it and put them
    /// back: it meets what is in force, and passes once.
    function test_an_order_is_held_to_the_mandate_in_force_and_replayed_under_none() public {
        uint256 tokenId = _openOfBase(avatar, 30 * BASE);
        IHedgeModule.Order memory order = _orderWith(true, 0, _withdrawal(tokenId, _liquidityIn(tokenId) / 2));
        order.deadline = uint64(block.timestamp);
        _setMandate(_lendingMandate());
        _refusedWith(order, Errors.PoolNotAllowed.selector);
        _setMandate(_positionsMandate());
        // The deadline is the last second at which it may.
        _hedge(order);
        vm.prank(avatar);
        module.revokeMandate();
        _refusedWith(order, Errors.NoMandate.selector);
        _setMandate(_positionsMandate());
        _refusedWith(order, Errors.WrongSequence.selector);
    }
}
