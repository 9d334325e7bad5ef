// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IUniswapV3Pool, SwapParams} from "../../src/External.sol";
import {IHedgeModule} from "../../src/IHedgeModule.sol";
import {HostilePool} from "../support/HostilePool.sol";
import {bound, vm} from "../support/Vm.sol";
import {PositionActors} from "./PositionActors.sol";

/// @notice Everything that anybody may try; forge calls it in any order, with anything.
/// @dev No action reverts: what is expected to pass is called so that a refusal fails the test, what is not is attempted
/// and booked. Each action counts its successes, so that a test can show that it is not idle.
contract Actors is PositionActors {
    bytes4 private constant CALLBACK = bytes4(keccak256("uniswapV3SwapCallback(int256,int256,bytes)"));
    bytes4 private constant UNLOCKED = bytes4(keccak256("unlockCallback(bytes)"));

    HostilePool private immutable outsider;

    constructor() {
        outsider = new HostilePool(address(base), address(quote));
        base.mint(address(hostilePool), 1e12 * BASE);
        quote.mint(address(hostilePool), 1e12 * QUOTE);
    }

    function keeperHedges(bool sellBase, uint256 amount, bool secondPool) external {
        _behaveHonestly();
        amount = bound(amount, 0.001e18, 5e18);
        _movePools(_oraclePrice() / 100);
        if (!_isOpen(sellBase, amount)) return;
        // Nothing is against it, so it passes.
        bool success = _attemptOrder(keeper, _orderOn(secondPool ? pool2 : pool, sellBase, amount));
        require(success, "an honest order was refused");
        _succeeded("keeper hedges");
    }

    /// @dev One order over a pool of each kind, in any order and any parts.
    function keeperHedgesOnEveryKind(bool sellBase, uint256 amount, uint256 first) external {
        _behaveHonestly();
        amount = bound(amount, 0.003e18, 5e18);
        _moveVenues(_oraclePrice() / 100);
        if (!_isOpen(sellBase, amount)) return;
        IHedgeModule.Order memory order = _order(sellBase, amount);
        order.legs = new IHedgeModule.Leg[](3);
        uint256 part = bound(first >> 8, 1, amount - 2);
        uint256 part2 = bound(first >> 16, 1, amount - part - 1);
        first %= 3;
        order.legs[0] = _leg(uint8(first), part);
        order.legs[1] = _leg(uint8((first + 1) % 3), part2);
        order.legs[2] = _leg(uint8((first + 2) % 3), amount - part - part2);
        // A pair gives nothing at all for a few units.
        order.minFillBps = 9_990;
        bool success = _attemptOrder(keeper, order);
        require(success, "an honest order over three kinds was refused");
        _succeeded("keeper hedges on every kind");
    }

    /// @dev A pair that lies about its reserves: it is paid what they say, and pays what it likes.
    function thiefUsesAForgedPair(bool sellBase, uint256 amount, uint256 greed) external {
        _behaveHonestly();
        amount = bound(amount, 1e16, 10e18);
        uint256 notional = _notional(amount);
        (uint256 ofBase, uint256 ofQuote) = (1e6 * BASE, _notional(1e6 * BASE));
        if (sellBase) hostilePool.behave(bound(greed, notional * 98 / 100, notional), 0, 0);
        else hostilePool.behave(bound(greed, amount * 98 / 100, amount), 0, 0);
        hostilePool.setReserves(uint112(ofBase), uint112(ofQuote));
        IHedgeModule.Order memory order = _orderOn(address(hostilePool), sellBase, amount);
        order.legs[0].kind = V2;
        order.minFillBps = 0;
        if (_attemptOrder(thief, order)) _succeeded("thief uses a forged pair");
        _behaveHonestly();
    }

    /// @dev Pools of the PoolManager that the mandate does not name, with hooks or without.
    function thiefUsesAnotherV4Pool(uint24 fee, int24 tickSpacing, address named, bool sellBase) external {
        if (fee == tokenKey.fee && tickSpacing == tokenKey.tickSpacing) ++fee;
        IHedgeModule.Order memory order = _orderOf(sellBase, _leg(V4, 1e15));
        (order.legs[0].fee, order.legs[0].tickSpacing) = (fee, tickSpacing);
        if (fee % 2 == 0) order.legs[0].pool = named;
        _mustFail(thief, abi.encodeCall(module.hedge, (order)), "thief uses another v4 pool");
    }

    function keeperHedgesInPart(uint256 amount) external {
        _behaveHonestly();
        amount = bound(amount, 30e18, 33e18);
        _movePools(_oraclePrice() / 100);
        IHedgeModule.Order memory order = _order(true, amount);
        order.minFillBps = 0;
        order.legs[0].sqrtPriceLimitX96 = _sqrtPriceX96(_oraclePrice() * 99_995 / 10_000_000);
        if (_attemptOrder(keeper, order)) _succeeded("keeper hedges in part");
    }

    /// @dev At exactly the worst price that the mandate allows, nearly as much as bucket and limits leave.
    function thiefTakesTheMost(bool sellBase, uint256 amount) external {
        _behaveHonestly();
        (,,, uint256 turnover) = module.stateOf(avatar);
        uint256 most = turnover * VALUE_SCALE / _oraclePrice();
        uint256 held = base.balanceOf(avatar);
        if (!sellBase && held > 520 * BASE) return;
        uint256 room = sellBase ? held - 480 * BASE : 520 * BASE - held;
        if (most > room) most = room;
        if (most < 1e9) return;
        amount = bound(amount, most * 9 / 10, most);
        uint256 notional = _notional(amount);
        uint256 notionalDown = amount * _oraclePrice() / VALUE_SCALE;
        if (sellBase) hostilePool.behave((notional * (10_000 - SLIPPAGE_BPS) + 9_999) / 10_000, amount, 1);
        else hostilePool.behave(amount, notionalDown * (10_000 + SLIPPAGE_BPS) / 10_000, 1);
        if (_attemptOrder(thief, _orderOn(address(hostilePool), sellBase, amount))) _succeeded("thief takes the most");
    }

    /// @dev Anything worse than the worst price, down to nothing for something. What passes shows as loss.
    function thiefAsksForMore(bool sellBase, uint256 amount, uint256 greed) external {
        _behaveHonestly();
        amount = bound(amount, 1e16, 10e18);
        uint256 notional = _notional(amount);
        uint256 extra = bound(greed, notional * (SLIPPAGE_BPS + 1) / 10_000, notional);
        if (sellBase) hostilePool.behave(notional - extra, amount, 1);
        else hostilePool.behave(amount, notional + extra, 1);
        bytes memory data = abi.encodeCall(module.hedge, (_orderOn(address(hostilePool), sellBase, amount)));
        _mustFail(thief, data, "thief asks for more");
    }

    function thiefUsesAnotherPool(uint256 amount) external {
        amount = bound(amount, 1e15, 10e18);
        outsider.behave(_notional(amount), amount, 1);
        quote.mint(address(outsider), _notional(amount));
        bytes memory data = abi.encodeCall(module.hedge, (_orderOn(address(outsider), true, amount)));
        _mustFail(thief, data, "thief uses another pool");
    }

    function thiefSandwiches(bool sellBase, uint256 amount) external {
        _behaveHonestly();
        uint256 price = _oraclePrice() / 100;
        _movePools(sellBase ? price * 9_920 / 10_000 : price * 10_080 / 10_000);
        if (_attemptOrder(thief, _order(sellBase, bound(amount, 1, 20e18)))) _succeeded("thief sandwiches");
        _movePools(price);
    }

    function thiefSendsAnyOrder(IHedgeModule.Order memory order, uint256 seed) external {
        // Each field is left as it came in one case of eight; otherwise it is one that gets further.
        if (seed % 8 != 0) order.avatar = avatar;
        if ((seed >> 8) % 8 != 0) order.sequence = module.nextSequence(avatar);
        if ((seed >> 16) % 8 != 0) order.deadline = uint64(block.timestamp + seed % 3);
        if ((seed >> 24) % 8 != 0) order.quoteLimit = order.sellBase ? 0 : type(uint256).max;
        if ((seed >> 32) % 8 != 0) order.minFillBps = 0;
        if (order.legs.length == 0 || (seed >> 40) % 2 != 0) order.legs = new IHedgeModule.Leg[](1 + seed % 3);
        uint256 sum;
        for (uint256 i = 0; i < order.legs.length; ++i) {
            uint256 pick = uint256(keccak256(abi.encode(seed, i)));
            if (pick % 8 != 0) {
                uint128 amount = order.legs[i].baseAmount;
                order.legs[i] = _leg(uint8((pick >> 32) % 3), amount);
            }
            if ((pick >> 40) % 3 == 0) order.legs[i] = _hop((pick >> 48) % 2 == 0, uint8((pick >> 56) % 3));
            if ((pick >> 8) % 4 == 0) order.legs[i].pool = pick % 3 == 0 ? address(hostilePool) : pool;
            if ((pick >> 16) % 8 != 0) order.legs[i].baseAmount = uint128(pick % 3e18);
            if ((pick >> 24) % 2 != 0) order.legs[i].sqrtPriceLimitX96 = 0;
            sum += order.legs[i].baseAmount;
        }
        if ((seed >> 48) % 8 != 0) order.baseAmount = uint128(sum);
        hostilePool.behave(seed % 3e18, (seed >> 64) % 3e18, (seed >> 128) % 3);
        if (_attemptOrder(thief, order)) _succeeded("thief sends any order");
        _behaveHonestly();
    }

    function thiefSendsAnything(bytes4 selector, bytes calldata arguments, uint256 pick) external {
        bytes4[7] memory known = [
            UNLOCKED,
            module.hedge.selector,
            module.setMandate.selector,
            module.pause.selector,
            module.unpause.selector,
            module.revokeMandate.selector,
            CALLBACK
        ];
        if (pick % 8 != 7) selector = known[pick % 8];
        (bool success,) = _attempt(thief, abi.encodePacked(selector, arguments));
        if (success) _succeeded("thief sends anything");
    }

    function thiefReplays(uint256 index) external {
        if (executed.length == 0) return;
        _mustFail(thief, executed[index % executed.length], "thief replays");
    }

    function thiefSendsTooLate(bool sellBase, uint256 late) external {
        IHedgeModule.Order memory order = _order(sellBase, 1e15);
        order.deadline = uint64(block.timestamp - bound(late, 1, 30 days));
        _mustFail(thief, abi.encodeCall(module.hedge, (order)), "thief sends too late");
    }

    function tokenReenters(bool sellBase, uint256 amount) external {
        _behaveHonestly();
        _movePools(_oraclePrice() / 100);
        // On another pool: the one that is swapping is locked by itself.
        IHedgeModule.Order memory inner = _orderOn(pool2, true, 1e12);
        inner.sequence += 1;
        base.callOut(address(module), abi.encodeCall(module.hedge, (inner)));
        _attemptOrder(thief, _order(sellBase, bound(amount, 1e15, 1e18)));
        if (base.calledOut()) {
            if (base.callSucceeded()) ++reentries;
            else _succeeded("token reenters");
        }
        _behaveHonestly();
    }

    function poolReenters(uint256 amount) external {
        amount = bound(amount, 1e15, 1e18);
        IHedgeModule.Order memory inner = _order(true, 1e12);
        inner.sequence += 1;
        hostilePool.behave(_notional(amount), amount, 1);
        hostilePool.callOut(address(module), abi.encodeCall(module.hedge, (inner)));
        if (_attemptOrder(thief, _orderOn(address(hostilePool), true, amount))) {
            if (hostilePool.callSucceeded()) ++reentries;
            else _succeeded("pool reenters");
        }
        _behaveHonestly();
    }

    function anotherPoolCallsBack(uint256 amount) external {
        amount = bound(amount, 1e15, 1e18);
        bytes memory callback = abi.encodeWithSelector(CALLBACK, amount, 0, "");
        outsider.behave(0, 0, 0);
        outsider.callOut(address(module), callback);
        hostilePool.behave(_notional(amount), amount, 1);
        hostilePool.callOut(address(outsider), abi.encodeCall(IUniswapV3Pool.swap, (avatar, true, 0, 0, "")));
        if (_attemptOrder(thief, _orderOn(address(hostilePool), true, amount))) {
            if (outsider.callSucceeded()) ++foreignCallbacks;
            else _succeeded("another pool calls back");
        }
        _behaveHonestly();
    }

    function anybodyCallsBack(uint256 who, int256 amount0, int256 amount1) external {
        address[7] memory callers = [stranger, thief, avatar, pool, address(hostilePool), address(base), manager];
        SwapParams memory swap = SwapParams(amount0 > 0, amount1, 0);
        (bool success,) = _attempt(callers[who % 7], abi.encodeWithSelector(CALLBACK, amount0, amount1, ""));
        (bool unlocked,) = _attempt(callers[who % 7], abi.encodeWithSelector(UNLOCKED, abi.encode(tokenKey, swap)));
        if (success || unlocked) ++foreignCallbacks;
        else _succeeded("anybody calls back");
    }

    function strangerTriesEverything(uint256 amount) external {
        IHedgeModule.Order memory order = _order(true, bound(amount, 1, 1e18));
        _mustFail(stranger, abi.encodeCall(module.hedge, (order)), "stranger hedges");
        _mustFail(stranger, abi.encodeCall(module.pause, (avatar)), "stranger pauses");
        _mustFail(stranger, abi.encodeCall(module.revokeMandate, ()), "stranger revokes");
        _attempt(stranger, abi.encodeCall(module.unpause, ()));
    }

    function strangerSetsItsOwnMandate() external {
        IHedgeModule.Mandate memory mandate = _worldMandate();
        mandate.keepers[0] = stranger;
        (bool success,) = _attempt(stranger, abi.encodeCall(module.setMandate, (mandate)));
        require(success, "a stranger may have a mandate of its own");
        _attempt(stranger, abi.encodeCall(module.revokeMandate, ()));
        _succeeded("stranger sets its own mandate");
    }

    function guardianPauses() external {
        if (mandateHash == 0) return;
        vm.prank(guardian);
        module.pause(avatar);
        paused = true;
        _succeeded("guardian pauses");
    }

    function ownerUnpauses() external {
        vm.prank(avatar);
        module.unpause();
        paused = false;
        _succeeded("owner unpauses");
    }

    function ownerSetsMandateAgain() external {
        _ownerSets(_worldMandate());
        _succeeded("owner sets mandate again");
    }

    function ownerRevokesAndSetsLater(bool now_) external {
        if (mandateHash != 0) {
            vm.prank(avatar);
            module.revokeMandate();
            mandateHash = 0;
            _mustFail(thief, abi.encodeCall(module.hedge, (_order(true, 1e15))), "thief hedges without mandate");
        }
        if (now_) _ownerSets(_worldMandate());
    }

    function timePasses(uint256 elapsed, bool refresh) external {
        vm.warp(block.timestamp + bound(elapsed, 1, 2 days));
        if (refresh) aggregator.set(int256(_oraclePrice()));
        _succeeded("time passes");
    }

    function priceMoves(uint256 price) external {
        aggregator.set(int256(bound(price, 1_500e8, 6_000e8)));
        _succeeded("price moves");
    }
}

/// @notice The same on an avatar that pays by allowance.
contract AllowanceActors is Actors {
    function _paysByAllowance() internal pure override returns (bool) {
        return true;
    }
}
