// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../src/IHedgeModule.sol";
import {IHedgeModuleErrors as Errors} from "../src/IHedgeModuleErrors.sol";
import {BridgeFixture} from "./support/BridgeFixture.sol";
import {HostilePool} from "./support/HostilePool.sol";
import {HostileToken} from "./support/Tokens.sol";
import {vm} from "./support/Vm.sol";

/// @notice What a mandate says of bridges.
contract BridgeMandateTest is BridgeFixture {
    function setUp() public {
        _deployBridge(true, 1, false);
    }

    function test_answers_with_the_mandate_as_it_was_set() public view {
        vm.assertEq(abi.encode(module.mandateOf(avatar)), abi.encode(_bridgeMandate()), "mandate");
        for (uint8 kind = 0; kind < 3; ++kind) {
            vm.assertTrue(module.isPool(avatar, nearPools[kind]), "near pool");
            vm.assertTrue(module.isPool(avatar, farPools[kind]), "far pool");
        }
    }

    function test_refuses_base_quote_nobody_and_the_same_token_twice_as_bridges() public {
        IHedgeModule.Mandate memory mandate = _bridgeMandate();
        mandate.bridges[0] = address(base);
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.BridgeIsBaseOrQuote.selector, base));
        mandate.bridges[0] = address(quote);
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.BridgeIsBaseOrQuote.selector, quote));
        mandate.bridges[0] = stranger;
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.NotAContract.selector, stranger));
        mandate.bridges = new address[](2);
        (mandate.bridges[0], mandate.bridges[1]) = (address(bridge), address(bridge));
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.DuplicateBridge.selector, bridge));
    }

    function test_takes_up_to_four_bridges() public {
        IHedgeModule.Mandate memory mandate = _bridgeMandate();
        mandate.bridges = new address[](5);
        for (uint256 i = 0; i < 5; ++i) {
            mandate.bridges[i] = i == 3 ? address(bridge) : address(new HostileToken(6));
        }
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.BridgeCountOutOfRange.selector, 5, 4));
        address[] memory four = new address[](4);
        for (uint256 i = 0; i < 4; ++i) {
            four[i] = mandate.bridges[i];
        }
        mandate.bridges = four;
        _setMandate(mandate);
        for (uint8 kind = 0; kind < 3; ++kind) {
            _hedge(_bridgeOrder(kind != 1, kind, kind, BASE));
        }
    }

    function test_refuses_pools_of_a_token_that_is_no_bridge_or_of_two_bridges() public {
        IHedgeModule.Mandate memory mandate = _bridgeMandate();
        mandate.bridges = new address[](0);
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.PoolTokensMismatch.selector, nearPools[V3]));
        mandate = _bridgeMandate();
        HostileToken second = new HostileToken(6);
        mandate.bridges = new address[](2);
        (mandate.bridges[0], mandate.bridges[1]) = (address(bridge), address(second));
        mandate.pools[3] = address(new HostilePool(address(bridge), address(second)));
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.PoolTokensMismatch.selector, mandate.pools[3]));
    }

    function _refusedMandate(IHedgeModule.Mandate memory mandate, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(avatar);
        module.setMandate(mandate);
    }
}
