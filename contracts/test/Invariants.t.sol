// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../src/IHedgeModule.sol";
import {Actors, AllowanceActors} from "./invariant/Actors.sol";
import {vm} from "./support/Vm.sol";

/// @notice What holds whatever keepers, thieves of a keeper's key, hostile tokens and pools, strangers and time do.
contract InvariantsTest {
    Actors internal actors;
    IHedgeModule private module;
    address private avatar;

    function setUp() public {
        actors = _newActors();
        (module, avatar) = actors.parts();
    }

    function _newActors() internal virtual returns (Actors) {
        return new Actors();
    }

    /// @dev Read by forge: it plays only this contract's functions.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(actors);
    }

    function invariant_an_order_executes_at_most_once() public view {
        vm.assertEq(actors.doubleExecutions(), 0, "double executions");
        vm.assertEq(module.nextSequence(avatar), actors.executedOrders(), "sequence and executed orders");
    }

    function invariant_the_loss_at_the_oracles_price_is_bounded_over_any_time() public view {
        vm.assertLe(actors.lossScaled(), actors.maxLossScaled(), "loss and (capacity + refill x days) x slippage");
        vm.assertLe(actors.worthLossScaled(), actors.maxLossScaled() + actors.dustScaled(), "loss with positions");
    }

    function invariant_base_stays_within_its_limits() public view {
        (uint256 held,) = actors.balances(avatar);
        (uint256 least, uint256 most) = actors.baseLimits();
        vm.assertGe(held, least, "least base");
        vm.assertLe(held, most, "most base");
    }

    function invariant_nobody_but_the_avatar_changes_its_mandate() public view {
        IHedgeModule.Mandate memory none;
        bytes32 expected = actors.mandateHash() == 0 ? keccak256(abi.encode(none)) : actors.mandateHash();
        vm.assertTrue(keccak256(abi.encode(module.mandateOf(avatar))) == expected, "mandate");
        (, bool paused, uint32 epoch,) = module.stateOf(avatar);
        vm.assertEq(epoch, actors.epoch(), "epoch");
        vm.assertTrue(paused == actors.paused(), "pause");
    }

    function invariant_no_foreign_callback_and_no_reentry_passes() public view {
        vm.assertEq(actors.foreignCallbacks(), 0, "foreign callbacks");
        vm.assertEq(actors.reentries(), 0, "reentries");
        vm.assertEq(bytes(actors.forbidden()), "", "forbidden actions that succeeded");
    }

    function invariant_the_module_holds_nothing_and_only_ever_pays_pools() public view {
        (uint256 base, uint256 quote) = actors.balances(address(module));
        vm.assertEq(base + quote + address(module).balance, 0, "held by the module");
        vm.assertTrue(actors.onlyPoolsWerePaid(), "the avatar's transfers");
    }

    function invariant_an_order_leaves_none_of_the_bridge_and_takes_none() public view {
        vm.assertEq(actors.bridgeOf(avatar), actors.OWN_BRIDGE(), "the avatar's bridge");
        vm.assertEq(actors.bridgeOf(address(module)), 0, "held by the module");
    }

    /// forge-config: default.invariant.runs = 32
    function invariant_what_leaves_a_position_arrives_in_the_account() public view {
        vm.assertEq(actors.astray(), 0, "withdrawals of which something went astray");
        vm.assertTrue(actors.positionsAreInPlace(), "positions");
    }

    /// @dev The invariants say little about actions that never pass: here a fixed sequence shows that each does.
    function test_every_action_succeeds_at_least_once() public {
        for (uint256 i = 0; i < 40; ++i) {
            uint256 seed = uint256(keccak256(abi.encode(i)));
            _playHonestly(seed);
            _playPositions(seed, i);
            _playAttacks(seed);
        }
        string[44] memory actions = [
            "keeper hedges",
            "keeper hedges in part",
            "keeper hedges on every kind",
            "keeper hedges over the bridge",
            "thief uses forged pools of the bridge",
            "thief sandwiches over the bridge",
            "bridge reenters",
            "thief uses a forged pair",
            "thief uses another v4 pool",
            "thief takes the most",
            "thief sandwiches",
            "thief asks for more",
            "thief uses another pool",
            "thief sends any order",
            "thief sends anything",
            "thief replays",
            "thief sends too late",
            "token reenters",
            "pool reenters",
            "another pool calls back",
            "anybody calls back",
            "stranger hedges",
            "stranger pauses",
            "stranger revokes",
            "stranger sets its own mandate",
            "guardian pauses",
            "owner unpauses",
            "owner sets mandate again",
            "thief hedges without mandate",
            "keeper withdraws",
            "keeper withdraws and sells",
            "keeper withdraws and buys",
            "thief hides a loss",
            "thief takes the most beside a withdrawal",
            "thief pushes a pool too far",
            "thief withdraws from a pushed pool",
            "thief withdraws what is not theirs",
            "thief withdraws twice",
            "thief sends any withdrawals",
            "token reenters a withdrawal",
            "thief names a forged manager",
            "thief uses a forged manager",
            "guardian rescues liquidity while paused",
            "thief withdraws what moved away"
        ];
        for (uint256 i = 0; i < actions.length; ++i) {
            vm.assertGt(actors.successes(actions[i]), 0, actions[i]);
        }
        invariant_an_order_executes_at_most_once();
        invariant_the_loss_at_the_oracles_price_is_bounded_over_any_time();
        invariant_base_stays_within_its_limits();
        invariant_nobody_but_the_avatar_changes_its_mandate();
        invariant_no_foreign_callback_and_no_reentry_passes();
        invariant_the_module_holds_nothing_and_only_ever_pays_pools();
        invariant_an_order_leaves_none_of_the_bridge_and_takes_none();
        invariant_what_leaves_a_position_arrives_in_the_account();
    }

    /// @dev A bound that nobody comes near would hold for a module that checks nothing else.
    function test_a_thief_comes_close_to_the_bound() public {
        for (uint256 day = 0; day < 10; ++day) {
            actors.timePasses(1 days, true);
            for (uint256 i = 0; i < 6; ++i) {
                actors.thiefTakesTheMost(i % 2 == 0, type(uint256).max);
            }
        }
        vm.assertGt(actors.lossScaled(), actors.maxLossScaled() * 90 / 100, "loss");
        invariant_the_loss_at_the_oracles_price_is_bounded_over_any_time();
    }

    function _playHonestly(uint256 seed) private {
        actors.timePasses(seed % 1 days, true);
        actors.priceMoves(2_500e8 + seed % 1_000e8);
        actors.keeperHedges(seed % 2 == 0, seed, seed % 3 == 0);
        actors.keeperHedgesInPart(seed);
        actors.keeperHedgesOnEveryKind(seed % 2 == 1, seed, seed >> 3);
        actors.keeperHedgesOverTheBridge(seed % 2 == 1, seed, uint8(seed >> 8) % 3, uint8(seed >> 16) % 3);
        actors.guardianPauses();
        actors.ownerUnpauses();
        actors.ownerSetsMandateAgain();
        actors.ownerRevokesAndSetsLater(true);
    }

    /// @dev The price is put back near the ranges.
    function _playPositions(uint256 seed, uint256 i) private {
        actors.timePasses(12 hours, true);
        actors.priceMoves(2_990e8 + seed % 20e8);
        actors.somebodyAddsLiquidity(i, seed);
        actors.keeperWithdraws(i, seed);
        actors.keeperWithdrawsAndHedges(i % 2 == 0, seed, i, seed >> 3);
        actors.thiefHidesALossBehindAWithdrawal(i % 2 == 0, seed, i, seed >> 5);
        actors.somebodyAddsLiquidity(i + 1, seed);
        actors.thiefWithdrawsFromAPushedPool(i + 1, seed, i % 2 == 0);
        actors.thiefWithdrawsWhatIsNotTheirs(i, uint160(seed), seed);
        actors.thiefWithdrawsTwice(i + 1, uint128(seed));
        actors.thiefSendsAnyWithdrawals(i % 2 == 0, seed);
        actors.somebodyAddsLiquidity(0, seed);
        actors.tokenReentersAWithdrawal(i, 0);
        actors.ownerNamesAnotherManager(i % 2 == 0, i % 3 == 0, seed);
        actors.guardianPauses();
        actors.guardianRescuesLiquidity(i, uint128(seed));
        actors.keeperWithdraws(i, seed);
        actors.ownerUnpauses();
        actors.anybodyRescuesLiquidity(seed, i, uint128(seed));
        actors.ownerMovesAPosition(i);
        actors.ownerMovesAPosition(i);
    }

    function _playAttacks(uint256 seed) private {
        IHedgeModule.Order memory order;
        actors.thiefSendsAnyOrder(order, seed);
        actors.thiefSandwiches(seed % 2 == 1, seed % 1e18);
        actors.thiefAsksForMore(seed % 2 == 0, seed, seed);
        actors.thiefUsesForgedPoolsOfTheBridge(seed % 2 == 0, seed, seed >> 7, seed >> 11);
        actors.thiefSandwichesOverTheBridge(seed % 2 == 1, seed % 1e18, uint8(seed >> 5));
        actors.bridgeReenters(seed);
        actors.thiefUsesAnotherPool(seed);
        actors.thiefUsesAForgedPair(seed % 2 == 0, seed, seed);
        actors.thiefUsesAnotherV4Pool(uint24(seed), int24(int256(seed)), address(uint160(seed)), seed % 2 == 0);
        actors.thiefReplays(seed);
        actors.thiefSendsTooLate(seed % 2 == 0, seed);
        actors.thiefSendsAnything(bytes4(bytes32(seed)), abi.encode(seed), seed);
        actors.tokenReenters(seed % 2 == 0, seed);
        actors.poolReenters(seed);
        actors.anotherPoolCallsBack(seed);
        actors.anybodyCallsBack(seed, int256(seed >> 1), int256(seed >> 2));
        actors.strangerTriesEverything(seed);
        actors.strangerSetsItsOwnMandate();
        actors.thiefTakesTheMost(true, seed);
        actors.thiefTakesTheMost(false, seed);
    }
}

/// @notice The same where the mandate pays by allowance, of all that the avatar has.
/// forge-config: default.invariant.runs = 32
contract AllowanceInvariantsTest is InvariantsTest {
    function _newActors() internal override returns (Actors) {
        return new AllowanceActors();
    }

    function test_it_is_paid_by_allowance() public {
        // The positions were paid for.
        uint256 before = actors.pulls();
        actors.keeperHedges(true, 1e18, false);
        vm.assertEq(actors.pulls(), before + 1, "pulls");
    }
}
