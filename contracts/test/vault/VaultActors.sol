// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../../src/IHedgeModule.sol";
import {bound, vm} from "../support/Vm.sol";
import {VaultFixture} from "./VaultFixture.sol";

/// @notice Three depositors, of whom one also gives; an owner who wins and loses; a keeper; a thief of the keeper's key.
/// @dev No action reverts: what must pass is called, what must not is attempted and booked. One action is one transaction,
/// which is used either for coming and going or for working.
contract VaultActors is VaultFixture {
    /// @notice What each had at the start, in quote.
    uint256 public constant START_QUOTE = 1e6 * QUOTE;

    /// @dev A module that wants what no module may.
    address private immutable rogue = address(0x20C0E);

    address[3] public people;
    mapping(address person => uint256) public given;
    /// @notice What came to the vault from outside: premiums, and what was given.
    uint256 public gains;
    /// @notice Roundings that may each have cost or brought a unit.
    uint256 public actions;
    uint256 public priceFalls;
    string public forbidden;
    mapping(string action => uint256) public successes;

    constructor() {
        _deployVault();
        vm.prank(owner);
        vault.enableModule(rogue);
        people = [alice, bob, stranger];
        for (uint256 i = 0; i < 3; ++i) {
            _give(people[i], START_QUOTE);
        }
    }

    function requestsDeposit(uint256 who, uint256 amount) external {
        address person = _person(who);
        uint256 held = quote.balanceOf(person);
        if (held == 0) return;
        vm.prank(person);
        vault.requestDeposit(bound(amount, 1, held), person, person);
        _succeeded("requests deposit");
    }

    function requestsRedeem(uint256 who, uint256 shares) external {
        address person = _person(who);
        uint256 held = vault.balanceOf(person);
        if (held == 0) return;
        _requestRedeem(person, bound(shares, 1, held));
        _succeeded("requests redemption");
    }

    function cancels(uint256 who, bool isDeposit) external {
        address person = _person(who);
        uint256 pending = isDeposit ? vault.pendingDepositRequest(0, person) : vault.pendingRedeemRequest(0, person);
        if (pending == 0) return;
        vm.prank(person);
        if (isDeposit) vault.cancelDepositRequest(person, person);
        else vault.cancelRedeemRequest(person, person);
        _succeeded("cancels");
    }

    function claimsShares(uint256 who, uint256 amount, bool byShares) external {
        address person = _person(who);
        uint256 most = byShares ? vault.maxMint(person) : vault.maxDeposit(person);
        if (most == 0) return;
        vm.prank(person);
        if (byShares) vault.mint(bound(amount, 1, most), person);
        else vault.deposit(bound(amount, 1, most), person);
        _succeeded("claims shares");
    }

    function claimsAssets(uint256 who, uint256 amount, bool byAssets) external {
        address person = _person(who);
        uint256 most = byAssets ? vault.maxWithdraw(person) : vault.maxRedeem(person);
        if (most == 0) return;
        vm.prank(person);
        if (byAssets) vault.withdraw(bound(amount, 1, most), person, person);
        else vault.redeem(bound(amount, 1, most), person, person);
        _succeeded("claims assets");
    }

    function sendsShares(uint256 from, uint256 to, uint256 amount) external {
        address sender = _person(from);
        uint256 shares = bound(amount, 0, vault.balanceOf(sender));
        if (sender == _person(to)) return;
        // Worth is booked by person: what is sent away is a gift.
        uint256 worth = vault.convertToAssets(shares) + 1;
        if (given[sender] + worth > START_QUOTE / 2) return;
        given[sender] += worth;
        gains += worth;
        vm.prank(sender);
        vault.transfer(_person(to), shares);
        _succeeded("sends shares");
    }

    function gives(uint256 amount, bool toEscrow) external {
        uint256 gift = bound(amount, 0, quote.balanceOf(stranger));
        address receiver = toEscrow ? address(vault.ESCROW()) : address(vault);
        vm.prank(stranger);
        quote.transfer(receiver, gift);
        given[stranger] += gift;
        gains += gift;
        _succeeded(toEscrow ? "gives to the escrow" : "gives to the vault");
    }

    function ownerOpens() external {
        if (vault.isRoundOpen()) return;
        _openWith(_onDesk());
        _succeeded("owner opens");
    }

    function ownerWrites(uint256 premium) external {
        if (!vault.isRoundOpen()) return;
        premium = bound(premium, 0, 1e5 * QUOTE);
        _earn(premium);
        gains += premium;
        _succeeded("owner writes");
    }

    function ownerSettles(uint256 loss) external {
        if (desk.openOptions(address(vault)) == 0) return;
        _lose(bound(loss, 0, quote.balanceOf(address(vault))));
        _succeeded("owner settles");
    }

    function anybodyCloses(uint256 who) external {
        bool isDue = block.timestamp >= vault.roundEndsAt();
        bool mayClose =
            vault.isRoundOpen() && desk.openOptions(address(vault)) == 0 && base.balanceOf(address(vault)) <= DUST;
        _settleBy(isDue ? _person(who) : owner, abi.encodeCall(vault.closeRound, ()), mayClose, "closes");
    }

    function anybodySettles(uint256 who) external {
        bool maySettle = !vault.isRoundOpen() && base.balanceOf(address(vault)) <= DUST;
        _settleBy(_person(who), abi.encodeCall(vault.settle, ()), maySettle, "settles");
    }

    function keeperHedges(bool sellBase, uint256 amount) external {
        if (!vault.isRoundOpen()) return;
        if (module.mandateOf(address(vault)).base == address(0)) _setVaultMandate(_vaultMandate());
        aggregator.set(int256(PRICE * 1e8));
        _movePools(PRICE * QUOTE);
        uint256 held = base.balanceOf(address(vault));
        // Mostly all of it, or no round would ever end.
        if (sellBase && amount % 4 == 0) amount = bound(amount, 0, held);
        else amount = sellBase ? held : bound(amount, 0.001e18, BASE);
        if (amount == 0) return;
        IHedgeModule.Order memory order = _order(sellBase, amount);
        vm.prank(keeper);
        try module.hedge(order) {
            _succeeded("keeper hedges");
        } catch {}
    }

    function somebodyGivesBase(uint256 amount) external {
        base.mint(address(vault), bound(amount, 0, DUST / 4));
    }

    function timePasses(uint256 time) external {
        vm.warp(block.timestamp + bound(time, 0, 8 days));
    }

    /// @dev What nobody may: anything as the keeper, the module between rounds, the owner on tokens.
    function thiefTries(uint256 how, uint256 amount) external {
        bytes memory steal = abi.encodeCall(quote.transfer, (stranger, bound(amount, 1, 1e12)));
        address escrow = address(vault.ESCROW());
        if (how % 4 == 0) {
            _mustFail(keeper, abi.encodeCall(vault.execTransactionFromModule, (address(quote), 0, steal, 0)));
        }
        if (how % 4 == 1) {
            bytes memory pay = abi.encodeWithSignature("pay(address,address,uint256)", address(quote), stranger, 1);
            _mustFail(rogue, abi.encodeCall(vault.execTransactionFromModule, (escrow, 0, pay, 0)));
        }
        if (how % 4 == 2) _mustFail(owner, abi.encodeCall(vault.execute, (address(quote), 0, steal)));
        if (how % 4 == 3 && !vault.isRoundOpen()) {
            _mustFail(rogue, abi.encodeCall(vault.execTransactionFromModule, (address(quote), 0, steal, 0)));
        }
        _succeeded("thief tries");
    }

    /// @notice All that somebody has or has a claim to, shares at the last settlement's price.
    function wealthOf(address person) external view returns (uint256) {
        uint256 shares = vault.balanceOf(person) + vault.maxMint(person) + vault.pendingRedeemRequest(0, person);
        return quote.balanceOf(person) + vault.pendingDepositRequest(0, person) + vault.maxWithdraw(person)
            + vault.convertToAssets(shares);
    }

    function parts() external view returns (address vault_, address quote_, address escrow) {
        return (address(vault), address(quote), address(vault.ESCROW()));
    }

    function _settleBy(address who, bytes memory data, bool expected, string memory action) private {
        uint256 held = quote.balanceOf(address(vault));
        uint256 supply = vault.totalSupply();
        vm.prank(who);
        (bool success,) = address(vault).call(data);
        if (success != expected) forbidden = action;
        if (!success) return;
        // Cross-multiplied: (assets + 1) / (supply + 1e6) must not have fallen by who came and went.
        uint256 before = (held + 1) * (vault.totalSupply() + 1e6);
        uint256 afterwards = (vault.totalAssets() + 1) * (supply + 1e6);
        if (afterwards < before) ++priceFalls;
        if (vault.totalAssets() != quote.balanceOf(address(vault))) forbidden = "assets that are not there";
        _succeeded(action);
    }

    function _mustFail(address who, bytes memory data) private {
        vm.prank(who);
        (bool success,) = address(vault).call(data);
        if (success) forbidden = "a theft";
    }

    function _person(uint256 who) private view returns (address) {
        return people[who % 3];
    }

    function _succeeded(string memory action) private {
        ++successes[action];
        ++actions;
    }
}
