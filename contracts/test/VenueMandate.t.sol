// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../src/IHedgeModule.sol";
import {IHedgeModuleErrors as Errors} from "../src/IHedgeModuleErrors.sol";
import {HostilePool} from "./support/HostilePool.sol";
import {VenuesFixture} from "./support/VenuesFixture.sol";
import {vm} from "./support/Vm.sol";

/// @notice What a mandate says of Uniswap v4.
contract VenueMandateTest is VenuesFixture {
    function setUp() public {
        _deployVenues(true, false);
    }

    function test_answers_with_the_mandate_as_it_was_set() public view {
        vm.assertEq(abi.encode(module.mandateOf(avatar)), abi.encode(_venuesMandate()), "mandate");
    }

    function test_tells_pools_of_every_kind() public view {
        address[5] memory named = [pool, pool2, pair, _addressOf(tokenKey), _addressOf(nativeKey)];
        for (uint256 i = 0; i < named.length; ++i) {
            vm.assertTrue(module.isPool(avatar, named[i]), "named");
        }
        vm.assertFalse(module.isPool(avatar, manager), "the PoolManager is no pool");
        vm.assertFalse(module.isPool(stranger, _addressOf(tokenKey)), "another avatar's");
    }

    function test_needs_no_other_pools_beside_those_of_v4() public {
        IHedgeModule.Mandate memory mandate = _venuesMandate();
        mandate.pools = new address[](0);
        _setMandate(mandate);
        _hedge(_orderOf(true, _leg(V4, BASE)));
        _refused(_order(true, BASE), abi.encodeWithSelector(Errors.PoolNotAllowed.selector, avatar, pool));
    }

    function test_refuses_a_pool_manager_without_pools_and_pools_without_their_manager() public {
        IHedgeModule.Mandate memory mandate = _venuesMandate();
        mandate.poolManager = address(0);
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.PoolManagerIncomplete.selector, address(0), 2));
        mandate = _venuesMandate();
        mandate.v4Pools = new bytes32[](0);
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.PoolManagerIncomplete.selector, manager, 0));
    }

    function test_refuses_a_pool_manager_that_is_not_a_contract() public {
        IHedgeModule.Mandate memory mandate = _venuesMandate();
        mandate.poolManager = stranger;
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.NotAContract.selector, stranger));
    }

    function test_refuses_pools_that_the_pool_manager_does_not_have() public {
        IHedgeModule.Mandate memory mandate = _venuesMandate();
        mandate.v4Pools[1] = bytes32(uint256(1));
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.PoolNotInitialised.selector, bytes32(uint256(1))));
    }

    function test_refuses_the_same_v4_pool_twice() public {
        IHedgeModule.Mandate memory mandate = _venuesMandate();
        mandate.v4Pools[1] = mandate.v4Pools[0];
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.DuplicateV4Pool.selector, mandate.v4Pools[0]));
    }

    function test_counts_pools_of_all_kinds_together() public {
        IHedgeModule.Mandate memory mandate = _venuesMandate();
        mandate.pools = new address[](15);
        for (uint256 i = 0; i < 15; ++i) {
            mandate.pools[i] = address(new HostilePool(address(base), address(quote)));
        }
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.PoolCountOutOfRange.selector, 17, 16));
    }

    function _refusedMandate(IHedgeModule.Mandate memory mandate, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(avatar);
        module.setMandate(mandate);
    }
}
