// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../src/IHedgeModule.sol";
import {IHedgeModuleErrors} from "../src/IHedgeModuleErrors.sol";
import {TestAggregator, TestFeed} from "./support/Feeds.sol";
import {HedgeFixture} from "./support/HedgeFixture.sol";
import {RealContracts} from "./support/RealContracts.sol";
import {HostileToken, SilentToken} from "./support/Tokens.sol";
import {vm} from "./support/Vm.sol";

/// @notice What a keeper can do within the mandate: on a real Safe 1.4.1 and real Uniswap v3 pools.
abstract contract HedgeTest is HedgeFixture {
    function test_sells_base_for_what_the_pool_pays() public {
        (uint256 sold, uint256 received) = _hedge(_order(true, 10 * BASE));

        vm.assertEq(sold, 10 * BASE, "sold");
        vm.assertEq(base.balanceOf(avatar), 490 * BASE, "base left");
        vm.assertEq(quote.balanceOf(avatar), 2_000_000 * QUOTE + received, "quote kept");
        vm.assertApproxEqRel(received, 30_000 * QUOTE, 0.0007e18, "price less fee and impact");
    }

    function test_buys_base_exactly() public {
        (uint256 bought, uint256 paid) = _hedge(_order(false, 10 * BASE));

        vm.assertEq(bought, 10 * BASE, "bought");
        vm.assertEq(base.balanceOf(avatar), 510 * BASE, "base now");
        vm.assertEq(quote.balanceOf(avatar), 2_000_000 * QUOTE - paid, "quote left");
        vm.assertApproxEqRel(paid, 30_000 * QUOTE, 0.0007e18, "price plus fee and impact");
    }

    function test_adds_up_legs_over_several_pools() public {
        IHedgeModule.Order memory order = _order(true, 10 * BASE);
        order.legs = new IHedgeModule.Leg[](2);
        order.legs[0] = IHedgeModule.Leg(0, pool, uint128(7 * BASE), 0, 0, 0);
        order.legs[1] = IHedgeModule.Leg(0, pool2, uint128(3 * BASE), 0, 0, 0);
        uint256 inPool2 = base.balanceOf(pool2);
        (uint256 sold,) = _hedge(order);

        vm.assertEq(sold, 10 * BASE, "sold");
        vm.assertEq(base.balanceOf(pool2) - inPool2, 3 * BASE, "second leg");
    }

    function test_leaves_nothing_behind_when_a_price_limit_stops_the_fill() public {
        IHedgeModule.Order memory order = _order(true, 30 * BASE);
        order.legs[0].sqrtPriceLimitX96 = _sqrtPriceX96(2_999_500_000);
        order.minFillBps = 1_000;
        (uint256 sold, uint256 received) = _hedge(order);

        vm.assertGt(sold, 3 * BASE, "some sold");
        vm.assertLt(sold, 30 * BASE, "not all sold");
        vm.assertEq(base.balanceOf(avatar), 500 * BASE - sold, "the rest stays with the avatar");
        vm.assertEq(quote.balanceOf(avatar), 2_000_000 * QUOTE + received, "quote");
        vm.assertEq(base.balanceOf(address(module)), 0, "module holds no base");
        vm.assertEq(quote.balanceOf(address(module)), 0, "module holds no quote");
    }

    function test_holds_a_partial_fill_to_the_quote_limit_pro_rata() public {
        IHedgeModule.Order memory order = _order(true, 30 * BASE);
        order.legs[0].sqrtPriceLimitX96 = _sqrtPriceX96(2_999_500_000);
        order.minFillBps = 1_000;
        // The average price of the part that fills lies between 2,997 and 2,999.
        order.quoteLimit = 30 * 2_999 * QUOTE;
        _refusedWith(order, IHedgeModuleErrors.QuoteLimitMissed.selector);
        order.quoteLimit = 30 * 2_997 * QUOTE;
        _hedge(order);
    }

    function test_tells_what_it_did_in_an_event() public {
        uint256 snapshot = vm.snapshotState();
        (, uint256 received) = _hedge(_order(true, 10 * BASE));
        vm.revertToState(snapshot);

        IHedgeModule.Order memory order = _order(true, 10 * BASE);
        uint256 priceX96 = module.oraclePriceX96(avatar);
        vm.expectEmit(address(module));
        emit IHedgeModule.Hedged(avatar, 0, keeper, true, 10 * BASE, received, priceX96);
        _hedge(order);
    }

    function test_counts_sequences_up_by_one() public {
        vm.assertEq(module.nextSequence(avatar), 0, "starts at zero");
        _hedge(_order(true, BASE));
        _hedge(_order(false, BASE));
        (uint64 sequence,,,) = module.stateOf(avatar);
        vm.assertEq(sequence, 2, "after two orders");
    }

    function test_takes_the_notional_at_the_oracle_price_from_the_bucket_and_refills_it_with_time() public {
        _hedge(_order(true, 10 * BASE));
        _assertTurnover(70_000 * QUOTE, "after a fill of 30,000");
        vm.warp(START + 12 hours);
        _assertTurnover(95_000 * QUOTE, "half a day later");
        vm.warp(START + 30 days);
        _assertTurnover(100_000 * QUOTE, "never beyond its capacity");
    }

    function test_rounds_the_notional_up() public {
        aggregator.set(300_000_000_001);
        _hedge(_order(true, 1 * BASE));
        _assertTurnover(97_000 * QUOTE - 1, "3,000.00000001 costs 3,000.000001");
    }

    function test_computes_the_price_from_two_base_feeds_and_a_quote_feed() public {
        IHedgeModule.Mandate memory mandate = _mandate();
        TestAggregator ratio = new TestAggregator(18, 1.2e18);
        TestAggregator dollar = new TestAggregator(8, 0.99e8);
        mandate.baseFeeds[1] = IHedgeModule.Feed(address(ratio), 86_400);
        mandate.quoteFeed = IHedgeModule.Feed(address(dollar), 86_400);
        _setMandate(mandate);

        // 3,000 * 1.2 / 0.99 quote of six decimals per base of eighteen.
        uint256 expected = (uint256(3_000 * 1.2e18) * 1e6 << 96) / (uint256(0.99e18) * 1e18);
        vm.assertApproxEqRel(module.oraclePriceX96(avatar), expected, 1, "price");
    }

    function test_one_deployment_keeps_avatars_apart() public {
        _hedge(_order(true, 10 * BASE));
        vm.assertEq(module.nextSequence(stranger), 0, "another avatar's sequence");
        IHedgeModule.Order memory order = _order(true, BASE);
        order.avatar = stranger;
        _refused(order, abi.encodeWithSelector(IHedgeModuleErrors.NoMandate.selector, stranger));
    }

    function test_hedges_with_a_quote_that_answers_nothing_as_usdt_does() public {
        vm.etch(address(quote), address(new SilentToken(6)).code);
        _hedge(_order(false, BASE));
        _hedge(_order(true, BASE));
        vm.assertEq(base.balanceOf(avatar), 500 * BASE, "there and back");
    }

    function test_is_at_one_address_on_every_chain() public {
        address deployer = 0x4e59b44847b379578588920cA78FbF26c0B4956C;
        vm.etch(
            deployer,
            hex"7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3"
        );
        bytes memory code = RealContracts.moduleCode();
        (bool success,) = deployer.call(abi.encodePacked(bytes32(0), code));
        address expected = vm.computeCreate2Address(bytes32(0), keccak256(code), deployer);
        vm.assertTrue(success, "deployed");
        address registry = vm.computeCreateAddress(expected, 1);
        address here = vm.computeCreateAddress(address(module), 1);
        vm.assertEq(registry.code, here.code, "the registry's code");
        vm.assertTrue(here.code.length != 0, "which is some");
        // The module's holds the address of its registry, which follows from its own.
        vm.assertEq(_with(expected.code, registry, here), address(module).code, "the module's code");
    }

    /// @dev Code with an address in place of another, wherever that stands.
    function _with(bytes memory code, address what, address instead) private pure returns (bytes memory) {
        for (uint256 i = 0x20; i < code.length; ++i) {
            assembly {
                let place := add(code, i)
                if eq(shr(96, mload(place)), what) {
                    mstore(place, or(shl(96, instead), and(mload(place), 0xffffffffffffffffffffffff)))
                }
            }
        }
        return code;
    }

    function _assertTurnover(uint256 expected, string memory reason) private view {
        (,,, uint256 available) = module.stateOf(avatar);
        vm.assertEq(available, expected, reason);
    }
}

contract HedgeBaseIsToken0Test is HedgeTest {
    function setUp() public {
        _deploy(true, true);
    }
}

contract HedgeBaseIsToken1Test is HedgeTest {
    function setUp() public {
        _deploy(false, true);
    }
}
