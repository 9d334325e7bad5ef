// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../../src/IHedgeModule.sol";
import {IHedgeModuleErrors} from "../../src/IHedgeModuleErrors.sol";
import {IOptionVault} from "../../src/vault/IOptionVault.sol";
import {SpendableToken, VaultFixture} from "./VaultFixture.sol";
import {bound, vm} from "../support/Vm.sol";

/// @notice The HedgeModule on the vault, and what is tried while it works; donations and the first depositor's trick.
/// forge-config: default.isolate = true
contract OptionVaultAttacksTest is VaultFixture {
    function setUp() public {
        _deployVault();
    }

    function test_the_hedge_module_hedges_the_vault() public {
        _openForHedges();
        (uint256 bought, uint256 paid) = _hedge(_order(false, 2 * BASE));
        vm.assertEq(base.balanceOf(address(vault)), bought, "base");
        vm.assertEq(quote.balanceOf(address(vault)), 100_000 * QUOTE - paid, "quote");
        (uint256 sold, uint256 received) = _hedge(_order(true, 2 * BASE));
        vm.assertEq(sold, bought, "sold again");
        _close();
        vm.assertEq(vault.totalAssets(), 100_000 * QUOTE - paid + received, "what hedging cost is the shares'");
    }

    function test_nobody_comes_in_while_a_hedge_executes() public {
        _openForHedges();
        _give(stranger, 10 * QUOTE);
        bytes memory enter = abi.encodeCall(vault.requestDeposit, (QUOTE, address(quote), address(quote)));
        // The token that the vault pays with is asked within the vault's own call; it swallows the refusal.
        quote.callOut(address(vault), enter);
        _hedge(_order(false, BASE));
        vm.assertTrue(quote.calledOut(), "called");
        vm.assertFalse(quote.callSucceeded(), "refused");
        vm.assertEq(quote.callAnswer(), abi.encodeWithSelector(IOptionVault.EntryDuringHedge.selector), "why");
    }

    function test_who_comes_in_before_the_hedges_first_payment_undoes_the_hedge() public {
        _openForHedges();
        // The pool pays base first: then the vault knows nothing of a hedge yet, so the hedge is what is refused.
        base.callOut(address(vault), abi.encodeCall(vault.cancelDepositRequest, (address(base), stranger)));
        quote.mint(address(base), QUOTE);
        vm.prank(address(base));
        SpendableToken(address(quote)).approve(address(vault), QUOTE);
        vm.prank(address(base));
        vault.requestDeposit(QUOTE, address(base), address(base));
        _refused(_order(false, BASE), abi.encodeWithSelector(IOptionVault.HedgeDuringEntry.selector));
    }

    function test_every_way_in_or_out_is_shut_while_a_hedge_executes() public {
        _openForHedges();
        bytes[10] memory ways = [
            abi.encodeCall(vault.requestDeposit, (1, stranger, stranger)),
            abi.encodeCall(vault.requestRedeem, (1, stranger, stranger)),
            abi.encodeCall(vault.cancelDepositRequest, (stranger, stranger)),
            abi.encodeCall(vault.cancelRedeemRequest, (stranger, stranger)),
            abi.encodeWithSignature("deposit(uint256,address,address)", 1, stranger, stranger),
            abi.encodeWithSignature("mint(uint256,address,address)", 1, stranger, stranger),
            abi.encodeCall(vault.redeem, (1, stranger, stranger)),
            abi.encodeCall(vault.withdraw, (1, stranger, stranger)),
            abi.encodeCall(vault.closeRound, ()),
            abi.encodeCall(vault.settle, ())
        ];
        for (uint256 i = 0; i < ways.length; ++i) {
            quote.callOut(address(vault), ways[i]);
            _hedge(_order(false, BASE / 10));
            vm.assertEq(quote.callAnswer(), abi.encodeWithSelector(IOptionVault.EntryDuringHedge.selector), "why");
        }
    }

    function test_a_token_that_calls_back_into_a_settlement_is_refused() public {
        _request(alice, 100 * QUOTE);
        quote.callOut(address(vault), abi.encodeCall(vault.settle, ()));
        vault.settle();
        vm.assertEq(quote.callAnswer(), abi.encodeWithSelector(IOptionVault.Reentered.selector), "why");
        vm.assertEq(vault.totalSupply(), 100 * SHARE, "once");
    }

    function test_a_token_that_takes_a_fee_is_refused() public {
        _give(alice, 100 * QUOTE);
        SpendableToken(address(quote)).chargeFee(1);
        vm.expectRevert(abi.encodeWithSelector(IOptionVault.AssetAmountDiffers.selector, 100 * QUOTE, 100 * QUOTE - 1));
        vm.prank(alice);
        vault.requestDeposit(100 * QUOTE, alice, alice);
    }

    /// @dev Whoever holds the only share and gives the vault a fortune gets no more than that back, and who comes next loses
    /// a millionth of it at most.
    function test_the_first_depositors_trick_costs_more_than_it_takes(uint256 seed, uint256 gift, uint256 amount)
        public
    {
        seed = bound(seed, 1, QUOTE);
        gift = bound(gift, 1, 1e9 * QUOTE);
        amount = bound(amount, QUOTE, 1e9 * QUOTE);
        _join(stranger, seed);
        _request(alice, amount);
        quote.mint(address(vault), gift);
        vault.settle();
        vm.prank(alice);
        vault.deposit(amount, alice);
        _requestRedeem(stranger, vault.balanceOf(stranger));
        // A share unit is worth more than the whole deposit only after a gift of a million times as much.
        if (vault.balanceOf(alice) != 0) _requestRedeem(alice, vault.balanceOf(alice));
        vault.settle();
        vm.assertLe(vault.maxWithdraw(stranger), seed + gift, "the trick pays nobody");
        vm.assertGe(
            vault.maxWithdraw(alice) + amount / 1e6 + gift / 1e6 / seed + 2, amount, "the next depositor's loss"
        );
    }

    function test_a_donation_changes_no_price_before_a_settlement_and_then_everybodys_alike(uint256 gift) public {
        gift = bound(gift, 1, 1e9 * QUOTE);
        _join(alice, 1_000 * QUOTE);
        _join(bob, 3_000 * QUOTE);
        uint256 price = vault.convertToAssets(SHARE);
        quote.mint(address(vault), gift);
        quote.mint(address(vault.ESCROW()), gift);
        vm.assertEq(vault.convertToAssets(SHARE), price, "price");
        _requestRedeem(alice, 1_000 * SHARE);
        _requestRedeem(bob, 3_000 * SHARE);
        vault.settle();
        uint256 total = 4_000 * QUOTE + gift;
        vm.assertApproxEqRel(vault.maxWithdraw(alice), total / 4, 1e13, "a quarter");
        vm.assertLe(vault.maxWithdraw(alice) + vault.maxWithdraw(bob), total, "the queue's gift is nobody's");
    }

    function test_after_a_total_loss_newcomers_own_what_they_bring() public {
        _join(alice, 1_000 * QUOTE);
        _openWith(_onDesk());
        _earn(0);
        _lose(1_000 * QUOTE);
        _request(bob, 500 * QUOTE);
        _close();
        vm.prank(bob);
        vault.deposit(500 * QUOTE, bob);
        vm.assertApproxEqRel(vault.convertToAssets(vault.balanceOf(bob)), 500 * QUOTE, 1e13, "bob's");
    }

    function test_a_thief_of_the_keepers_key_is_held_to_the_mandate_here_too() public {
        _openForHedges();
        IHedgeModule.Mandate memory mandate = _vaultMandate();
        mandate.pools[1] = address(hostilePool);
        _setVaultMandate(mandate);
        hostilePool.behave(BASE, 4_000 * QUOTE, 1);
        IHedgeModule.Order memory order = _orderOn(address(hostilePool), false, BASE);
        _refusedWith(order, IHedgeModuleErrors.PriceOutsideOracleBound.selector);
        vm.expectRevert(abi.encodeWithSelector(IOptionVault.NotModule.selector, keeper));
        vm.prank(keeper);
        vault.execTransactionFromModule(address(quote), 0, abi.encodeCall(quote.transfer, (keeper, 1)), 0);
    }

    function _openForHedges() private {
        _join(alice, 100_000 * QUOTE);
        _open();
        _setVaultMandate(_vaultMandate());
    }
}
