// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILendingPool} from "../src/External.sol";
import {IHedgeModule} from "../src/IHedgeModule.sol";
import {LendingFixture} from "./support/LendingFixture.sol";
import {bound, vm} from "./support/Vm.sol";

/// @notice The floor and the caps against the avatar doing the same on Aave by itself.
contract LendingFuzzTest is LendingFixture {
    function setUp() public {
        _deployLending(true, false);
    }

    function test_borrows_exactly_when_floor_and_cap_allow(uint256 collateral, uint256 amount, bool ofQuote) public {
        collateral = bound(collateral, QUOTE, 1_000_000 * QUOTE);
        amount = ofQuote ? bound(amount, 1, 2 * MAX_QUOTE_DEBT) : bound(amount, 1, 2 * MAX_BASE_DEBT);
        bool expected = _isAllowed(collateral, amount, ofQuote);
        IHedgeModule.Order memory order = _orderWith(
            true, 0, _step(SUPPLY + OF_QUOTE, collateral), _step(ofQuote ? BORROW + OF_QUOTE : BORROW, amount)
        );
        vm.prank(keeper);
        (bool success,) = address(module).call(abi.encodeCall(module.hedge, (order)));
        vm.assertTrue(success == expected, "executed exactly when allowed");
    }

    function test_fills_are_the_swaps_whatever_is_lent_beside_them(uint256 amount, uint256 collateral, uint256 kept)
        public
    {
        amount = bound(amount, BASE / 1_000, 60 * BASE);
        collateral = bound(collateral, 500_000 * QUOTE, 900_000 * QUOTE);
        kept = bound(kept, 1, amount);
        uint256 owned = quote.balanceOf(avatar);
        (uint256 sold, uint256 received) =
            _hedge(_orderWith(true, amount, _step(SUPPLY + OF_QUOTE, collateral), _step(BORROW, amount), _swap(amount)));
        vm.assertEq(sold, amount, "sold");
        vm.assertEq(quote.balanceOf(avatar), owned - collateral + received, "received");
        owned = quote.balanceOf(avatar);
        (uint256 bought, uint256 paid) = _hedge(_orderWith(false, amount, _swap(amount), _step(REPAY, kept)));
        vm.assertEq(bought, amount, "bought");
        vm.assertEq(owned - quote.balanceOf(avatar), paid, "paid");
        vm.assertEq(base.balanceOf(avatar), amount - kept, "what was not repaid");
    }

    /// @dev What the avatar reaches on Aave by itself, undone.
    function _isAllowed(uint256 collateral, uint256 amount, bool ofQuote) private returns (bool isAllowed) {
        uint256 snapshot = vm.snapshotState();
        address token = ofQuote ? address(quote) : address(base);
        vm.startPrank(avatar);
        quote.approve(lendingPool, collateral);
        ILendingPool(lendingPool).supply(address(quote), collateral, avatar, 0);
        (isAllowed,) = lendingPool.call(abi.encodeCall(ILendingPool.borrow, (token, amount, 2, 0, avatar)));
        vm.stopPrank();
        isAllowed = isAllowed && _healthFactor() >= FLOOR_WAD && baseOwed.balanceOf(avatar) <= MAX_BASE_DEBT
            && quoteOwed.balanceOf(avatar) <= MAX_QUOTE_DEBT;
        vm.revertToState(snapshot);
    }
}
