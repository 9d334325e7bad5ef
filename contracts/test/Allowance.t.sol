// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../src/IHedgeModule.sol";
import {IHedgeModuleErrors as Errors} from "../src/IHedgeModuleErrors.sol";
import {ISafe} from "./support/Avatars.sol";
import {HostileToken} from "./support/Tokens.sol";
import {VenuesFixture} from "./support/VenuesFixture.sol";
import {vm} from "./support/Vm.sol";

/// @notice A mandate under which pools are paid out of what a real Safe approved for the module.
contract AllowanceTest is VenuesFixture {
    uint256 private constant ALLOWED = 100 * BASE;

    function setUp() public {
        _deployVenues(true, true);
        _approve(ALLOWED, 300_000 * QUOTE);
        _setMandate(_allowanceMandate());
    }

    function test_pays_pools_of_every_kind_exactly_what_they_are_owed() public {
        for (uint8 kind = V3; kind <= V4; ++kind) {
            _hedge(_orderOf(true, _leg(kind, BASE)));
            vm.assertEq(base.allowance(avatar, address(module)), ALLOWED - (kind + 1) * BASE, "base spent");
            uint256 left = quote.allowance(avatar, address(module));
            (, uint256 paid) = _hedge(_orderOf(false, _leg(kind, BASE)));
            vm.assertEq(quote.allowance(avatar, address(module)), left - paid, "quote spent");
        }
        vm.assertEq(base.pulls(avatar), 3, "sales");
        vm.assertEq(quote.pulls(avatar), 3, "purchases");
    }

    function test_fills_as_a_mandate_that_pays_by_calls() public {
        for (uint8 kind = V3; kind <= V4; ++kind) {
            uint256 snapshot = vm.snapshotState();
            (uint256 sold, uint256 received) = _hedge(_orderOf(true, _leg(kind, BASE)));
            vm.revertToState(snapshot);
            _setMandate(_venuesMandate());
            (uint256 soldByCall, uint256 receivedByCall) = _hedge(_orderOf(true, _leg(kind, BASE)));
            vm.assertEq(base.allowance(avatar, address(module)), ALLOWED, "allowance untouched");
            vm.assertEq(sold, soldByCall, "sold");
            vm.assertEq(received, receivedByCall, "received");
            vm.revertToState(snapshot);
        }
    }

    function test_spends_no_more_than_was_approved() public {
        _approve(BASE - 1, 0);
        bytes memory underflow = abi.encodeWithSignature("Panic(uint256)", 0x11);
        bytes memory reason = abi.encodeWithSelector(Errors.PaymentFailed.selector, base, underflow);
        _refused(_orderOf(true, _leg(V3, BASE)), reason);
        _refused(_orderOf(true, _leg(V2, BASE)), reason);
        _refused(_orderOf(true, _leg(V4, BASE)), reason);
        _hedge(_orderOf(true, _leg(V3, BASE - 1)));
    }

    function test_refuses_a_token_that_answers_false() public {
        base.behave(HostileToken.Manner.AnswerFalse);
        bytes memory reason = abi.encodeWithSelector(Errors.PaymentRefused.selector, base);
        _refused(_orderOf(true, _leg(V3, BASE)), reason);
        _refused(_orderOf(true, _leg(V2, BASE)), reason);
    }

    /// @dev The price of the lower gas, as README says: disabling alone does not end it.
    function test_ends_with_the_mandate_the_pause_or_the_approval_but_not_by_disabling_the_module() public {
        vm.prank(avatar);
        ISafe(avatar).disableModule(address(1), address(module));
        _hedge(_orderOf(true, _leg(V3, BASE)));

        vm.prank(guardian);
        module.pause(avatar);
        _refused(_orderOf(true, _leg(V3, BASE)), abi.encodeWithSelector(Errors.HedgingPaused.selector, avatar));
        vm.prank(avatar);
        module.unpause();

        _approve(0, 0);
        _refusedWith(_orderOf(true, _leg(V3, BASE)), Errors.PaymentFailed.selector);
        _approve(ALLOWED, 0);

        vm.prank(avatar);
        module.revokeMandate();
        _refused(_orderOf(true, _leg(V3, BASE)), abi.encodeWithSelector(Errors.NoMandate.selector, avatar));
    }

    function test_an_allowance_is_of_no_use_to_another_avatars_keeper() public {
        IHedgeModule.Mandate memory mandate = _allowanceMandate();
        mandate.keepers[0] = stranger;
        mandate.minBase = 0;
        vm.prank(stranger);
        module.setMandate(mandate);
        IHedgeModule.Order memory order = _orderOf(true, _leg(V3, BASE));

        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(Errors.NotKeeper.selector, avatar, stranger));
        module.hedge(order);

        order.avatar = stranger;
        vm.prank(stranger);
        vm.expectPartialRevert(Errors.PaymentFailed.selector);
        module.hedge(order);
        vm.assertEq(base.allowance(avatar, address(module)), ALLOWED, "allowance untouched");
    }

    function test_pays_for_the_native_coin_by_calls_all_the_same() public {
        vm.deal(address(base), 1_000_000 ether);
        _hedge(_orderOf(true, _v4Leg(nativeKey, BASE)));
        vm.assertEq(base.allowance(avatar, address(module)), ALLOWED, "allowance untouched");
    }

    function _allowanceMandate() private view returns (IHedgeModule.Mandate memory mandate) {
        mandate = _venuesMandate();
        mandate.paysByAllowance = true;
    }

    function _approve(uint256 ofBase, uint256 ofQuote) private {
        vm.startPrank(avatar);
        base.approve(address(module), ofBase);
        quote.approve(address(module), ofQuote);
        vm.stopPrank();
    }
}
