// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {IOptionVault} from "../../src/vault/IOptionVault.sol";
import {OptionVault} from "../../src/vault/OptionVault.sol";
import {OptionDesk, SpendableToken, VaultFixture} from "./VaultFixture.sol";
import {vm} from "../support/Vm.sol";

/// @notice Rounds, and what owner, guardian and modules may and may not do.
/// forge-config: default.isolate = true
contract OptionVaultRoundsTest is VaultFixture {
    function setUp() public {
        _deployVault();
        _join(alice, 10_000 * QUOTE);
    }

    function test_a_round_ends_only_when_its_options_are_settled() public {
        _openWith(_onDesk());
        _earn(100 * QUOTE);
        vm.expectRevert(abi.encodeWithSelector(IOptionVault.PositionOpen.selector, 0, address(desk)));
        _close();
        _lose(40 * QUOTE);
        _close();
        vm.assertEq(vault.totalAssets(), 10_060 * QUOTE, "premium less the loss");
    }

    function test_positions_stated_later_count_and_those_of_the_last_round_do_not() public {
        _open();
        IOptionVault.Position[] memory stated = _onDesk();
        vm.prank(owner);
        vault.statePositions(stated);
        vm.assertEq(vault.statedPositions().length, 1, "stated");
        _earn(1);
        vm.expectRevert(abi.encodeWithSelector(IOptionVault.PositionOpen.selector, 0, address(desk)));
        _close();
        _lose(0);
        _close();
        _open();
        vm.assertEq(vault.statedPositions().length, 0, "none of the last round");
    }

    function test_a_position_that_cannot_be_read_counts_as_open() public {
        IOptionVault.Position[] memory positions = new IOptionVault.Position[](1);
        positions[0] = IOptionVault.Position(address(desk), abi.encodeCall(OptionDesk.fail, ()), keccak256(""));
        _openWith(positions);
        vm.expectRevert(abi.encodeWithSelector(IOptionVault.PositionOpen.selector, 0, address(desk)));
        _close();
    }

    function test_an_address_without_code_settles_nothing() public {
        IOptionVault.Position[] memory positions = new IOptionVault.Position[](1);
        positions[0] = IOptionVault.Position(stranger, "", keccak256(""));
        _openWith(positions);
        vm.expectRevert(abi.encodeWithSelector(IOptionVault.PositionOpen.selector, 0, stranger));
        _close();
    }

    function test_a_round_ends_only_when_the_base_is_sold() public {
        _open();
        base.mint(address(vault), DUST + 1);
        vm.expectRevert(abi.encodeWithSelector(IOptionVault.BaseLeft.selector, DUST + 1, DUST));
        _close();
        base.burn(address(vault), 1);
        _close();
    }

    function test_after_its_time_anybody_ends_a_round() public {
        _open();
        uint256 endsAt = block.timestamp + 7 days;
        vm.expectRevert(abi.encodeWithSelector(IOptionVault.RoundNotOver.selector, endsAt));
        vm.prank(stranger);
        vault.closeRound();
        vm.warp(endsAt);
        vm.prank(stranger);
        vault.closeRound();
        vm.assertFalse(vault.isRoundOpen(), "closed");
    }

    function test_a_round_is_neither_past_nor_endless_nor_opened_twice() public {
        IOptionVault.Position[] memory none;
        uint256 latest = block.timestamp + 400 days;
        uint256[2] memory ends = [block.timestamp - 1, latest + 1];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IOptionVault.RoundLengthOutOfRange.selector, ends[i], latest));
            vm.prank(owner);
            vault.openRound(none, ends[i]);
        }
        _open();
        vm.expectRevert(abi.encodeWithSelector(IOptionVault.RoundIsOpen.selector, 1));
        _open();
        vm.expectRevert(abi.encodeWithSelector(IOptionVault.TooManyPositions.selector, 65, 64));
        vm.prank(owner);
        vault.statePositions(new IOptionVault.Position[](65));
    }

    function test_between_rounds_neither_owner_nor_module_moves_anything() public {
        bytes memory reason = abi.encodeWithSelector(IOptionVault.NoRoundOpen.selector);
        vm.expectRevert(reason);
        _earn(1);
        vm.expectRevert(reason);
        vm.prank(owner);
        vault.approveTarget(IERC20(address(quote)), address(desk), 1);
        vm.expectRevert(reason);
        vm.prank(address(module));
        vault.execTransactionFromModule(address(quote), 0, abi.encodeCall(quote.transfer, (stranger, 1)), 0);
        vm.expectRevert(reason);
        _close();
        vm.expectRevert(reason);
        vm.prank(owner);
        vault.statePositions(new IOptionVault.Position[](0));
    }

    function test_the_owner_reaches_neither_tokens_nor_queue_nor_the_vault_itself() public {
        _open();
        address[2] memory own = [address(vault), address(vault.ESCROW())];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IOptionVault.TargetRefused.selector, own[i]));
            vm.prank(owner);
            vault.allowTarget(own[i]);
            vm.expectRevert(abi.encodeWithSelector(IOptionVault.TargetNotAllowed.selector, own[i]));
            _execute(own[i], "");
            vm.expectRevert(abi.encodeWithSelector(IOptionVault.TargetRefused.selector, own[i]));
            vm.prank(owner);
            vault.enableModule(own[i]);
        }
        vm.expectRevert(abi.encodeWithSelector(IOptionVault.TargetNotAllowed.selector, stranger));
        vm.prank(owner);
        vault.approveTarget(IERC20(address(quote)), stranger, 1);
        _allowLater(address(quote));
        vm.expectRevert(abi.encodeWithSelector(IOptionVault.TargetRefused.selector, address(quote)));
        _execute(address(quote), abi.encodeCall(quote.transfer, (owner, 1)));
    }

    function test_a_module_reaches_neither_queue_nor_vault_and_brings_no_code_along() public {
        _open();
        address escrow = address(vault.ESCROW());
        vm.expectRevert(abi.encodeWithSelector(IOptionVault.TargetRefused.selector, escrow));
        vm.prank(address(module));
        vault.execTransactionFromModule(escrow, 0, "", 0);
        vm.expectRevert(abi.encodeWithSelector(IOptionVault.TargetRefused.selector, address(vault)));
        vm.prank(address(module));
        vault.execTransactionFromModuleReturnData(address(vault), 0, "", 0);
        vm.expectRevert(abi.encodeWithSelector(IOptionVault.DelegateCallRefused.selector));
        vm.prank(address(module));
        vault.execTransactionFromModule(address(desk), 0, "", 1);
        vm.expectRevert(abi.encodeWithSelector(IOptionVault.NotModule.selector, stranger));
        vm.prank(stranger);
        vault.execTransactionFromModule(address(desk), 0, "", 0);
    }

    function test_new_modules_and_targets_wait_for_notice_and_a_settlement_after_it() public {
        bytes4 early = IOptionVault.NoticeNotOver.selector;
        vm.expectRevert(abi.encodeWithSelector(early, stranger, 0));
        vm.prank(owner);
        vault.enableModule(stranger);
        vm.prank(owner);
        vault.announce(stranger);
        uint256 endsAt = block.timestamp + 3 days;
        vault.settle();
        vm.warp(endsAt);
        vm.expectRevert(abi.encodeWithSelector(early, stranger, endsAt));
        vm.prank(owner);
        vault.enableModule(stranger);
        vault.settle();
        vm.prank(owner);
        vault.enableModule(stranger);
        vm.assertTrue(vault.isModuleEnabled(stranger), "enabled");
        // A notice serves once: taken away and given again needs another.
        vm.prank(owner);
        vault.disableModule(address(1), stranger);
        vm.expectRevert(abi.encodeWithSelector(early, stranger, 0));
        vm.prank(owner);
        vault.enableModule(stranger);
    }

    function test_who_waits_to_come_in_is_given_notice_too() public {
        OptionVault fresh =
            new OptionVault(IERC20Metadata(address(quote)), address(base), DUST, "n", "s", owner, guardian);
        vm.prank(alice);
        SpendableToken(address(quote)).approve(address(fresh), 1);
        quote.mint(alice, 1);
        vm.prank(alice);
        fresh.requestDeposit(1, alice, alice);
        vm.expectRevert(abi.encodeWithSelector(IOptionVault.NoticeNotOver.selector, stranger, 0));
        vm.prank(owner);
        fresh.enableModule(stranger);
    }

    function test_modules_are_listed_and_taken_out_at_once() public {
        _enableLater(stranger);
        (address[] memory list, address next) = vault.getModulesPaginated(address(1), 10);
        vm.assertEq(list.length, 2, "modules");
        vm.assertEq(list[0], stranger, "newest first");
        vm.assertEq(next, address(1), "no more");
        (list, next) = vault.getModulesPaginated(address(1), 1);
        vm.assertEq(next, stranger, "where to go on");
        (list, next) = vault.getModulesPaginated(next, 1);
        vm.assertEq(list[0], address(module), "the second");
        vm.expectRevert(abi.encodeWithSelector(IOptionVault.ModuleUnknown.selector, address(1), address(module)));
        vm.prank(owner);
        vault.disableModule(address(1), address(module));
        vm.prank(owner);
        vault.disableModule(stranger, address(module));
        vm.assertFalse(vault.isModuleEnabled(address(module)), "taken out");
        vm.assertFalse(vault.isModuleEnabled(address(1)), "the list's end is no module");
        vm.expectRevert(abi.encodeWithSelector(IOptionVault.ModuleRefused.selector, address(1)));
        vm.prank(owner);
        vault.enableModule(address(1));
    }

    function test_a_pause_stops_what_moves_and_keeps_nobody_from_leaving() public {
        _request(bob, 100 * QUOTE);
        _openWith(_onDesk());
        _earn(1);
        vm.expectRevert(abi.encodeWithSelector(IOptionVault.NotGuardianOrOwner.selector, stranger));
        vm.prank(stranger);
        vault.pause();
        vm.prank(guardian);
        vault.pause();
        bytes memory reason = abi.encodeWithSelector(Pausable.EnforcedPause.selector);
        vm.expectRevert(reason);
        _earn(1);
        vm.expectRevert(reason);
        vm.prank(address(module));
        vault.execTransactionFromModule(address(desk), 0, "", 0);
        vm.expectRevert(reason);
        vm.prank(bob);
        vault.requestDeposit(1, bob, bob);
        vm.prank(owner);
        vault.approveTarget(IERC20(address(quote)), address(desk), 0);
        vm.prank(bob);
        vault.cancelDepositRequest(bob, bob);
        _requestRedeem(alice, 10_000 * SHARE);
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, guardian));
        vm.prank(guardian);
        vault.unpause();
        vm.prank(owner);
        vault.unpause();
        _lose(0);
        vm.prank(owner);
        vault.pause();
        _close();
        vm.prank(alice);
        vault.redeem(10_000 * SHARE, alice, alice);
    }

    function test_strangers_own_nothing() public {
        bytes memory reason = abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, stranger);
        IOptionVault.Position[] memory none;
        bytes[9] memory calls = [
            abi.encodeCall(vault.openRound, (none, block.timestamp)),
            abi.encodeCall(vault.statePositions, (none)),
            abi.encodeCall(vault.execute, (address(desk), 0, "")),
            abi.encodeCall(vault.approveTarget, (IERC20(address(quote)), address(desk), 1)),
            abi.encodeCall(vault.announce, (stranger)),
            abi.encodeCall(vault.enableModule, (stranger)),
            abi.encodeCall(vault.disableModule, (address(1), address(module))),
            abi.encodeCall(vault.allowTarget, (stranger)),
            abi.encodeCall(vault.setGuardian, (stranger))
        ];
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.prank(stranger);
            (bool success, bytes memory answer) = address(vault).call(calls[i]);
            vm.assertFalse(success, "a stranger's call");
            vm.assertEq(answer, reason, "why");
        }
    }

    function test_what_a_target_says_on_failure_comes_through() public {
        _open();
        vm.expectRevert(abi.encodeWithSelector(OptionDesk.WantedToFail.selector));
        _execute(address(desk), abi.encodeCall(OptionDesk.fail, ()));
        vm.prank(owner);
        vault.forbidTarget(address(desk));
        vm.expectRevert(abi.encodeWithSelector(IOptionVault.TargetNotAllowed.selector, address(desk)));
        _execute(address(desk), abi.encodeCall(OptionDesk.fail, ()));
    }

    function _wait(address account) private {
        vm.prank(owner);
        vault.announce(account);
        vm.warp(block.timestamp + 3 days);
    }

    function _enableLater(address account) private {
        _wait(account);
        vault.settle();
        vm.prank(owner);
        vault.enableModule(account);
    }

    function _allowLater(address account) private {
        _wait(account);
        _close();
        vm.prank(owner);
        vault.allowTarget(account);
        _open();
    }
}
