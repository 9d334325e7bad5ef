// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPositionManager} from "../../src/External.sol";
import {IHedgeModule} from "../../src/IHedgeModule.sol";
import {TestAvatar} from "../support/Avatars.sol";
import {HostileToken} from "../support/Tokens.sol";
import {BridgeFixture} from "../support/BridgeFixture.sol";
import {ForgedPositions} from "../support/ForgedPositions.sol";
import {NftsFixture} from "../support/NftsFixture.sol";
import {vm} from "../support/Vm.sol";

/// @notice The vault that the actors play on, and the books that are kept of what they do to it.
/// @dev The thief has the most that a keeper's key can give: it is a keeper itself, and so are the base token and one of
/// the allowed pools, both of which do as the thief says.
abstract contract World is BridgeFixture, NftsFixture {
    uint256 internal constant SLIPPAGE_BPS = 100;
    /// @dev 8 decimals of the feed and 18 of base over 6 of quote: base * answer is in quote units times this.
    uint256 internal constant VALUE_SCALE = 1e20;

    /// @notice What the avatar has of the bridge, which no order may change.
    uint256 public constant OWN_BRIDGE = 1_000_000 * QUOTE;

    address internal immutable thief = address(0x7B1EF);

    uint256 public immutable startedAt;
    /// @notice Sum of all orders' losses at the oracle's price, in quote units times VALUE_SCALE; gains not taken off.
    uint256 public lossScaled;
    /// @notice The same of all that the avatar has, each position of its as it would be where its pool stands at the oracle.
    uint256 public worthLossScaled;
    /// @notice Base that withdrawals brought since the owners last put the avatar's back to what it had.
    uint256 public baseBrought;
    uint256 public executedOrders;
    uint256 public doubleExecutions;
    uint256 public foreignCallbacks;
    uint256 public reentries;
    /// @notice What was done that must never succeed, other than the above; empty when nothing was.
    string public forbidden;
    bytes32 public mandateHash;
    uint32 public epoch;
    bool public paused;
    mapping(string action => uint256) public successes;

    ForgedPositions internal immutable forgedPositions;
    bytes[] internal executed;
    mapping(uint64 sequence => bool) private isExecuted;

    constructor() {
        _deployBridge(true, 1, false);
        _deployNfts();
        forgedPositions = new ForgedPositions(address(base), address(quote));
        bridge.mint(avatar, OWN_BRIDGE);
        startedAt = block.timestamp;
        vm.startPrank(avatar);
        base.approve(address(module), type(uint256).max);
        quote.approve(address(module), type(uint256).max);
        vm.stopPrank();
        // Three by the fixtures.
        epoch = 3;
        _ownerSets(_worldMandate());
    }

    function maxLossScaled() external view returns (uint256) {
        IHedgeModule.Mandate memory mandate = _worldMandate();
        uint256 capacity = uint256(mandate.turnoverCapacityQuote) * 1 days;
        uint256 refilled = (block.timestamp - startedAt) * mandate.turnoverRefillPerDayQuote;
        return (capacity + refilled) * VALUE_SCALE / 1 days * SLIPPAGE_BPS / 10_000;
    }

    function bridgeOf(address account) external view returns (uint256) {
        return bridge.balanceOf(account);
    }

    function balances(address account) external view returns (uint256, uint256) {
        return (base.balanceOf(account), quote.balanceOf(account));
    }

    function parts() external view returns (IHedgeModule, address) {
        return (module, avatar);
    }

    /// @dev A purchase never ends above 520; what positions bring may.
    function baseLimits() external view returns (uint256 minBase, uint256 maxBase) {
        return (480 * BASE, 520 * BASE + baseBrought);
    }

    /// @notice Whether all that the module made the avatar do, and all that it took from it by allowance, were transfers
    /// of base, quote and bridge to pools and PoolManager, and withdrawals of liquidity.
    function onlyPoolsWerePaid() external view returns (bool) {
        TestAvatar recorder = TestAvatar(payable(avatar));
        address[11] memory receivers = [
            pool,
            pool2,
            pair,
            manager,
            address(hostilePool),
            nearPools[V3],
            nearPools[V2],
            farPools[V3],
            farPools[V2],
            address(hostileNear),
            address(hostileFar)
        ];
        uint256 known;
        uint256 knownPulls;
        for (uint256 i = 0; i < receivers.length; ++i) {
            known += recorder.paymentsTo(address(base), receivers[i]);
            known += recorder.paymentsTo(address(quote), receivers[i]);
            known += recorder.paymentsTo(address(bridge), receivers[i]);
            knownPulls += base.pullsTo(avatar, receivers[i]) + quote.pullsTo(avatar, receivers[i]);
        }
        return
            recorder.otherCalls() == _withdrawalCalls(recorder) && known == recorder.payments() && knownPulls == pulls();
    }

    function _withdrawalCalls(TestAvatar recorder) private view returns (uint256 count) {
        address[2] memory managers = [address(nfts), address(forgedPositions)];
        for (uint256 i = 0; i < 2; ++i) {
            count += recorder.callsTo(managers[i], IPositionManager.decreaseLiquidity.selector);
            count += recorder.callsTo(managers[i], IPositionManager.collect.selector);
        }
    }

    /// @notice How often something was taken from the avatar by allowance.
    function pulls() public view returns (uint256) {
        return base.pulls(avatar) + quote.pulls(avatar) + bridge.pulls(avatar);
    }

    /// @dev Whether the mandate pays by allowance.
    function _paysByAllowance() internal pure virtual returns (bool) {
        return false;
    }

    function _worldMandate() internal view returns (IHedgeModule.Mandate memory mandate) {
        mandate = _bridgeMandate();
        mandate.maxSlippageBps = uint16(SLIPPAGE_BPS);
        mandate.paysByAllowance = _paysByAllowance();
        mandate.positionManager = address(nfts);
        // What the avatar does for a pool of the native coin is not a transfer: those have tests of their own.
        mandate.v4Pools = new bytes32[](3);
        mandate.v4Pools[0] = _idOf(tokenKey);
        (mandate.v4Pools[1], mandate.v4Pools[2]) = (_idOf(nearKey), _idOf(farKey));
        mandate.keepers = new address[](4);
        (mandate.keepers[0], mandate.keepers[1]) = (keeper, thief);
        (mandate.keepers[2], mandate.keepers[3]) = (address(base), address(hostilePool));
    }

    function _ownerSets(IHedgeModule.Mandate memory mandate) internal {
        _setMandate(mandate);
        mandateHash = keccak256(abi.encode(mandate));
        ++epoch;
    }

    function _succeeded(string memory action) internal {
        ++successes[action];
    }

    /// @dev Calls the module and books whatever came of it.
    function _attempt(address caller, bytes memory data) internal returns (bool success, bytes memory answer) {
        uint256 before = _value();
        uint64 sequence = module.nextSequence(avatar);
        vm.prank(caller);
        (success, answer) = address(module).call(data);
        uint256 afterwards = _value();
        if (afterwards < before) {
            lossScaled += before - afterwards;
            worthLossScaled += before - afterwards;
        }
        uint64 sequenceNow = module.nextSequence(avatar);
        if (sequenceNow < sequence || sequenceNow > sequence + 1) ++doubleExecutions;
        else executedOrders += sequenceNow - sequence;
    }

    function _attemptOrder(address caller, IHedgeModule.Order memory order) internal returns (bool success) {
        (success,) = _attemptFill(caller, order);
    }

    /// @return success whether it passed
    /// @return answer what it filled
    function _attemptFill(address caller, IHedgeModule.Order memory order)
        internal
        returns (bool success, bytes memory answer)
    {
        (success, answer) = _attempt(caller, abi.encodeCall(module.hedge, (order)));
        if (!success) return (false, answer);
        if (paused) forbidden = "an order while paused";
        uint256 held = base.balanceOf(avatar);
        if (order.baseAmount != 0 && (order.sellBase ? held < 480 * BASE : held > 520 * BASE)) {
            forbidden = "an order beyond the inventory";
        }
        if (isExecuted[order.sequence]) ++doubleExecutions;
        isExecuted[order.sequence] = true;
        executed.push(abi.encodeCall(module.hedge, (order)));
    }

    /// @dev Books a success as a fault.
    function _mustFail(address caller, bytes memory data, string memory action) internal {
        (bool success,) = _attempt(caller, data);
        if (success) forbidden = action;
        else _succeeded(action);
    }

    function _behaveHonestly() internal {
        base.behave(HostileToken.Manner.Honest);
        bridge.behave(HostileToken.Manner.Honest);
        hostilePool.behave(0, 0, 0);
        hostileNear.behave(0, 0, 0);
        hostileFar.behave(0, 0, 0);
    }

    function _value() internal view returns (uint256) {
        (, int256 answer,,,) = aggregator.latestRoundData();
        return base.balanceOf(avatar) * uint256(answer) + quote.balanceOf(avatar) * VALUE_SCALE;
    }

    function _oraclePrice() internal view returns (uint256) {
        (, int256 answer,,,) = aggregator.latestRoundData();
        return uint256(answer);
    }

    function _notional(uint256 amount) internal view returns (uint256) {
        return (amount * _oraclePrice() + VALUE_SCALE - 1) / VALUE_SCALE;
    }

    /// @dev Whether an order of this size has nothing against it but its price.
    function _isOpen(bool sellBase, uint256 amount) internal view returns (bool) {
        (,,, uint256 updatedAt,) = aggregator.latestRoundData();
        (,,, uint256 turnover) = module.stateOf(avatar);
        uint256 held = base.balanceOf(avatar);
        return !paused && mandateHash != 0 && block.timestamp - updatedAt <= 3_600 && turnover >= _notional(amount)
            && (sellBase ? held >= amount + 480 * BASE : held + amount <= 520 * BASE);
    }
}
