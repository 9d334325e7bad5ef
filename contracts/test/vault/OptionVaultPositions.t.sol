// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IPositionManager} from "../../src/External.sol";
import {IHedgeModule} from "../../src/IHedgeModule.sol";
import {IHedgeModuleErrors as Errors} from "../../src/IHedgeModuleErrors.sol";
import {IOptionVault} from "../../src/vault/IOptionVault.sol";
import {INfts, NftsFixture} from "../support/NftsFixture.sol";
import {vm} from "../support/Vm.sol";
import {VaultFixture} from "./VaultFixture.sol";

/// @notice The vault as the owner of a Uniswap v3 position, which the module withdraws for it.
/// forge-config: default.isolate = true
contract OptionVaultPositionsTest is VaultFixture, NftsFixture {
    uint256 private constant OFFERED = 30_000 * QUOTE;
    uint256 private tokenId;
    /// @dev Without what the position manager's rounding left unused.
    uint256 private inPosition;

    function setUp() public {
        _deployVault();
        _deployNfts();
        vm.prank(owner);
        vault.allowTarget(address(nfts));
        _join(alice, 100_000 * QUOTE);
        _openWith(_withoutPositions());
        _provide();
        IHedgeModule.Mandate memory mandate = _vaultMandate();
        mandate.positionManager = address(nfts);
        _setVaultMandate(mandate);
    }

    function test_the_keeper_withdraws_the_vaults_liquidity_to_the_vault() public {
        uint256 held = quote.balanceOf(avatar);
        (uint256 sold, uint256 received) = _hedge(_withdrawalOrder());
        vm.assertEq(sold + received, 0, "no fill");
        vm.assertGe(quote.balanceOf(avatar) + 1, held + inPosition, "all but the pool's rounding");
        vm.assertEq(_liquidityIn(tokenId), 0, "liquidity left");
        vm.assertEq(nfts.ownerOf(tokenId), avatar, "owner of the NFT");
    }

    /// @dev A range that the price fell through is base when it comes out; it is sold in the same order.
    function test_what_comes_out_as_base_is_sold_in_the_same_order() public {
        _fallThrough();
        (uint256 sold, uint256 received) = _hedge(_exit());
        vm.assertGt(sold, 9 * BASE, "sold");
        vm.assertLe(base.balanceOf(avatar), DUST, "base left");
        vm.assertGt(received, 26_000 * QUOTE, "quote");
        _burn();
        _close();
        vm.assertEq(vault.totalAssets(), quote.balanceOf(avatar), "all is quote");
    }

    /// @dev Shares are not priced while the vault has the NFT: what is in it would count as nothing.
    function test_the_stated_position_keeps_the_round_open_until_it_is_burnt() public {
        _expectOpen();
        _hedge(_withdrawalOrder());
        // Empty, and there: somebody else might add to it.
        _expectOpen();
        _burn();
        _request(stranger, QUOTE);
        _close();
        vm.assertGe(vault.totalAssets() + 2, 100_000 * QUOTE, "all back");
        vm.assertApproxEqRel(vault.maxMint(stranger), vault.balanceOf(alice) / 100_000, 1e10, "one price");
    }

    /// @dev Anybody may add to anybody's position, after which it cannot be burnt: the owner does all in one call.
    function test_dust_that_a_stranger_adds_does_not_keep_the_round_open() public {
        _hedge(_withdrawalOrder());
        _addDust();
        vm.expectRevert();
        _burn();
        bytes[] memory calls = new bytes[](3);
        calls[0] = abi.encodeCall(
            IPositionManager.decreaseLiquidity,
            (IPositionManager.DecreaseLiquidityParams(tokenId, _liquidityIn(tokenId), 0, 0, block.timestamp))
        );
        calls[1] = abi.encodeCall(
            IPositionManager.collect,
            (IPositionManager.CollectParams(tokenId, avatar, type(uint128).max, type(uint128).max))
        );
        calls[2] = abi.encodeCall(INfts.burn, (tokenId));
        _execute(address(nfts), abi.encodeCall(INfts.multicall, (calls)));
        _close();
    }

    /// @dev As with base that is bought: a thief of the keeper's key keeps the round open until it is sold.
    function test_base_that_comes_out_keeps_the_round_open_until_it_is_sold() public {
        _fallThrough();
        _hedge(_withdrawalOrder());
        _burn();
        uint256 held = base.balanceOf(avatar);
        vm.expectRevert(abi.encodeWithSelector(IOptionVault.BaseLeft.selector, held, DUST));
        _close();
        _hedge(_order(true, held));
        _close();
    }

    /// @dev Not between rounds, nor while the vault is paused: the guardian of the mandate reaches positions in a round only.
    function test_nothing_is_withdrawn_between_rounds_or_while_the_vault_is_paused() public {
        vm.prank(guardian);
        vault.pause();
        _refused(_withdrawalOrder(), abi.encodeWithSignature("EnforcedPause()"));
        vm.expectRevert(abi.encodeWithSignature("EnforcedPause()"));
        vm.prank(guardian);
        module.rescueLiquidity(avatar, tokenId, type(uint128).max);
        vm.prank(owner);
        vault.unpause();

        _hedge(_withdrawalOrder());
        _burn();
        _close();
        bytes memory reason = abi.encodeWithSelector(IOptionVault.NoRoundOpen.selector);
        uint256 another = _openOfBase(stranger, BASE);
        vm.prank(stranger);
        nfts.transferFrom(stranger, avatar, another);
        _refused(_orderOf(another), reason);
    }

    function test_the_guardian_rescues_liquidity_while_the_mandate_is_paused() public {
        vm.startPrank(guardian);
        module.pause(avatar);
        (, uint256 ofQuote) = module.rescueLiquidity(avatar, tokenId, type(uint128).max);
        vm.stopPrank();
        vm.assertGe(ofQuote + 1, inPosition, "quote");
        _refusedWith(_withdrawalOrder(), Errors.HedgingPaused.selector);
    }

    /// @dev The token that the pool pays with calls the vault: nobody comes or goes in the middle of a withdrawal.
    function test_nobody_comes_or_goes_while_liquidity_is_withdrawn() public {
        bytes[4] memory ways = [
            abi.encodeCall(vault.requestDeposit, (1, stranger, stranger)),
            abi.encodeCall(vault.cancelDepositRequest, (stranger, stranger)),
            abi.encodeCall(vault.settle, ()),
            abi.encodeCall(vault.closeRound, ())
        ];
        for (uint256 i = 0; i < ways.length; ++i) {
            quote.callOut(address(vault), ways[i]);
            _hedge(_orderOf(tokenId, _liquidityIn(tokenId) / 5));
            vm.assertTrue(quote.calledOut(), "called");
            vm.assertEq(quote.callAnswer(), abi.encodeWithSelector(IOptionVault.EntryDuringHedge.selector), "why");
        }
    }

    function test_a_thief_of_the_keepers_key_has_no_other_way_to_the_position() public {
        bytes[3] memory ways = [
            abi.encodeCall(INfts.transferFrom, (avatar, keeper, tokenId)),
            abi.encodeCall(INfts.approve, (keeper, tokenId)),
            abi.encodeCall(INfts.setApprovalForAll, (keeper, true))
        ];
        for (uint256 i = 0; i < ways.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IOptionVault.NotModule.selector, keeper));
            vm.prank(keeper);
            vault.execTransactionFromModule(address(nfts), 0, ways[i], 0);
            vm.expectRevert();
            vm.prank(keeper);
            (bool isDone,) = address(nfts).call(ways[i]);
            vm.assertTrue(isDone, "expectRevert turns it round");
        }
        market.moveTo(pool, _sqrtPriceX96(PRICE * QUOTE * 9_900 / 10_000));
        _refusedWith(_withdrawalOrder(), Errors.PoolAwayFromOracle.selector);
    }

    /// @dev A range under the price, of quote alone, by the owner's own calls.
    function _provide() private {
        vm.prank(owner);
        vault.approveTarget(IERC20(address(quote)), address(nfts), OFFERED);
        INfts.MintParams memory params = _rangeUnderThePrice(OFFERED);
        uint256 held = quote.balanceOf(avatar);
        vm.prank(owner);
        bytes memory answer = vault.execute(address(nfts), 0, abi.encodeCall(INfts.mint, (params)));
        (tokenId,,,) = abi.decode(answer, (uint256, uint128, uint256, uint256));
        inPosition = held - quote.balanceOf(avatar);
        vm.prank(owner);
        vault.approveTarget(IERC20(address(quote)), address(nfts), 0);
    }

    function _withoutPositions() private view returns (IOptionVault.Position[] memory positions) {
        positions = new IOptionVault.Position[](1);
        positions[0] = IOptionVault.Position(
            address(nfts), abi.encodeCall(INfts.balanceOf, (avatar)), keccak256(abi.encode(uint256(0)))
        );
    }

    function _fallThrough() private {
        aggregator.set(int256(2_700 * 1e8));
        _movePools(2_700 * QUOTE);
    }

    /// @dev All of the range, and a sale of what base it has become, with the fees that were paid on the way.
    function _exit() private view returns (IHedgeModule.Order memory order) {
        uint256 worth = _worthAt(tokenId, 2_700 * QUOTE);
        uint256 amount = worth * BASE / (2_700 * QUOTE) * 10_005 / 10_000 - DUST / 2;
        order = _order(true, amount);
        order.legs = new IHedgeModule.Leg[](2);
        order.legs[0] = _withdrawal(tokenId, type(uint128).max);
        order.legs[1] = IHedgeModule.Leg(0, pool, uint128(amount), 0, 0, 0);
    }

    function _withdrawalOrder() private view returns (IHedgeModule.Order memory) {
        return _orderOf(tokenId);
    }

    function _orderOf(uint256 id) private view returns (IHedgeModule.Order memory) {
        return _orderOf(id, type(uint128).max);
    }

    function _orderOf(uint256 id, uint256 most) private view returns (IHedgeModule.Order memory order) {
        order = _order(true, 0);
        order.legs[0] = _withdrawal(id, most);
    }

    function _burn() private {
        _execute(address(nfts), abi.encodeCall(INfts.burn, (tokenId)));
    }

    function _expectOpen() private {
        vm.expectRevert(abi.encodeWithSelector(IOptionVault.PositionOpen.selector, 0, nfts));
        _close();
    }

    function _addDust() private {
        INfts.IncreaseLiquidityParams memory dust;
        (dust.tokenId, dust.deadline) = (tokenId, block.timestamp);
        (dust.amount0Desired, dust.amount1Desired) = (QUOTE, QUOTE);
        quote.mint(stranger, QUOTE);
        vm.startPrank(stranger);
        quote.approve(address(nfts), QUOTE);
        nfts.increaseLiquidity(dust);
        vm.stopPrank();
    }
}
