// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../src/IHedgeModule.sol";
import {IHedgeModuleErrors as Errors} from "../src/IHedgeModuleErrors.sol";
import {TestAggregator} from "./support/Feeds.sol";
import {HedgeFixture} from "./support/HedgeFixture.sol";
import {HostilePool} from "./support/HostilePool.sol";
import {TestToken} from "./support/Tokens.sol";
import {vm} from "./support/Vm.sol";

/// @notice Answers every call with success and nothing, as WETH does.
contract Mute {
    fallback() external {}
}

/// @notice What a mandate must be.
contract MandateValidationTest is HedgeFixture {
    function setUp() public {
        _deploy(true, false);
    }

    function test_refuses_what_is_not_a_contract() public {
        IHedgeModule.Mandate memory mandate = _mandate();
        mandate.base = stranger;
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.NotAContract.selector, stranger));
        mandate = _mandate();
        mandate.quote = stranger;
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.NotAContract.selector, stranger));
        mandate = _mandate();
        mandate.baseFeeds[1] = IHedgeModule.Feed(stranger, 1);
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.NotAContract.selector, stranger));
        mandate = _mandate();
        mandate.pools[1] = stranger;
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.NotAContract.selector, stranger));
        mandate = _mandate();
        (mandate.sequencerFeed, mandate.sequencerGraceSeconds) = (stranger, 1);
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.NotAContract.selector, stranger));
    }

    function test_refuses_base_as_quote() public {
        IHedgeModule.Mandate memory mandate = _mandate();
        mandate.quote = mandate.base;
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.BaseIsQuote.selector, base));
    }

    function test_refuses_feeds_without_heartbeat_and_heartbeats_without_feed() public {
        IHedgeModule.Mandate memory mandate = _mandate();
        mandate.baseFeeds[0].aggregator = address(0);
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.BaseFeedMissing.selector));
        mandate = _mandate();
        mandate.baseFeeds[0].heartbeatSeconds = 0;
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.HeartbeatMissing.selector, feed));
        mandate = _mandate();
        mandate.baseFeeds[1].heartbeatSeconds = 1;
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.HeartbeatWithoutFeed.selector, 1));
        mandate = _mandate();
        mandate.quoteFeed.heartbeatSeconds = 1;
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.HeartbeatWithoutFeed.selector, 2));
    }

    function test_refuses_half_a_sequencer_feed() public {
        IHedgeModule.Mandate memory mandate = _mandate();
        mandate.sequencerFeed = feed;
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.SequencerFeedIncomplete.selector, feed, 0));
        mandate.sequencerFeed = address(0);
        mandate.sequencerGraceSeconds = 1;
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.SequencerFeedIncomplete.selector, address(0), 1));
    }

    function test_refuses_decimals_that_it_cannot_read_or_use() public {
        IHedgeModule.Mandate memory mandate = _mandate();
        address mute = address(new Mute());
        mandate.baseFeeds[0].aggregator = mute;
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.DecimalsUnreadable.selector, mute));
        mandate.baseFeeds[0].aggregator = address(new TestAggregator(37, 1));
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.DecimalsOutOfRange.selector, int256(-49)));
        mandate = _mandate();
        mandate.quoteFeed = IHedgeModule.Feed(address(new TestAggregator(45, 1)), 1);
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.DecimalsOutOfRange.selector, int256(25)));
    }

    function test_refuses_a_slippage_of_nothing_or_more_than_a_tenth() public {
        IHedgeModule.Mandate memory mandate = _mandate();
        mandate.maxSlippageBps = 0;
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.SlippageOutOfRange.selector, 0, 1_000));
        mandate.maxSlippageBps = 1_001;
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.SlippageOutOfRange.selector, 1_001, 1_000));
        mandate.maxSlippageBps = 1_000;
        _setMandate(mandate);
    }

    function test_refuses_limits_that_allow_nothing() public {
        IHedgeModule.Mandate memory mandate = _mandate();
        mandate.turnoverCapacityQuote = 0;
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.TurnoverCapacityZero.selector));
        mandate = _mandate();
        mandate.maxBase = uint128(uint256(int256(mandate.minBase)));
        _refusedMandate(
            mandate, abi.encodeWithSelector(Errors.InventoryLimitsReversed.selector, mandate.minBase, mandate.maxBase)
        );
    }

    function test_refuses_no_pools_and_too_many_and_the_same_twice() public {
        IHedgeModule.Mandate memory mandate = _mandate();
        mandate.pools = new address[](0);
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.PoolCountOutOfRange.selector, 0, 16));
        mandate.pools = new address[](17);
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.PoolCountOutOfRange.selector, 17, 16));
        mandate = _mandate();
        mandate.pools[1] = pool;
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.DuplicatePool.selector, pool));
    }

    function test_refuses_pools_of_other_tokens() public {
        TestToken other = new TestToken(6);
        address[3] memory pools = [
            address(new HostilePool(address(base), address(other))),
            address(new HostilePool(address(other), address(quote))),
            address(new Mute())
        ];
        for (uint256 i = 0; i < pools.length; ++i) {
            IHedgeModule.Mandate memory mandate = _mandate();
            mandate.pools[1] = pools[i];
            _refusedMandate(mandate, abi.encodeWithSelector(Errors.PoolTokensMismatch.selector, pools[i]));
        }
    }

    function test_refuses_no_keepers_and_too_many_and_the_same_twice_and_nobody() public {
        IHedgeModule.Mandate memory mandate = _mandate();
        mandate.keepers = new address[](0);
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.KeeperCountOutOfRange.selector, 0, 16));
        mandate.keepers = new address[](17);
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.KeeperCountOutOfRange.selector, 17, 16));
        mandate.keepers = new address[](2);
        (mandate.keepers[0], mandate.keepers[1]) = (keeper, keeper);
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.DuplicateKeeper.selector, keeper));
        mandate.keepers[1] = address(0);
        _refusedMandate(mandate, abi.encodeWithSelector(Errors.KeeperZero.selector));
    }

    function test_takes_as_many_pools_and_keepers_as_it_says() public {
        IHedgeModule.Mandate memory mandate = _mandate();
        mandate.pools = new address[](16);
        mandate.keepers = new address[](16);
        for (uint160 i = 0; i < 16; ++i) {
            mandate.pools[i] = i == 15 ? pool : address(new HostilePool(address(base), address(quote)));
            mandate.keepers[i] = i == 15 ? keeper : address(0x9000 + i);
        }
        _setMandate(mandate);
        _hedge(_order(true, BASE));
    }

    function _refusedMandate(IHedgeModule.Mandate memory mandate, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(avatar);
        module.setMandate(mandate);
    }
}
