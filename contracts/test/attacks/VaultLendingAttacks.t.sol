// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IHedgeModule} from "../../src/IHedgeModule.sol";
import {IOptionVault} from "../../src/vault/IOptionVault.sol";
import {AaveMarket} from "../support/AaveMarket.sol";
import {TestToken} from "../support/Tokens.sol";
import {vm} from "../support/Vm.sol";
import {VaultFixture} from "../vault/VaultFixture.sol";

/// @notice What the keeper's key could move out of an OptionVault's sight: to a lending market, or by an allowance.
/// forge-config: default.isolate = true
contract VaultLendingAttacksTest is VaultFixture {
    uint8 private constant SUPPLY_QUOTE = 20;
    uint8 private constant WITHDRAW_QUOTE = 21;

    address private lendingPool;
    TestToken private quoteSupplied;

    function setUp() public {
        _deployVault();
        AaveMarket aave = new AaveMarket(base, quote, feed);
        lendingPool = aave.pool();
        (quoteSupplied,) = aave.tokensOf(address(quote));
        vm.prank(owner);
        vault.allowTarget(lendingPool);
    }

    /// @dev Otherwise a thief would supply all quote just before a round is closed, and buy the shares for nothing.
    function test_the_keeper_cannot_hide_quote_in_a_lending_market_before_a_settlement() public {
        _join(alice, 100_000 * QUOTE);
        _open();
        _setVaultMandate(_lendingVaultMandate());
        _refused(
            _lendingOrder(SUPPLY_QUOTE, 100_000 * QUOTE),
            abi.encodeWithSelector(IOptionVault.ApprovalRefused.selector, quote)
        );
        _request(stranger, QUOTE);
        _close();
        vm.assertEq(vault.maxMint(stranger), vault.balanceOf(alice) / 100_000, "one price");
    }

    /// @dev The owner's way: it approves the market itself, and states what must be empty before shares are priced.
    function test_where_the_owner_approved_the_market_its_stated_tokens_keep_the_round_open() public {
        _join(alice, 100_000 * QUOTE);
        IOptionVault.Position[] memory positions = new IOptionVault.Position[](1);
        positions[0] = IOptionVault.Position(
            address(quoteSupplied), abi.encodeCall(IERC20.balanceOf, (avatar)), keccak256(abi.encode(uint256(0)))
        );
        _openWith(positions);
        _setVaultMandate(_lendingVaultMandate());
        vm.prank(owner);
        vault.approveTarget(IERC20(address(quote)), lendingPool, 100_000 * QUOTE);
        _hedge(_lendingOrder(SUPPLY_QUOTE, 100_000 * QUOTE));
        vm.assertEq(quote.balanceOf(avatar), 0, "all supplied");
        vm.expectRevert(abi.encodeWithSelector(IOptionVault.PositionOpen.selector, 0, quoteSupplied));
        _close();
        _hedge(_lendingOrder(WITHDRAW_QUOTE, type(uint128).max));
        _close();
        vm.assertGe(vault.totalAssets() + 1, 100_000 * QUOTE, "all back");
    }

    /// @dev By an allowance the module would trade between rounds, during a pause and while somebody comes or goes.
    function test_a_module_is_given_no_allowance_before_or_after_it_is_enabled() public {
        _join(alice, 100_000 * QUOTE);
        _open();
        vm.expectRevert(abi.encodeWithSelector(IOptionVault.TargetRefused.selector, module));
        vm.prank(owner);
        vault.approveTarget(IERC20(address(quote)), address(module), 1);

        vm.startPrank(owner);
        vault.disableModule(address(1), address(module));
        vault.approveTarget(IERC20(address(base)), address(module), 1);
        vault.announce(address(module));
        vm.stopPrank();
        _close();
        vm.warp(block.timestamp + 3 days);
        vault.settle();
        vm.expectRevert(abi.encodeWithSelector(IOptionVault.ModuleRefused.selector, module));
        vm.prank(owner);
        vault.enableModule(address(module));
        vm.prank(owner);
        vault.approveTarget(IERC20(address(base)), address(module), 0);
        vm.prank(owner);
        vault.enableModule(address(module));
    }

    function _lendingVaultMandate() private view returns (IHedgeModule.Mandate memory mandate) {
        mandate = _vaultMandate();
        mandate.lending = IHedgeModule.Lending(lendingPool, 1.5e18, 0, 0);
    }

    function _lendingOrder(uint8 kind, uint256 amount) private view returns (IHedgeModule.Order memory order) {
        order = _order(true, 0);
        order.legs[0] = IHedgeModule.Leg(kind, lendingPool, uint128(amount), 0, 0, 0);
    }
}
