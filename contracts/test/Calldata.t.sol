// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../src/IHedgeModule.sol";
import {IHedgeModuleErrors as Errors} from "../src/IHedgeModuleErrors.sol";
import {VenuesFixture} from "./support/VenuesFixture.sol";
import {vm} from "./support/Vm.sol";

/// @notice What stands where an answer is expected: bytes of a length, returned or as a reason to revert.
contract Answerer {
    address public immutable token0;
    address public immutable token1;
    uint256 private immutable SIZE;
    bool private immutable REVERTS;

    constructor(address tokenA, address tokenB, uint256 size, bool reverts) {
        (token0, token1) = tokenA < tokenB ? (tokenA, tokenB) : (tokenB, tokenA);
        (SIZE, REVERTS) = (size, reverts);
    }

    fallback() external {
        (uint256 size, bool reverts) = (SIZE, REVERTS);
        assembly {
            for { let i := 0 } lt(i, size) { i := add(i, 0x20) } { mstore(i, not(0)) }
            if reverts { revert(0, size) }
            return(0, size)
        }
    }
}

/// @notice Orders as bytes, and answers as bytes: whatever is read by hand is refused as the compiler would refuse it.
contract CalldataTest is VenuesFixture {
    /// @dev Words of `hedge`'s calldata: where the order begins, its eight, the number of legs, and the leg's six.
    uint256 private constant WORDS = 16;
    uint256 private constant LEGS_DISTANCE = 8;
    uint256 private constant LEG_COUNT = 9;

    function setUp() public {
        _deployVenues(true, false);
    }

    function test_takes_the_calldata_that_it_is_tested_with() public {
        (bool success,) = _send(_calldata(_leg(V3, BASE)));
        vm.assertTrue(success, "taken");
    }

    function test_refuses_every_bit_that_a_type_has_not() public {
        uint16[WORDS] memory bits = [uint16(64), 160, 64, 64, 1, 128, 256, 16, 64, 64, 8, 160, 128, 160, 24, 256];
        for (uint8 kind = V3; kind <= V4; ++kind) {
            for (uint256 word = 0; word < WORDS; ++word) {
                // What only a v4 leg has is not looked at otherwise.
                if (word == 14 && kind != V4) continue;
                for (uint256 bit = bits[word]; bit < 256; ++bit) {
                    bytes memory data = _calldata(_leg(kind, BASE));
                    _set(data, word, _get(data, word) | 2 ** bit);
                    _refusedUnread(data);
                }
            }
        }
    }

    function test_refuses_a_tick_spacing_that_is_not_extended_by_its_sign() public {
        bytes memory data = _calldata(_leg(V4, BASE));
        _set(data, 15, 1 << 24 | _get(data, 15));
        _refusedUnread(data);
        _set(data, 15, 0xffffff);
        _refusedUnread(data);
    }

    function test_refuses_calldata_that_ends_too_early_wherever() public {
        bytes memory whole = _calldata(_leg(V4, BASE));
        for (uint256 size = 4; size < whole.length; ++size) {
            bytes memory data = new bytes(size);
            for (uint256 i = 0; i < size; ++i) {
                data[i] = whole[i];
            }
            _refusedUnread(data);
        }
    }

    function test_finds_the_legs_wherever_they_lie() public {
        bytes memory whole = _calldata(_leg(V3, BASE));
        for (uint256 gap = 1; gap < 40; gap += 13) {
            // Selector and nine words, then as many bytes that nobody reads.
            bytes memory data =
                bytes.concat(_slice(whole, 0, 4 + 9 * 32), new bytes(gap), _slice(whole, 4 + 9 * 32, 7 * 32));
            _set(data, LEGS_DISTANCE, 0x100 + gap);
            _set(data, 2, module.nextSequence(avatar));
            (bool success,) = _send(data);
            vm.assertTrue(success, "taken");
        }
    }

    function test_refuses_legs_that_lie_nowhere() public {
        uint256[6] memory distances =
            [uint256(0), 0x200, type(uint64).max, 1 << 64, type(uint256).max - 0x1f, type(uint256).max];
        for (uint256 i = 0; i < distances.length; ++i) {
            bytes memory data = _calldata(_leg(V3, BASE));
            _set(data, LEGS_DISTANCE, distances[i]);
            (bool success,) = _send(data);
            vm.assertFalse(success, "refused");
        }
    }

    function test_refuses_more_legs_than_there_is_calldata_for() public {
        uint256[6] memory counts =
            [uint256(2), 9, type(uint64).max, 1 << 64, type(uint256).max / 0xc0 + 1, type(uint256).max];
        for (uint256 i = 0; i < counts.length; ++i) {
            bytes memory data = _calldata(_leg(V3, BASE));
            _set(data, LEG_COUNT, counts[i]);
            _refusedUnread(data);
        }
    }

    function test_a_pools_role_cannot_be_sent_along_with_its_address() public {
        for (uint256 role = 0; role < 9; ++role) {
            bytes memory data = _calldata(_leg(V3, BASE));
            _set(data, 11, uint160(stranger) | role << 160);
            (bool success,) = _send(data);
            vm.assertFalse(success, "refused");
        }
    }

    function test_refuses_a_pool_with_a_reason_of_any_length() public {
        for (uint256 size = 0; size <= 1 << 18; size = size * 16 + 4) {
            _allow(address(new Answerer(address(base), address(quote), size, true)));
            for (uint8 kind = V3; kind <= V2; ++kind) {
                IHedgeModule.Leg memory leg = IHedgeModule.Leg(kind, _firstPool(), uint128(BASE), 0, 0, 0);
                (bool success, bytes memory reason) = _send(_calldata(leg));
                vm.assertFalse(success, "refused");
                vm.assertEq(reason.length, size, "with the pool's own reason");
            }
        }
    }

    function test_refuses_a_pair_whose_reserves_are_none() public {
        // Three words of all bits; less than three words.
        for (uint256 size = 0; size <= 0x60; size += 0x20) {
            _allow(address(new Answerer(address(base), address(quote), size, false)));
            _refusedUnread(_calldata(IHedgeModule.Leg(V2, _firstPool(), uint128(BASE), 0, 0, 0)));
        }
    }

    function test_refuses_a_token_that_does_not_say_a_balance() public {
        bytes memory data = _calldata(_leg(V3, BASE));
        // No code any more; 31 bytes.
        vm.etch(address(quote), "");
        _refusedUnread(data);
        vm.etch(address(quote), hex"601f5ff3");
        _refusedUnread(data);
    }

    function test_a_pause_that_comes_while_an_order_runs_stays() public {
        IHedgeModule.Mandate memory mandate = _venuesMandate();
        mandate.guardian = address(base);
        _setMandate(mandate);
        base.callOut(address(module), abi.encodeCall(module.pause, (avatar)));
        _hedge(_order(true, BASE));
        (uint64 sequence, bool paused,,) = module.stateOf(avatar);
        vm.assertTrue(paused && sequence == 1, "executed, and paused");
        _refused(_order(true, BASE), abi.encodeWithSelector(Errors.HedgingPaused.selector, avatar));
    }

    function test_has_no_function_but_its_own() public {
        (bool success,) = address(module).call(hex"deadbeef");
        vm.assertFalse(success, "an unknown one");
        (success,) = address(module).call("");
        vm.assertFalse(success, "none");
        vm.deal(address(this), 1);
        (success,) = address(module).call{value: 1}(abi.encodeCall(module.unpause, ()));
        vm.assertFalse(success, "a payment");
    }

    function test_the_registry_by_itself_has_no_say() public {
        IHedgeModule registry = IHedgeModule(vm.computeCreateAddress(address(module), 1));
        bytes memory before = abi.encode(module.mandateOf(avatar));
        IHedgeModule.Mandate memory mandate = _mandate();
        mandate.keepers[0] = stranger;
        vm.prank(avatar);
        (bool success,) = address(registry).call(abi.encodeCall(registry.setMandate, (mandate)));
        vm.prank(avatar);
        registry.pause(avatar);
        success;
        vm.assertEq(abi.encode(module.mandateOf(avatar)), before, "the module's mandate");
        vm.assertFalse(module.isKeeper(avatar, stranger), "nor its keepers");
        _hedge(_order(true, BASE));
    }

    function _allow(address first) private {
        IHedgeModule.Mandate memory mandate = _venuesMandate();
        mandate.pools[0] = first;
        _setMandate(mandate);
    }

    function _firstPool() private view returns (address) {
        return module.mandateOf(avatar).pools[0];
    }

    function _calldata(IHedgeModule.Leg memory leg) private view returns (bytes memory) {
        return abi.encodeCall(module.hedge, (_orderOf(true, leg)));
    }

    function _send(bytes memory data) private returns (bool, bytes memory) {
        vm.prank(keeper);
        return address(module).call(data);
    }

    function _refusedUnread(bytes memory data) private {
        (bool success, bytes memory reason) = _send(data);
        vm.assertFalse(success, "refused");
        vm.assertEq(reason.length, 0, "without a reason");
    }

    function _get(bytes memory data, uint256 word) private pure returns (uint256 value) {
        assembly {
            value := mload(add(add(data, 0x24), mul(word, 0x20)))
        }
    }

    function _set(bytes memory data, uint256 word, uint256 value) private pure {
        assembly {
            mstore(add(add(data, 0x24), mul(word, 0x20)), value)
        }
    }

    function _slice(bytes memory data, uint256 start, uint256 size) private pure returns (bytes memory part) {
        part = new bytes(size);
        for (uint256 i = 0; i < size; ++i) {
            part[i] = data[start + i];
        }
    }
}
