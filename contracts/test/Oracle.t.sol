// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../src/IHedgeModule.sol";
import {IHedgeModuleErrors as Errors} from "../src/IHedgeModuleErrors.sol";
import {TestAggregator, TestFeed} from "./support/Feeds.sol";
import {HedgeFixture} from "./support/HedgeFixture.sol";
import {vm} from "./support/Vm.sol";

/// @notice Each of the three feeds is held to the same rules, and the sequencer's to its own.
contract OracleTest is HedgeFixture {
    TestAggregator private ratio;
    TestAggregator private dollar;
    TestAggregator private sequencer;
    address private ratioFeed;
    address private dollarFeed;
    address private sequencerFeed;

    function setUp() public {
        _deploy(true, false);
        ratio = new TestAggregator(18, 1e18);
        dollar = new TestAggregator(8, 1e8);
        sequencer = new TestAggregator(0, 0);
        sequencer.setRound(0, START - 1 days, START);
        (ratioFeed, dollarFeed, sequencerFeed) =
        (address(new TestFeed(ratio)), address(new TestFeed(dollar)), address(new TestFeed(sequencer)));

        IHedgeModule.Mandate memory mandate = _mandate();
        mandate.baseFeeds[1] = IHedgeModule.Feed(ratioFeed, 7_200);
        mandate.quoteFeed = IHedgeModule.Feed(dollarFeed, 1_800);
        mandate.sequencerFeed = sequencerFeed;
        mandate.sequencerGraceSeconds = 3_600;
        _setMandate(mandate);
    }

    function test_hedges_on_good_feeds() public {
        _hedge(_order(true, BASE));
    }

    function test_refuses_an_answer_of_zero_or_less() public {
        _forEachFeed(this.zeroOrLess);
    }

    function zeroOrLess(TestAggregator source, address from, uint256) external {
        source.set(0);
        _refusedByOracle(abi.encodeWithSelector(Errors.AnswerNotPositive.selector, from, 0));
        source.set(-1);
        _refusedByOracle(abi.encodeWithSelector(Errors.AnswerNotPositive.selector, from, -1));
    }

    function test_refuses_an_answer_that_no_price_can_be() public {
        _forEachFeed(this.tooLarge);
    }

    function tooLarge(TestAggregator source, address from, uint256) external {
        int256 answer = int256(uint256(type(uint88).max)) + 1;
        source.set(answer);
        _refusedByOracle(abi.encodeWithSelector(Errors.AnswerTooLarge.selector, from, answer));
    }

    function test_refuses_a_round_without_a_time() public {
        _forEachFeed(this.withoutTime);
    }

    function withoutTime(TestAggregator source, address from, uint256) external {
        source.setRound(1e8, 0, 0);
        _refusedByOracle(abi.encodeWithSelector(Errors.RoundIncomplete.selector, from));
    }

    function test_refuses_an_answer_from_the_future() public {
        _forEachFeed(this.fromTheFuture);
    }

    function fromTheFuture(TestAggregator source, address from, uint256) external {
        source.setRound(1e8, START, START + 1);
        _refusedByOracle(abi.encodeWithSelector(Errors.AnswerFromFuture.selector, from, START + 1));
    }

    function test_takes_an_answer_as_old_as_its_own_heartbeat_and_not_older() public {
        _forEachFeed(this.asOldAsItsHeartbeat);
    }

    function asOldAsItsHeartbeat(TestAggregator source, address from, uint256 heartbeat) external {
        source.setRound(1e8, START - heartbeat, START - heartbeat);
        module.oraclePriceX96(avatar);
        source.setRound(1e8, START - heartbeat - 1, START - heartbeat - 1);
        _refusedByOracle(abi.encodeWithSelector(Errors.AnswerStale.selector, from, START - heartbeat - 1, heartbeat));
    }

    function test_refuses_an_answer_carried_over_from_an_earlier_round() public {
        _forEachFeed(this.carriedOver);
    }

    function carriedOver(TestAggregator source, address from, uint256) external {
        source.setRoundIds(2 ** 64 + 2, 2 ** 64 + 1);
        _refusedByOracle(
            abi.encodeWithSelector(Errors.RoundCarriedOver.selector, from, uint80(2 ** 64 + 2), uint80(2 ** 64 + 1))
        );
    }

    function test_refuses_a_feed_that_reverts() public {
        _forEachFeed(this.reverting);
    }

    function reverting(TestAggregator source, address from, uint256) external {
        source.setBroken(true);
        _refusedByOracle(abi.encodeWithSelector(Errors.FeedUnavailable.selector, from));
    }

    function test_refuses_a_price_beyond_what_it_can_compute_with() public {
        aggregator.set(int256(uint256(type(uint88).max)));
        ratio.set(int256(uint256(type(uint88).max)));
        _refusedByOracle(abi.encodeWithSelector(Errors.PriceOutOfRange.selector));
    }

    function test_refuses_while_the_sequencer_is_down_or_unknown() public {
        bytes memory reason = abi.encodeWithSelector(Errors.SequencerDown.selector, sequencerFeed);
        sequencer.setRound(1, START - 1 days, START);
        _refusedByOracle(reason);
        sequencer.setRound(0, 0, START);
        _refusedByOracle(reason);
        sequencer.setRound(0, START + 1, START);
        _refusedByOracle(reason);
    }

    function test_refuses_until_the_grace_period_has_passed() public {
        sequencer.setRound(0, START - 3_600, START);
        _refusedByOracle(abi.encodeWithSelector(Errors.SequencerGracePeriod.selector, sequencerFeed, START));
        sequencer.setRound(0, START - 3_601, START);
        module.oraclePriceX96(avatar);
    }

    function test_refuses_when_the_sequencer_feed_reverts() public {
        sequencer.setBroken(true);
        _refusedByOracle(abi.encodeWithSelector(Errors.FeedUnavailable.selector, sequencerFeed));
    }

    function test_needs_no_feed_that_the_mandate_does_not_name() public {
        sequencer.setBroken(true);
        ratio.setBroken(true);
        dollar.setBroken(true);
        _setMandate(_mandate());
        _hedge(_order(true, BASE));
    }

    function test_reads_decimals_when_the_mandate_is_set_and_never_again() public {
        uint256 before = module.oraclePriceX96(avatar);
        vm.etch(ratioFeed, address(new TestFeed(new TestAggregator(6, 1e6))).code);
        vm.assertEq(module.oraclePriceX96(avatar), before, "price");
    }

    /// forge-config: default.fuzz.runs = 500
    function test_the_price_is_the_feeds_product_over_the_quote_feed(uint256 first, uint256 second, uint256 third)
        public
    {
        (first, second, third) = (1 + first % 1e16, 1 + second % 1e24, 1 + third % 1e12);
        aggregator.set(int256(first));
        ratio.set(int256(second));
        dollar.set(int256(third));
        // Decimals: quote 6 + dollar 8 - base 18 - feed 8 - ratio 18 = -30.
        vm.assertEq(module.oraclePriceX96(avatar), (first * second << 96) / (third * 1e30), "price");
    }

    function _forEachFeed(function(TestAggregator, address, uint256) external check) private {
        uint256 snapshot = vm.snapshotState();
        check(aggregator, feed, 3_600);
        vm.revertToState(snapshot);
        snapshot = vm.snapshotState();
        check(ratio, ratioFeed, 7_200);
        vm.revertToState(snapshot);
        check(dollar, dollarFeed, 1_800);
    }

    /// @dev By the view and by an order, alike.
    function _refusedByOracle(bytes memory reason) private {
        vm.expectRevert(reason);
        module.oraclePriceX96(avatar);
        _refused(_order(true, BASE), reason);
    }
}
