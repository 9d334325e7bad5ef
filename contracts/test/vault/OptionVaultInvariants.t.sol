// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {OptionVault} from "../../src/vault/OptionVault.sol";
import {vm} from "../support/Vm.sol";
import {VaultActors} from "./VaultActors.sol";

/// @notice What holds whoever comes, goes, gives, trades, wins and loses, in whatever order.
/// forge-config: default.invariant.runs = 16
/// forge-config: default.isolate = true
contract OptionVaultInvariantsTest {
    VaultActors private actors;
    OptionVault private vault;
    IERC20 private quote;
    address private escrow;

    function setUp() public {
        actors = new VaultActors();
        (address vault_, address quote_, address escrow_) = actors.parts();
        (vault, quote, escrow) = (OptionVault(payable(vault_)), IERC20(quote_), escrow_);
    }

    /// @dev Read by forge: it plays only this contract's functions.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(actors);
    }

    function invariant_the_queue_holds_all_that_it_owes() public view {
        (uint256 assets, uint256 shares) = vault.pendingTotals();
        uint256 pendingAssets;
        uint256 pendingShares;
        for (uint256 i = 0; i < 3; ++i) {
            address person = actors.people(i);
            pendingAssets += vault.pendingDepositRequest(0, person);
            pendingShares += vault.pendingRedeemRequest(0, person);
            assets += vault.maxWithdraw(person);
            shares += vault.maxMint(person);
        }
        (uint256 totalPendingAssets, uint256 totalPendingShares) = vault.pendingTotals();
        vm.assertEq(totalPendingAssets, pendingAssets, "pending assets, one by one");
        vm.assertEq(totalPendingShares, pendingShares, "pending shares, one by one");
        vm.assertGe(quote.balanceOf(escrow), assets, "assets");
        vm.assertGe(vault.balanceOf(escrow), shares, "shares");
    }

    function invariant_shares_are_somebodys_or_under_way() public view {
        uint256 sum = vault.balanceOf(escrow);
        for (uint256 i = 0; i < 3; ++i) {
            sum += vault.balanceOf(actors.people(i));
        }
        vm.assertEq(vault.totalSupply(), sum, "shares");
    }

    function invariant_nobodys_coming_or_going_lowers_the_price() public view {
        vm.assertEq(actors.priceFalls(), 0, "settlements that lowered it");
    }

    /// @dev Nobody ends with more than what he had, less what he gave, and everything that the others gave or the vault earned.
    function invariant_nobody_takes_from_the_others() public view {
        for (uint256 i = 0; i < 3; ++i) {
            address person = actors.people(i);
            uint256 most = actors.START_QUOTE() + actors.gains() - actors.given(person);
            vm.assertLe(actors.wealthOf(person), most + actors.actions() + 1, "wealth");
        }
    }

    function invariant_nothing_forbidden_passes_and_nothing_due_is_refused() public view {
        vm.assertEq(bytes(actors.forbidden()), "", "what went wrong");
    }

    /// @dev The invariants say little about actions that never pass: here a fixed sequence shows that each does.
    function test_every_action_succeeds_at_least_once() public {
        for (uint256 i = 0; i < 30; ++i) {
            _play(uint256(keccak256(abi.encode(i))), i);
        }
        string[15] memory actions = [
            "requests deposit",
            "requests redemption",
            "cancels",
            "claims shares",
            "claims assets",
            "sends shares",
            "gives to the escrow",
            "gives to the vault",
            "owner opens",
            "owner writes",
            "owner settles",
            "closes",
            "settles",
            "keeper hedges",
            "thief tries"
        ];
        for (uint256 i = 0; i < actions.length; ++i) {
            vm.assertGt(actors.successes(actions[i]), 0, actions[i]);
        }
        invariant_the_queue_holds_all_that_it_owes();
        invariant_shares_are_somebodys_or_under_way();
        invariant_nobodys_coming_or_going_lowers_the_price();
        invariant_nobody_takes_from_the_others();
        invariant_nothing_forbidden_passes_and_nothing_due_is_refused();
    }

    function _play(uint256 seed, uint256 i) private {
        actors.requestsDeposit(i, seed % 1e12);
        actors.requestsRedeem(i, seed % 1e17);
        actors.anybodySettles(i);
        actors.claimsShares(i, seed, i % 2 == 0);
        actors.claimsAssets(i, seed >> 3, i % 2 == 0);
        actors.sendsShares(i, i + 1, seed % 1e14);
        actors.requestsDeposit(i + 1, seed % 1e9);
        actors.cancels(i + 1, i % 2 == 0);
        actors.gives(seed % 1e8, i % 2 == 0);
        actors.thiefTries(i, seed);
        actors.ownerOpens();
        actors.ownerWrites(seed >> 5);
        actors.keeperHedges(false, seed);
        actors.keeperHedges(true, 1);
        actors.thiefTries(i + 1, seed);
        actors.ownerSettles(seed % 1e9);
        actors.timePasses(seed % 8 days);
        actors.anybodyCloses(i);
    }
}
