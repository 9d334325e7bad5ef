// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOptionVault} from "../../src/vault/IOptionVault.sol";
import {QueueEscrow} from "../../src/vault/QueueEscrow.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {VaultFixture} from "./VaultFixture.sol";
import {bound, vm} from "../support/Vm.sol";

/// @notice Coming and going by queue.
/// forge-config: default.isolate = true
contract OptionVaultQueueTest is VaultFixture {
    function setUp() public {
        _deployVault();
    }

    function test_a_deposit_waits_in_the_escrow_until_it_is_settled() public {
        _request(alice, 1_000 * QUOTE);
        vm.assertEq(vault.pendingDepositRequest(0, alice), 1_000 * QUOTE, "pending");
        vm.assertEq(vault.claimableDepositRequest(0, alice), 0, "claimable");
        vm.assertEq(quote.balanceOf(address(vault.ESCROW())), 1_000 * QUOTE, "in the escrow");
        vault.settle();
        vm.assertEq(vault.pendingDepositRequest(0, alice), 0, "pending afterwards");
        vm.assertEq(vault.maxDeposit(alice), 1_000 * QUOTE, "claimable afterwards");
        vm.assertEq(vault.maxMint(alice), 1_000 * SHARE, "shares");
        vm.assertEq(quote.balanceOf(address(vault)), 1_000 * QUOTE, "in the vault");
        vm.prank(alice);
        vm.assertEq(vault.deposit(1_000 * QUOTE, bob, alice), 1_000 * SHARE, "claimed");
        vm.assertEq(vault.balanceOf(bob), 1_000 * SHARE, "the receiver's");
    }

    function test_a_redemption_is_paid_at_the_price_of_its_settlement() public {
        _join(alice, 1_000 * QUOTE);
        _requestRedeem(alice, 400 * SHARE);
        vm.assertEq(vault.pendingRedeemRequest(0, alice), 400 * SHARE, "pending");
        _open();
        _earn(500 * QUOTE);
        vm.assertEq(vault.totalAssets(), 1_000 * QUOTE, "as of the last settlement");
        _lose(0);
        _close();
        // A millionth of a share belongs to nobody.
        vm.assertApproxEqRel(vault.maxWithdraw(alice), 600 * QUOTE, 1e12, "a half more for each");
        uint256 claimable = vault.maxWithdraw(alice);
        vm.prank(alice);
        vm.assertEq(vault.redeem(400 * SHARE, alice, alice), claimable, "paid");
        vm.assertEq(quote.balanceOf(alice), claimable, "received");
        vm.assertEq(vault.totalSupply(), 600 * SHARE, "left");
    }

    function test_who_comes_and_who_goes_get_one_price() public {
        _join(alice, 1_000 * QUOTE);
        _open();
        _earn(1_000 * QUOTE);
        _requestRedeem(alice, 500 * SHARE);
        _request(bob, 1_000 * QUOTE);
        _lose(0);
        _close();
        vm.assertApproxEqRel(vault.maxMint(bob), 500 * SHARE, 1e12, "bob's shares");
        vm.assertApproxEqRel(vault.maxWithdraw(alice), 1_000 * QUOTE, 1e12, "alice's quote");
    }

    function test_nothing_settles_while_a_round_is_open() public {
        _request(alice, 1_000 * QUOTE);
        _open();
        vm.expectRevert(abi.encodeWithSelector(IOptionVault.RoundIsOpen.selector, 1));
        vault.settle();
        vm.assertEq(vault.pendingDepositRequest(0, alice), 1_000 * QUOTE, "still pending");
    }

    function test_what_is_pending_can_be_taken_back_and_what_is_settled_cannot() public {
        _request(alice, 1_000 * QUOTE);
        vm.prank(alice);
        vm.assertEq(vault.cancelDepositRequest(alice, alice), 1_000 * QUOTE, "back");
        vm.assertEq(quote.balanceOf(alice), 1_000 * QUOTE, "hers");
        _join(bob, 500 * QUOTE);
        _requestRedeem(bob, 500 * SHARE);
        vm.prank(bob);
        vm.assertEq(vault.cancelRedeemRequest(bob, bob), 500 * SHARE, "shares back");
        _requestRedeem(bob, 500 * SHARE);
        vault.settle();
        vm.expectRevert(abi.encodeWithSelector(IOptionVault.NothingPending.selector, bob));
        vm.prank(bob);
        vault.cancelRedeemRequest(bob, bob);
    }

    function test_only_operators_act_for_others() public {
        _request(alice, 1_000 * QUOTE);
        bytes memory refusal = abi.encodeWithSelector(IOptionVault.NotControllerOrOperator.selector, alice, bob);
        vm.expectRevert(refusal);
        vm.prank(bob);
        vault.cancelDepositRequest(alice, bob);
        vault.settle();
        vm.expectRevert(refusal);
        vm.prank(bob);
        vault.deposit(1_000 * QUOTE, bob, alice);
        vm.expectRevert(refusal);
        vm.prank(bob);
        vault.requestDeposit(1, bob, alice);
        vm.prank(alice);
        vault.setOperator(bob, true);
        vm.prank(bob);
        vault.deposit(1_000 * QUOTE, bob, alice);
        vm.assertEq(vault.balanceOf(bob), 1_000 * SHARE, "taken by the operator");
    }

    function test_shares_of_others_are_handed_in_by_allowance_only() public {
        _join(alice, 1_000 * QUOTE);
        vm.expectRevert();
        vm.prank(bob);
        vault.requestRedeem(SHARE, bob, alice);
        vm.prank(alice);
        vault.approve(bob, SHARE);
        vm.prank(bob);
        vault.requestRedeem(SHARE, bob, alice);
        vm.assertEq(vault.pendingRedeemRequest(0, bob), SHARE, "pending");
        vm.assertEq(vault.allowance(alice, bob), 0, "used up");
    }

    function test_no_more_is_claimed_than_there_is() public {
        _request(alice, 1_000 * QUOTE);
        vault.settle();
        vm.expectRevert(
            abi.encodeWithSelector(IOptionVault.MoreThanClaimable.selector, 1_000 * QUOTE + 1, 1_000 * QUOTE)
        );
        vm.prank(alice);
        vault.deposit(1_000 * QUOTE + 1, alice);
        vm.expectRevert(
            abi.encodeWithSelector(IOptionVault.MoreThanClaimable.selector, 1_000 * SHARE + 1, 1_000 * SHARE)
        );
        vm.prank(alice);
        vault.mint(1_000 * SHARE + 1, alice);
        vm.expectRevert(abi.encodeWithSelector(IOptionVault.NothingRequested.selector));
        vm.prank(alice);
        vault.mint(0, alice);
    }

    /// @dev Whatever way of asking is mixed with whatever else.
    function test_claims_in_parts_add_up_to_no_more_than_the_whole(
        uint256[6] memory parts,
        uint256 amount,
        uint256 profit
    ) public {
        _join(bob, 1_000 * QUOTE);
        _open();
        _earn(bound(profit, 0, 10_000 * QUOTE));
        _lose(0);
        _request(alice, bound(amount, 1, 1e12 * QUOTE));
        _close();
        (uint256 assets, uint256 shares) = (vault.maxDeposit(alice), vault.maxMint(alice));
        for (uint256 i = 0; i < 6; ++i) {
            uint256 most = i % 2 == 0 ? vault.maxDeposit(alice) : vault.maxMint(alice);
            if (most == 0) break;
            vm.prank(alice);
            if (i % 2 == 0) vault.deposit(bound(parts[i], 1, most), alice);
            else vault.mint(bound(parts[i], 1, most), alice);
        }
        uint256 rest = vault.maxDeposit(alice);
        vm.prank(alice);
        if (rest != 0) vault.deposit(rest, alice);
        vm.assertLe(vault.balanceOf(alice), shares, "claimed");
        vm.assertGe(vault.balanceOf(alice) + vault.maxMint(alice), shares, "claimed or claimable");
        vm.assertLe(vault.maxDeposit(alice), assets, "nothing new");
    }

    function test_what_a_request_gives_is_not_known_before() public {
        bytes memory reason = abi.encodeWithSelector(IOptionVault.PreviewUnavailable.selector);
        vm.expectRevert(reason);
        vault.previewDeposit(1);
        vm.expectRevert(reason);
        vault.previewMint(1);
        vm.expectRevert(reason);
        vault.previewRedeem(1);
        vm.expectRevert(reason);
        vault.previewWithdraw(1);
    }

    function test_says_which_standards_it_keeps() public view {
        bytes4[5] memory ids = [bytes4(0x01ffc9a7), 0x2f0a18c5, 0xe3bc4e65, 0xce3bbe50, 0x620ee8e4];
        for (uint256 i = 0; i < 5; ++i) {
            vm.assertTrue(vault.supportsInterface(ids[i]), "supported");
        }
        vm.assertFalse(vault.supportsInterface(0xffffffff), "not this");
        vm.assertEq(vault.decimals(), 12, "six more than quote");
        vm.assertEq(vault.share(), address(vault), "its own share");
        vm.assertEq(vault.asset(), address(quote), "asset");
    }

    function test_the_escrow_pays_on_the_vaults_word_only() public {
        _request(alice, 1_000 * QUOTE);
        QueueEscrow escrow = vault.ESCROW();
        vm.expectRevert(abi.encodeWithSelector(QueueEscrow.NotVault.selector, owner));
        vm.prank(owner);
        escrow.pay(IERC20(address(quote)), owner, 1);
    }
}
