// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../../src/IHedgeModule.sol";
import {IHedgeModuleErrors as Errors} from "../../src/IHedgeModuleErrors.sol";
import {INfts} from "../support/NftsFixture.sol";
import {PositionsFixture} from "../support/PositionsFixture.sol";
import {IPool, RealContracts} from "../support/RealContracts.sol";
import {HostileToken} from "../support/Tokens.sol";
import {bound, vm} from "../support/Vm.sol";

/// @notice A stolen keeper's key, and whoever can push a pool, on the avatar's Uniswap v3 positions.
contract PositionAttacksTest is PositionsFixture {
    /// @dev Of the mandate.
    uint256 private constant SLIPPAGE_BPS = 50;

    function setUp() public {
        _deployPositions(true, false);
    }

    function test_somebody_elses_nft_is_out_of_reach_even_where_it_is_approved_for_the_avatar() public {
        uint256 tokenId = _openOfBase(stranger, 30 * BASE);
        bytes memory reason = abi.encodeWithSelector(Errors.PositionNotOwned.selector, tokenId, stranger);
        _refused(_orderWith(true, 0, _withdrawal(tokenId, ALL)), reason);
        vm.prank(stranger);
        nfts.approve(avatar, tokenId);
        _refused(_orderWith(true, 0, _withdrawal(tokenId, ALL)), reason);
        vm.prank(stranger);
        nfts.setApprovalForAll(avatar, true);
        _refused(_orderWith(true, 0, _withdrawal(tokenId, ALL)), reason);
        vm.expectRevert(reason);
        vm.prank(guardian);
        module.rescueLiquidity(avatar, tokenId, type(uint128).max);
    }

    function test_an_nft_that_does_not_exist_and_one_that_was_given_away() public {
        _refused(
            _orderWith(true, 0, _withdrawal(77, ALL)),
            abi.encodeWithSignature("Error(string)", "ERC721: owner query for nonexistent token")
        );
        uint256 tokenId = _openOfBase(avatar, 30 * BASE);
        vm.prank(avatar);
        nfts.transferFrom(avatar, stranger, tokenId);
        _refused(
            _orderWith(true, 0, _withdrawal(tokenId, ALL)),
            abi.encodeWithSelector(Errors.PositionNotOwned.selector, tokenId, stranger)
        );
    }

    function test_a_position_of_another_pair_stays_the_owners_own() public {
        HostileToken other = new HostileToken(6);
        address foreign = factory.createPool(address(base), address(other), 500);
        IPool(foreign).initialize(1 << 96);
        uint256 tokenId = _openIn(avatar, address(other), -1_000, 1_000, 10 * BASE, 10 * BASE);
        (,, address token0, address token1,,,,,,,,) = nfts.positions(tokenId);
        _refused(
            _orderWith(true, 0, _withdrawal(tokenId, ALL)),
            abi.encodeWithSelector(Errors.PositionOfOtherTokens.selector, tokenId, token0, token1)
        );
    }

    function test_another_position_manager_and_any_other_contract_is_refused() public {
        uint256 tokenId = _openOfBase(avatar, 30 * BASE);
        address[4] memory others =
            [RealContracts.deployPositionManager(address(factory)), lendingPool, pool, address(base)];
        for (uint256 i = 0; i < others.length; ++i) {
            IHedgeModule.Leg memory leg = _withdrawal(tokenId, ALL);
            leg.pool = others[i];
            _refused(
                _orderWith(true, 0, leg), abi.encodeWithSelector(Errors.PoolNotAllowed.selector, avatar, others[i])
            );
        }
        // Nor is it a lending pool, or anything to swap on.
        IHedgeModule.Leg memory lent = _step(SUPPLY, BASE);
        lent.pool = address(nfts);
        _refused(
            _orderWith(true, 0, lent), abi.encodeWithSelector(Errors.PoolNotAllowed.selector, avatar, address(nfts))
        );
        _refused(
            _orderOn(address(nfts), true, BASE),
            abi.encodeWithSelector(Errors.PoolNotAllowed.selector, avatar, address(nfts))
        );
    }

    function test_a_pool_pushed_beyond_the_slippage_is_refused_on_both_sides() public {
        uint256 tokenId = _openAround(avatar, 20 * BASE);
        uint256[2] memory pushed = [PRICE * QUOTE * 9_949 / 10_000, PRICE * QUOTE * 10_051 / 10_000];
        for (uint256 i = 0; i < pushed.length; ++i) {
            market.moveTo(pool, _sqrtPriceX96(pushed[i]));
            _refusedWith(_orderWith(true, 0, _withdrawal(tokenId, ALL)), Errors.PoolAwayFromOracle.selector);
            vm.expectPartialRevert(Errors.PoolAwayFromOracle.selector);
            vm.prank(guardian);
            module.rescueLiquidity(avatar, tokenId, type(uint128).max);
        }
        market.moveTo(pool, _sqrtPriceX96(PRICE * QUOTE * 9_951 / 10_000));
        _hedge(_orderWith(true, 0, _withdrawal(tokenId, ALL)));
    }

    /// @dev The order's own swap pushes the pool, through the position that is then withdrawn.
    function test_a_swap_of_the_same_order_cannot_push_it_either() public {
        uint256 tokenId = _openAround(avatar, 20 * BASE);
        IHedgeModule.Mandate memory mandate = _positionsMandate();
        mandate.minBase = type(int128).min / 2;
        mandate.turnoverCapacityQuote = type(uint128).max;
        mandate.maxSlippageBps = 100;
        _setMandate(mandate);
        base.mint(avatar, 2_000 * BASE);
        vm.warp(block.timestamp + 100 days);
        aggregator.set(int256(PRICE * 1e8));
        // On average within one percent, and at its end beyond it.
        _refusedWith(
            _orderWith(true, 800 * BASE, _swap(800 * BASE), _withdrawal(tokenId, ALL)),
            Errors.PoolAwayFromOracle.selector
        );
        _hedge(_orderWith(true, 100 * BASE, _swap(100 * BASE), _withdrawal(tokenId, ALL)));
    }

    /// @dev Somebody gives the avatar a position in a pool that he created at a price of his own.
    function test_a_position_in_a_pool_of_an_absurd_price_is_refused() public {
        address absurd = factory.createPool(address(base), address(quote), 10_000);
        IPool(absurd).initialize(_sqrtPriceX96(PRICE * QUOTE * 100));
        INfts.MintParams memory params;
        (params.token0, params.token1, params.fee) = (address(base), address(quote), 10_000);
        (params.tickLower, params.tickUpper) = (-887_200, 887_200);
        (params.amount0Desired, params.amount1Desired) = (BASE, 300_000 * QUOTE);
        (params.recipient, params.deadline) = (avatar, block.timestamp);
        base.mint(stranger, BASE);
        quote.mint(stranger, 300_000 * QUOTE);
        vm.startPrank(stranger);
        base.approve(address(nfts), BASE);
        quote.approve(address(nfts), 300_000 * QUOTE);
        (uint256 tokenId,,,) = nfts.mint(params);
        vm.stopPrank();
        _refusedWith(_orderWith(true, 0, _withdrawal(tokenId, ALL)), Errors.PoolAwayFromOracle.selector);
    }

    function test_repeated_withdrawals_bring_nothing_more_and_harm_nothing() public {
        uint256 tokenId = _openAround(avatar, 20 * BASE);
        _hedge(_orderWith(true, 0, _withdrawal(tokenId, ALL)));
        (uint256 ofBase, uint256 ofQuote) = (base.balanceOf(avatar), quote.balanceOf(avatar));
        for (uint256 i = 0; i < 3; ++i) {
            _hedge(_orderWith(true, 0, _withdrawal(tokenId, ALL), _withdrawal(tokenId, 1)));
        }
        vm.assertEq(base.balanceOf(avatar), ofBase, "base");
        vm.assertEq(quote.balanceOf(avatar), ofQuote, "quote");
        vm.assertEq(nfts.ownerOf(tokenId), avatar, "owner of the NFT");
    }

    /// @dev The pool rounds down each time: a unit of each token is all that a leg can cost.
    function test_withdrawals_of_dust_cost_a_unit_of_each_token_at_most() public {
        uint256 tokenId = _openAround(avatar, 20 * BASE);
        uint256 worth = _worth(tokenId);
        for (uint256 i = 1; i <= 20; ++i) {
            _hedge(_orderWith(true, 0, _withdrawal(tokenId, i * i), _withdrawal(tokenId, 1)));
        }
        // Of base a unit is worth nothing; and the yardstick has fifteen digits.
        vm.assertGe(_worth(tokenId) + 40 + worth / 1e12, worth, "worth");
    }

    /// @dev What is in the words that are not looked at, and who sent it, changes nothing: all goes to the avatar.
    function test_it_all_goes_to_the_avatar(uint24 fee, int24 tickSpacing, bool sellBase, uint128 most) public {
        uint256 tokenId = _openAround(avatar, 20 * BASE);
        uint256 before = base.balanceOf(avatar);
        IHedgeModule.Leg memory leg = _withdrawal(tokenId, bound(most, 1, type(uint128).max));
        (leg.fee, leg.tickSpacing) = (fee, tickSpacing);
        uint256 supply = _heldByOthers();
        _hedge(_orderWith(sellBase, 0, leg));
        vm.assertGe(base.balanceOf(avatar), before, "avatar");
        vm.assertEq(_heldByOthers(), supply, "held by anybody else");
        vm.assertEq(nfts.ownerOf(tokenId), avatar, "owner of the NFT");
    }

    /// @dev Wherever the pool was pushed within the bound, what comes out is worth no less at the oracle's price than
    /// what would have come out there: who pushes pays.
    function test_a_push_within_the_bound_costs_the_avatar_nothing(uint256 seed) public {
        uint256 tokenId = _anyRange(seed);
        uint256 worth = _worthAt(tokenId, PRICE * QUOTE);
        market.moveTo(
            pool,
            _sqrtPriceX96(
                PRICE * QUOTE * bound(seed >> 128, 10_000 - SLIPPAGE_BPS + 1, 10_000 + SLIPPAGE_BPS - 1) / 10_000
            )
        );
        uint256 before = _owned();
        _hedge(_orderWith(true, 0, _withdrawal(tokenId, ALL)));
        vm.assertGe(_owned() - before + 2 + worth / 1e12, worth, "worth");
    }

    /// @dev Any legs in any order, pools pushed between the orders: at the oracle's price, with ranges counted as they would
    /// be there, the avatar loses no more than the slippage of what was swapped, and roundings.
    /// forge-config: default.fuzz.runs = 64
    function test_no_sequence_of_orders_loses_more_than_the_slippage_of_what_it_swaps(uint256 seed) public {
        uint256[3] memory ranges = [_anyRange(seed), _anyRange(seed >> 32), _anyRange(seed >> 64)];
        base.mint(avatar, 20 * BASE);
        for (uint256 i = 0; i < 6; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            market.moveTo(pool, _sqrtPriceX96(PRICE * QUOTE * bound(seed, 9_940, 10_060) / 10_000));
            IHedgeModule.Order memory order = _anyOrder(seed, ranges);
            uint256 before = _worthOf(ranges);
            vm.prank(keeper);
            (bool success, bytes memory answer) = address(module).call(abi.encodeCall(module.hedge, (order)));
            if (!success) continue;
            (uint256 filled,) = abi.decode(answer, (uint256, uint256));
            uint256 lost = filled * PRICE * QUOTE / BASE * SLIPPAGE_BPS / 10_000;
            vm.assertGe(_worthOf(ranges) + lost + 3 * order.legs.length + before / 1e12, before, "worth");
        }
    }

    /// @dev The one above says little of orders that never pass.
    function test_enough_of_these_orders_pass() public {
        uint256 passed;
        uint256[3] memory ranges = [_anyRange(1), _anyRange(2), _anyRange(3)];
        base.mint(avatar, 20 * BASE);
        for (uint256 i = 0; i < 60; ++i) {
            uint256 state = vm.snapshotState();
            IHedgeModule.Order memory order = _anyOrder(uint256(keccak256(abi.encode(i))), ranges);
            vm.prank(keeper);
            (bool success,) = address(module).call(abi.encodeCall(module.hedge, (order)));
            if (success) ++passed;
            vm.revertToState(state);
        }
        vm.assertGt(passed, 20, "orders that passed");
    }

    function _anyRange(uint256 seed) private returns (uint256) {
        int24 width = SPACING * int24(int256(bound(seed >> 8, 1, 200)));
        int24 lower = SPACING * int24(int256(bound(seed >> 16, 0, 240))) - 120 * SPACING;
        return _open(avatar, lower, lower + width, 10 * BASE, 30_000 * QUOTE);
    }

    function _anyOrder(uint256 seed, uint256[3] memory ranges) private view returns (IHedgeModule.Order memory order) {
        order = _order(seed & 1 == 0, 0);
        order.minFillBps = 0;
        order.legs = new IHedgeModule.Leg[](1 + seed % 4);
        for (uint256 i = 0; i < order.legs.length; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 kind = seed % 4;
            if (kind < 2) {
                uint256 tokenId = ranges[(seed >> 8) % 3];
                order.legs[i] = _withdrawal(tokenId, seed & 0x80 == 0 ? ALL : 1 + _liquidityIn(tokenId) / 3);
            } else if (kind == 2) {
                order.legs[i] = _step(SUPPLY + OF_QUOTE, bound(seed >> 16, 1, 10_000 * QUOTE));
            } else {
                order.legs[i] = _swap(bound(seed >> 16, BASE / 100, 8 * BASE));
                order.baseAmount += order.legs[i].baseAmount;
            }
        }
    }

    /// @dev Of a range as it would be where the pool stands at the oracle, with what the avatar owns.
    function _worth(uint256 tokenId) private view returns (uint256) {
        return _worthAt(tokenId, PRICE * QUOTE) + _owned();
    }

    function _worthOf(uint256[3] memory ranges) private view returns (uint256 worth) {
        worth = _owned();
        for (uint256 i = 0; i < ranges.length; ++i) {
            worth += _worthAt(ranges[i], PRICE * QUOTE);
        }
    }

    function _owned() private view returns (uint256) {
        return (base.balanceOf(avatar) + baseSupplied.balanceOf(avatar)) * PRICE * QUOTE / BASE
            + quote.balanceOf(avatar) + quoteSupplied.balanceOf(avatar);
    }

    function _heldByOthers() private view returns (uint256 held) {
        address[5] memory others = [keeper, guardian, stranger, address(module), address(nfts)];
        for (uint256 i = 0; i < others.length; ++i) {
            held += base.balanceOf(others[i]) + quote.balanceOf(others[i]);
        }
    }
}
