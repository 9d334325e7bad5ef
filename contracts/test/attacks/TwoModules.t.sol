// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../../src/IHedgeModule.sol";
import {HedgeFixture} from "../support/HedgeFixture.sol";
import {HostilePool} from "../support/HostilePool.sol";
import {RealContracts} from "../support/RealContracts.sol";
import {HostileToken} from "../support/Tokens.sol";
import {vm} from "../support/Vm.sol";

/// @notice An avatar with two underlyings, so with two modules, and a stolen key that is the keeper of both.
contract TwoModulesTest is HedgeFixture {
    IHedgeModule private second;
    HostileToken private otherBase;
    HostilePool private otherPool;

    function setUp() public {
        _deploy(true, false);
        _allowHostilePool();
        second = RealContracts.deployModule();
        otherBase = new HostileToken(18);
        otherPool = new HostilePool(address(otherBase), address(quote));
        quote.mint(address(otherPool), 1_000_000 * QUOTE);
        otherBase.mint(avatar, 10 * BASE);
        IHedgeModule.Mandate memory mandate = _mandate();
        mandate.base = address(otherBase);
        mandate.pools = _only(address(otherPool));
        mandate.minBase = 0;
        // A keeper that runs code when it is called: any, since a key may give its own account code (EIP-7702).
        mandate.keepers[0] = address(this);
        mandate.paysByAllowance = true;
        vm.startPrank(avatar);
        second.setMandate(mandate);
        otherBase.approve(address(second), type(uint256).max);
        vm.stopPrank();
    }

    /// @notice What the forged pool calls while it is swapped on.
    function sellTheOther() external {
        IHedgeModule.Order memory order = _orderOn(address(otherPool), true, BASE);
        order.sequence = second.nextSequence(avatar);
        second.hedge(order);
    }

    /// @dev The limit that README says under the loss bound: what an order of the second module brings in the middle of one
    /// of the first passes for its fill. It takes a forged pool, and no more than either bucket.
    function test_an_order_of_a_second_module_passes_for_what_a_forged_pool_pays() public {
        otherPool.behave(PRICE * QUOTE, BASE, 1);
        hostilePool.behave(0, BASE, 1);
        hostilePool.callOut(address(this), abi.encodeCall(this.sellTheOther, ()));
        (uint256 sold, uint256 received) = _hedge(_orderOn(address(hostilePool), true, BASE));
        vm.assertEq(sold, BASE, "sold");
        vm.assertEq(received, PRICE * QUOTE, "all of it what the other base brought");
        vm.assertEq(otherBase.balanceOf(avatar), 9 * BASE, "the other base");
        (,,, uint256 left) = second.stateOf(avatar);
        vm.assertEq(left, (100_000 - PRICE) * QUOTE, "of the other bucket");
    }

    function _only(address pool_) private pure returns (address[] memory pools) {
        pools = new address[](1);
        pools[0] = pool_;
    }
}
