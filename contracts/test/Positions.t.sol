// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../src/IHedgeModule.sol";
import {IHedgeModuleErrors as Errors} from "../src/IHedgeModuleErrors.sol";
import {PositionsFixture} from "./support/PositionsFixture.sol";
import {Vm, vm} from "./support/Vm.sol";

/// @notice What an order may do with the avatar's Uniswap v3 positions, on Uniswap's own position manager through a real
/// Safe.
contract PositionsTest is PositionsFixture {
    function setUp() public virtual {
        _deployPositions(true, true);
    }

    function test_withdraws_a_whole_range_to_the_avatar_and_leaves_it_the_nft() public {
        uint256 tokenId = _openAround(avatar, 20 * BASE);
        uint256 worth = _worthAt(tokenId, PRICE * QUOTE);
        (uint256 ofBase, uint256 ofQuote) = (base.balanceOf(avatar), quote.balanceOf(avatar));
        (uint256 sold, uint256 received) = _hedge(_orderWith(true, 0, _withdrawal(tokenId, ALL)));

        vm.assertEq(sold + received, 0, "no fill");
        vm.assertEq(_liquidityIn(tokenId), 0, "liquidity left");
        vm.assertEq(nfts.ownerOf(tokenId), avatar, "owner of the NFT");
        ofBase = base.balanceOf(avatar) - ofBase;
        ofQuote = quote.balanceOf(avatar) - ofQuote;
        vm.assertGt(ofBase, 19 * BASE, "base");
        vm.assertApproxEqRel(ofBase * PRICE * QUOTE / BASE + ofQuote, worth, 1e9, "all that it was worth");
    }

    function test_withdraws_ranges_of_one_token_alone() public {
        uint256 ofBase = _openOfBase(avatar, 30 * BASE);
        uint256 ofQuote = _openOfQuote(avatar, 90_000 * QUOTE);
        uint256 had = quote.balanceOf(avatar);
        _hedge(_orderWith(true, 0, _withdrawal(ofBase, ALL), _withdrawal(ofQuote, ALL)));
        vm.assertApproxEqRel(base.balanceOf(avatar), 30 * BASE, 1e6, "base");
        vm.assertApproxEqRel(quote.balanceOf(avatar), had + 90_000 * QUOTE, 1e13, "quote");
    }

    function test_withdraws_a_part_and_says_what_came_of_it() public {
        uint256 tokenId = _openOfBase(avatar, 30 * BASE);
        uint128 all = _liquidityIn(tokenId);
        vm.recordLogs();
        _hedge(_orderWith(true, 0, _withdrawal(tokenId, all / 3)));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        // Before the order's own.
        Vm.Log memory log = logs[logs.length - 2];
        vm.assertEq(uint256(log.topics[0]), uint256(IHedgeModule.LiquidityWithdrawn.selector), "event");
        vm.assertEq(address(uint160(uint256(log.topics[1]))), avatar, "avatar");
        vm.assertEq(log.data, abi.encode(tokenId, all / 3, base.balanceOf(avatar), 0), "what came of it");
        vm.assertApproxEqRel(base.balanceOf(avatar), 10 * BASE, 1e6, "base");
        vm.assertEq(_liquidityIn(tokenId), all - all / 3, "liquidity left");
    }

    function test_brings_the_fees_that_the_range_earned() public {
        uint256 tokenId = _openAround(avatar, 20 * BASE);
        uint256 worth = _worthAt(tokenId, PRICE * QUOTE);
        // To and fro: what the pool's own fees bring of it.
        _movePools(PRICE * QUOTE * 104 / 100);
        _movePools(PRICE * QUOTE);
        uint256 before = _owned();
        _hedge(_orderWith(true, 0, _withdrawal(tokenId, ALL)));
        vm.assertGt(_owned() - before, worth * 10_001 / 10_000, "liquidity and fees");
    }

    function test_withdraws_sells_and_repays_in_one_order() public {
        _hedge(
            _orderWith(true, 0, _step(SUPPLY + OF_QUOTE, 500_000 * QUOTE), _step(BORROW + OF_QUOTE, 150_000 * QUOTE))
        );
        uint256 tokenId = _openOfBase(avatar, 30 * BASE);
        (,,, uint256 turnover) = module.stateOf(avatar);
        uint256 had = quote.balanceOf(avatar);
        (uint256 sold, uint256 received) = _hedge(
            _orderWith(
                true, 20 * BASE, _withdrawal(tokenId, ALL), _swap(20 * BASE), _step(REPAY + OF_QUOTE, 59_000 * QUOTE)
            )
        );
        vm.assertEq(sold, 20 * BASE, "what the swap sold, and nothing of what came in");
        vm.assertEq(quote.balanceOf(avatar), had + received - 59_000 * QUOTE, "quote");
        vm.assertApproxEqRel(base.balanceOf(avatar), 10 * BASE, 1e6, "base");
        vm.assertApproxEqRel(quoteOwed.balanceOf(avatar), 91_000 * QUOTE, 1e12, "owed");
        (,,, uint256 left) = module.stateOf(avatar);
        vm.assertEq(left, turnover - 20 * PRICE * QUOTE, "turnover of the swap");
    }

    function test_withdraws_base_to_repay_base_with_it() public {
        _goShort(300_000 * QUOTE, 25 * BASE);
        uint256 tokenId = _openOfBase(avatar, 30 * BASE);
        uint256 health = _healthFactor();
        _hedge(_orderWith(true, 0, _withdrawal(tokenId, ALL), _step(REPAY, ALL)));
        vm.assertEq(baseOwed.balanceOf(avatar), 0, "owed");
        vm.assertGt(_healthFactor(), health, "health factor");
        vm.assertApproxEqRel(base.balanceOf(avatar), 5 * BASE, 1e12, "what is left");
    }

    function test_all_of_the_order_or_nothing() public {
        uint256 tokenId = _openOfBase(avatar, 30 * BASE);
        uint128 liquidity = _liquidityIn(tokenId);
        _refusedWith(
            _orderWith(true, 0, _withdrawal(tokenId, ALL), _step(BORROW, 90 * BASE)), Errors.LendingFailed.selector
        );
        IHedgeModule.Order memory dear = _orderWith(true, BASE, _withdrawal(tokenId, ALL), _swap(BASE));
        dear.quoteLimit = 2 * PRICE * QUOTE;
        _refusedWith(dear, Errors.QuoteLimitMissed.selector);
        vm.assertEq(_liquidityIn(tokenId), liquidity, "liquidity");
        vm.assertEq(base.balanceOf(avatar), 0, "base");
    }

    function test_what_comes_in_counts_for_the_inventory_of_the_swaps_beside_it() public {
        uint256 tokenId = _openOfBase(avatar, 90 * BASE);
        IHedgeModule.Mandate memory mandate = _positionsMandate();
        (mandate.minBase, mandate.maxBase) = (int128(int256(80 * BASE)), uint128(85 * BASE));
        _setMandate(mandate);
        _refusedWith(
            _orderWith(true, 11 * BASE, _withdrawal(tokenId, ALL), _swap(11 * BASE)), Errors.BaseBelowMinimum.selector
        );
        _refusedWith(_orderWith(false, BASE, _withdrawal(tokenId, ALL), _swap(BASE)), Errors.BaseAboveMaximum.selector);
        _hedge(_orderWith(true, 9 * BASE, _withdrawal(tokenId, ALL), _swap(9 * BASE)));
    }

    function test_takes_no_turnover_and_wants_a_fresh_oracle() public {
        uint256 tokenId = _openOfBase(avatar, 30 * BASE);
        (,,, uint256 turnover) = module.stateOf(avatar);
        IHedgeModule.Order memory order = _orderWith(true, 0, _withdrawal(tokenId, 1));
        _hedge(order);
        (uint64 sequence,,, uint256 left) = module.stateOf(avatar);
        vm.assertEq(left, turnover, "turnover");
        vm.assertEq(sequence, order.sequence + 1, "each counts");
        vm.warp(block.timestamp + 2 hours);
        _refusedWith(_orderWith(true, 0, _withdrawal(tokenId, ALL)), Errors.AnswerStale.selector);
    }

    function test_refuses_where_the_mandate_names_no_position_manager() public {
        uint256 tokenId = _openOfBase(avatar, 30 * BASE);
        _setMandate(_lendingMandate());
        bytes memory reason = abi.encodeWithSelector(Errors.PoolNotAllowed.selector, avatar, address(nfts));
        _refused(_orderWith(true, 0, _withdrawal(tokenId, ALL)), reason);
        IHedgeModule.Leg memory nowhere = _withdrawal(tokenId, ALL);
        nowhere.pool = address(0);
        _refused(
            _orderWith(true, 0, nowhere), abi.encodeWithSelector(Errors.PoolNotAllowed.selector, avatar, address(0))
        );
        vm.expectRevert(abi.encodeWithSelector(Errors.NotAPositionManager.selector, address(0)));
        vm.prank(guardian);
        module.rescueLiquidity(avatar, tokenId, type(uint128).max);
    }

    function test_reaches_positions_without_a_lending_market() public {
        IHedgeModule.Mandate memory mandate = _mandate();
        (mandate.minBase, mandate.positionManager) = (0, address(nfts));
        _setMandate(mandate);
        uint256 tokenId = _openOfBase(avatar, 30 * BASE);
        _hedge(_orderWith(true, 10 * BASE, _withdrawal(tokenId, ALL), _swap(10 * BASE)));
        vm.assertEq(_liquidityIn(tokenId), 0, "liquidity left");
    }

    function test_holds_the_mandate_as_it_was_set() public view {
        vm.assertEq(abi.encode(module.mandateOf(avatar)), abi.encode(_positionsMandate()), "mandate");
    }

    function test_refuses_a_mandate_whose_position_manager_is_none() public {
        IHedgeModule.Mandate memory mandate = _positionsMandate();
        mandate.positionManager = stranger;
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.NotAContract.selector, stranger));
        mandate.positionManager = address(base);
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.NotAPositionManager.selector, address(base)));
    }

    function test_the_guardian_rescues_liquidity_while_it_is_paused() public {
        uint256 tokenId = _openOfBase(avatar, 30 * BASE);
        vm.startPrank(guardian);
        module.pause(avatar);
        (uint256 ofBase, uint256 ofQuote) = module.rescueLiquidity(avatar, tokenId, type(uint128).max);
        vm.stopPrank();
        vm.assertEq(base.balanceOf(avatar), ofBase, "base");
        vm.assertEq(ofQuote, 0, "quote");
        vm.assertEq(_liquidityIn(tokenId), 0, "liquidity left");
        _refusedWith(_orderWith(true, 0, _withdrawal(tokenId, ALL)), Errors.HedgingPaused.selector);
    }

    function test_nobody_else_rescues_liquidity() public {
        uint256 tokenId = _openOfBase(avatar, 30 * BASE);
        address[2] memory callers = [keeper, stranger];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(Errors.NotAvatarOrGuardian.selector, avatar, callers[i]));
            vm.prank(callers[i]);
            module.rescueLiquidity(avatar, tokenId, type(uint128).max);
        }
        vm.prank(avatar);
        module.rescueLiquidity(avatar, tokenId, type(uint128).max);
    }

    function _refusedMandate(IHedgeModule.Mandate memory mandate, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(avatar);
        module.setMandate(mandate);
    }

    function _owned() private view returns (uint256) {
        return base.balanceOf(avatar) * PRICE * QUOTE / BASE + quote.balanceOf(avatar);
    }
}

/// @notice The same where base is the pool's second token.
contract PositionsReversedTest is PositionsTest {
    function setUp() public override {
        _deployPositions(false, false);
    }
}
