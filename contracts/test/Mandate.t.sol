// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../src/IHedgeModule.sol";
import {IHedgeModuleErrors as Errors} from "../src/IHedgeModuleErrors.sol";
import {ISafe} from "./support/Avatars.sol";
import {TestAggregator} from "./support/Feeds.sol";
import {HedgeFixture} from "./support/HedgeFixture.sol";
import {vm} from "./support/Vm.sol";

/// @notice What setting, replacing and revoking a mandate does, and who may.
contract MandateTest is HedgeFixture {
    function setUp() public {
        _deploy(true, true);
    }

    function test_is_read_back_as_it_was_set() public {
        IHedgeModule.Mandate memory mandate = _mandate();
        mandate.baseFeeds[1] = IHedgeModule.Feed(address(new TestAggregator(18, 1e18)), 86_400);
        mandate.quoteFeed = IHedgeModule.Feed(address(new TestAggregator(8, 1e8)), 90_000);
        mandate.sequencerFeed = address(new TestAggregator(0, 0));
        mandate.sequencerGraceSeconds = 3_600;
        mandate.keepers = new address[](2);
        (mandate.keepers[0], mandate.keepers[1]) = (stranger, keeper);

        vm.expectEmit(address(module));
        emit IHedgeModule.MandateSet(avatar, 2, mandate);
        _setMandate(mandate);
        vm.assertEq(abi.encode(module.mandateOf(avatar)), abi.encode(mandate), "mandate");
        vm.assertTrue(module.isKeeper(avatar, keeper) && module.isKeeper(avatar, stranger), "keepers");
        vm.assertTrue(module.isPool(avatar, pool) && module.isPool(avatar, pool2), "pools");
    }

    function test_is_empty_where_none_is_in_force() public {
        IHedgeModule.Mandate memory none;
        vm.assertEq(abi.encode(module.mandateOf(stranger)), abi.encode(none), "mandate");
        vm.assertFalse(module.isKeeper(stranger, keeper) || module.isPool(stranger, pool), "rights");
        vm.expectRevert(abi.encodeWithSelector(Errors.NoMandate.selector, stranger));
        module.oraclePriceX96(stranger);
    }

    function test_is_the_callers_own() public {
        vm.prank(stranger);
        module.setMandate(_mandate());
        (,, uint32 epoch,) = module.stateOf(avatar);
        vm.assertEq(epoch, 1, "the avatar's is untouched");
        _hedge(_order(true, BASE));
    }

    function test_a_new_mandate_takes_the_rights_of_former_keepers_and_pools() public {
        IHedgeModule.Mandate memory mandate = _mandate();
        mandate.keepers[0] = stranger;
        mandate.pools[0] = address(hostilePool);
        _setMandate(mandate);

        vm.assertFalse(module.isKeeper(avatar, keeper), "former keeper");
        vm.assertFalse(module.isPool(avatar, pool), "former pool");
        IHedgeModule.Order memory order = _order(true, BASE);
        _refused(order, abi.encodeWithSelector(Errors.NotKeeper.selector, avatar, keeper));
        vm.expectRevert(abi.encodeWithSelector(Errors.PoolNotAllowed.selector, avatar, pool));
        vm.prank(stranger);
        module.hedge(order);
    }

    function test_the_sequence_goes_on_over_mandates_and_revocations() public {
        _hedge(_order(true, BASE));
        vm.prank(avatar);
        module.revokeMandate();
        _setMandate(_mandate());
        (uint64 sequence,, uint32 epoch,) = module.stateOf(avatar);
        vm.assertEq(sequence, 1, "sequence");
        vm.assertEq(epoch, 2, "epoch");
    }

    function test_a_new_mandate_does_not_refill_the_bucket() public {
        _hedge(_order(true, 10 * BASE));
        _setMandate(_mandate());
        _assertTurnover(70_000 * QUOTE, "same mandate again");

        IHedgeModule.Mandate memory mandate = _mandate();
        mandate.turnoverCapacityQuote = uint128(900_000 * QUOTE);
        _setMandate(mandate);
        _assertTurnover(70_000 * QUOTE, "larger capacity");

        mandate.turnoverCapacityQuote = uint128(40_000 * QUOTE);
        _setMandate(mandate);
        _assertTurnover(40_000 * QUOTE, "smaller capacity");
    }

    function test_a_new_mandate_keeps_what_flowed_back_at_the_former_rate() public {
        _hedge(_order(true, 10 * BASE));
        vm.warp(START + 6 hours);
        IHedgeModule.Mandate memory mandate = _mandate();
        mandate.turnoverRefillPerDayQuote = 0;
        _setMandate(mandate);
        _assertTurnover(82_500 * QUOTE, "a quarter of a day");
        vm.warp(START + 30 days);
        _assertTurnover(82_500 * QUOTE, "nothing flows any more");
    }

    function test_revoking_stops_refill_and_does_not_lose_the_balance() public {
        _hedge(_order(true, 10 * BASE));
        vm.warp(START + 6 hours);
        vm.expectEmit(address(module));
        emit IHedgeModule.MandateRevoked(avatar);
        vm.prank(avatar);
        module.revokeMandate();
        vm.warp(START + 30 days);
        _assertTurnover(82_500 * QUOTE, "while revoked");
        _setMandate(_mandate());
        _assertTurnover(82_500 * QUOTE, "set again");
    }

    function test_only_what_is_in_force_can_be_revoked() public {
        vm.expectRevert(abi.encodeWithSelector(Errors.NoMandate.selector, stranger));
        vm.prank(stranger);
        module.revokeMandate();
    }

    function test_avatar_and_guardian_pause_and_nobody_else() public {
        address[2] memory allowed = [avatar, guardian];
        for (uint256 i = 0; i < allowed.length; ++i) {
            vm.expectEmit(address(module));
            emit IHedgeModule.Paused(avatar, allowed[i]);
            vm.prank(allowed[i]);
            module.pause(avatar);
            (, bool paused,,) = module.stateOf(avatar);
            vm.assertTrue(paused, "paused");
            vm.expectEmit(address(module));
            emit IHedgeModule.Unpaused(avatar);
            vm.prank(avatar);
            module.unpause();
        }
        address[3] memory refused = [keeper, stranger, owner];
        for (uint256 i = 0; i < refused.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(Errors.NotAvatarOrGuardian.selector, avatar, refused[i]));
            vm.prank(refused[i]);
            module.pause(avatar);
        }
    }

    function test_the_guardian_cannot_lift_the_pause_and_a_new_mandate_does_not() public {
        vm.prank(guardian);
        module.pause(avatar);
        vm.prank(guardian);
        module.unpause();
        _setMandate(_mandate());
        (, bool paused,,) = module.stateOf(avatar);
        vm.assertTrue(paused, "still paused");
    }

    function test_the_guardian_of_a_revoked_mandate_is_nobody() public {
        vm.prank(avatar);
        module.revokeMandate();
        vm.expectRevert(abi.encodeWithSelector(Errors.NotAvatarOrGuardian.selector, avatar, guardian));
        vm.prank(guardian);
        module.pause(avatar);
    }

    function test_the_zero_address_is_no_guardian() public {
        IHedgeModule.Mandate memory mandate = _mandate();
        mandate.guardian = address(0);
        _setMandate(mandate);
        vm.expectRevert(abi.encodeWithSelector(Errors.NotAvatarOrGuardian.selector, avatar, stranger));
        vm.prank(stranger);
        module.pause(avatar);
    }

    function test_disabling_the_module_on_the_safe_stops_it_as_well() public {
        IHedgeModule.Order memory order = _order(true, BASE);
        vm.prank(avatar);
        ISafe(avatar).disableModule(address(1), address(module));
        _refused(order, abi.encodeWithSignature("Error(string)", "GS104"));
    }

    function test_whoever_calls_the_mandates_code_runs_nothing() public {
        // After the registry, which the module creates first.
        address code = vm.computeCreateAddress(address(module), 2);
        (bool success, bytes memory answer) = code.call(hex"deadbeef");
        vm.assertTrue(success && answer.length == 0, "stops at once");
        bytes memory data = abi.encode(_mandate());
        assembly {
            // In place of the offset: what answers are multiplied and divided by (6 - 18 - 8 decimals).
            mstore(add(data, 0x20), or(shl(160, 1), exp(10, 20)))
        }
        // In front: no tokens of a lending pool.
        vm.assertEq(code.code, bytes.concat(new bytes(0x80), data), "holds the mandate");
    }

    function _assertTurnover(uint256 expected, string memory reason) private view {
        (,,, uint256 available) = module.stateOf(avatar);
        vm.assertEq(available, expected, reason);
    }

    /// @dev Numbers on both sides of every length that a number is written in.
    function test_finds_the_mandate_whatever_its_number() public {
        uint256[9] memory numbers = [uint256(3), 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x10000, 0xffffff, 0x1000000];
        for (uint256 i = 0; i < numbers.length; ++i) {
            vm.setNonceUnsafe(address(module), uint64(numbers[i]));
            // Behind the mapping of vaults.
            vm.store(address(module), bytes32(uint256(1)), bytes32(numbers[i] - 1));
            IHedgeModule.Mandate memory mandate = _mandate();
            mandate.maxSlippageBps = uint16(100 + i);
            _setMandate(mandate);
            vm.assertEq(abi.encode(module.mandateOf(avatar)), abi.encode(mandate), "mandate");
            _hedge(_order(i % 2 == 0, BASE));
        }
    }
}
