// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../../src/IHedgeModule.sol";
import {INfts} from "../support/NftsFixture.sol";
import {bound, vm} from "../support/Vm.sol";
import {PositionBooks} from "./PositionBooks.sol";

/// @notice What anybody may try with the avatar's Uniswap v3 positions.
/// @dev As in Actors: what is expected to pass fails the test where it is refused.
abstract contract PositionActors is PositionBooks {
    function keeperWithdraws(uint256 which, uint256 share) external {
        _behaveHonestly();
        _movePools(_oraclePrice() / 100);
        uint256 tokenId = _own(which);
        uint256 liquidity = _liquidityIn(tokenId);
        uint256 most = share % 3 == 0 ? WHOLE : bound(share, 1, liquidity + 1);
        bool success = _attemptWithdrawal(keeper, _withdrawalOrder(_withdrawal(tokenId, most)));
        require(success == (_isWithdrawable(tokenId) && !paused), "an honest withdrawal");
        uint256 left = most < liquidity ? liquidity - most : 0;
        if (success && _liquidityIn(tokenId) != left) ++astray;
        if (success && left < liquidity) _succeeded("keeper withdraws");
    }

    /// @dev Before, between or after swaps on a pool of each kind, or beside one over the bridge.
    function keeperWithdrawsAndHedges(bool sellBase, uint256 amount, uint256 which, uint256 seed) external {
        _behaveHonestly();
        amount = bound(amount, 0.003e18, 5e18);
        _moveVenues(_oraclePrice() / 100);
        _moveBridgePools(_oraclePrice() / 100);
        IHedgeModule.Leg memory withdrawal = _withdrawal(_own(which), seed % 2 == 0 ? WHOLE : 1 + seed % 1e16);
        IHedgeModule.Order memory order = seed % 3 == 0
            ? _bridgeOrder(sellBase, uint8(seed >> 8) % 3, uint8(seed >> 16) % 3, amount)
            : _everyKind(sellBase, amount);
        uint256 place = seed % 3 == 0 ? (seed >> 24) % 2 * 2 : (seed >> 24) % 4;
        order.legs = _insert(order.legs, withdrawal, place);
        order.minFillBps = 9_990;
        bool mayPass = sellBase && _isOpen(true, amount) && _isWithdrawable(_own(which));
        bool success = _attemptWithdrawal(keeper, order);
        require(success || !mayPass, "an honest withdrawal beside swaps was refused");
        if (success) _succeeded(sellBase ? "keeper withdraws and sells" : "keeper withdraws and buys");
    }

    /// @dev At exactly the worst price, with what a position brings beside it; or worse, so that it would have to pass for
    /// what the pool did not pay.
    function thiefHidesALossBehindAWithdrawal(bool sellBase, uint256 amount, uint256 which, uint256 greed) external {
        _behaveHonestly();
        _movePools(_oraclePrice() / 100);
        amount = bound(amount, 1e15, 5e18);
        uint256 notional = _notional(amount);
        uint256 down = amount * _oraclePrice() / VALUE_SCALE;
        uint256 extra = greed % 2 == 0 ? 0 : bound(greed, 1, notional / 2);
        uint256 least = (notional * (10_000 - SLIPPAGE_BPS) + 9_999) / 10_000;
        if (sellBase) hostilePool.behave(least - extra, amount, 1);
        else hostilePool.behave(amount, down * (10_000 + SLIPPAGE_BPS) / 10_000 + extra, 1);
        IHedgeModule.Order memory order = _orderOn(address(hostilePool), sellBase, amount);
        order.legs = _insert(order.legs, _withdrawal(_own(which), WHOLE), greed / 2 % 2);
        if (extra != 0) _mustFail(thief, abi.encodeCall(module.hedge, (order)), "thief hides a loss");
        else if (_attemptWithdrawal(thief, order)) _succeeded("thief takes the most beside a withdrawal");
        _behaveHonestly();
    }

    /// @dev Pushed before the order, or by a forged pool in the middle of it.
    function thiefWithdrawsFromAPushedPool(uint256 which, uint256 push, bool inTheMiddle) external {
        _behaveHonestly();
        uint256 price = _oraclePrice() / 100;
        _movePools(price);
        uint256 pushed = price * bound(push, 9_700, 10_300) / 10_000;
        bool isBeyond = pushed < price * 9_899 / 10_000 || pushed > price * 10_101 / 10_000;
        IHedgeModule.Order memory order = _withdrawalOrder(_withdrawal(_own(which), WHOLE));
        if (inTheMiddle) {
            hostilePool.behave(_notional(1e15), 1e15, 1);
            bytes memory move =
                abi.encodeCall(market.moveTo, (_own(which) == own[3] ? pool2 : pool, _sqrtPriceX96(pushed)));
            hostilePool.callOut(address(market), move);
            IHedgeModule.Leg memory withdrawal = order.legs[0];
            order = _orderOn(address(hostilePool), true, 1e15);
            order.legs = _insert(order.legs, withdrawal, 1);
        } else {
            _movePools(pushed);
        }
        if (isBeyond) _mustFail(thief, abi.encodeCall(module.hedge, (order)), "thief pushes a pool too far");
        else if (_attemptWithdrawal(thief, order)) _succeeded("thief withdraws from a pushed pool");
        _behaveHonestly();
        _movePools(price);
    }

    /// @dev Somebody else's that is approved for the avatar, one of other tokens, and ids of none.
    function thiefWithdrawsWhatIsNotTheirs(uint256 which, uint160 tokenId, uint256 most) external {
        _behaveHonestly();
        _movePools(_oraclePrice() / 100);
        uint256[3] memory ids = [strangers, ofBridge, tokenId > ofBridge || tokenId == 0 ? tokenId : 0];
        IHedgeModule.Leg memory leg = _withdrawal(ids[which % 3], bound(most, 1, WHOLE));
        _mustFail(thief, abi.encodeCall(module.hedge, (_withdrawalOrder(leg))), "thief withdraws what is not theirs");
    }

    /// @dev All twice, and more than there ever was.
    function thiefWithdrawsTwice(uint256 which, uint128 more) external {
        _behaveHonestly();
        _movePools(_oraclePrice() / 100);
        IHedgeModule.Leg memory leg = _withdrawal(_own(which), WHOLE);
        IHedgeModule.Order memory order = _withdrawalOrder(leg);
        order.legs = _insert(order.legs, leg, 0);
        order.legs = _insert(order.legs, _withdrawal(_own(which), bound(more, 1, WHOLE)), 1);
        if (_attemptWithdrawal(thief, order)) _succeeded("thief withdraws twice");
    }

    function thiefSendsAnyWithdrawals(bool sellBase, uint256 seed) external {
        _behaveHonestly();
        IHedgeModule.Order memory order = _order(sellBase, 0);
        order.minFillBps = 0;
        order.legs = new IHedgeModule.Leg[](1 + seed % 8);
        for (uint256 i = 0; i < order.legs.length; ++i) {
            uint256 pick = uint256(keccak256(abi.encode(seed, i)));
            if (pick % 4 < 2) {
                order.legs[i] = _withdrawal(_own(pick >> 8), pick % 2 == 0 ? WHOLE : 1 + (pick >> 16) % 1e17);
                continue;
            }
            order.legs[i] = _leg(uint8((pick >> 32) % 3), 1 + (pick >> 40) % 1e18);
            if (pick % 16 == 2) order.legs[i].pool = address(hostilePool);
            order.baseAmount += order.legs[i].baseAmount;
        }
        hostilePool.behave((seed >> 64) % 3e18, (seed >> 128) % 3e18, 1);
        if (_attemptWithdrawal(thief, order)) _succeeded("thief sends any withdrawals");
        _behaveHonestly();
    }

    /// @dev The token, a keeper itself, is asked for base by the position's pool, and comes back.
    function tokenReentersAWithdrawal(uint256 way, uint256 which) external {
        _behaveHonestly();
        _movePools(_oraclePrice() / 100);
        IHedgeModule.Order memory inner = _withdrawalOrder(_withdrawal(_own(which), WHOLE));
        inner.sequence += uint64(way % 2);
        bytes[4] memory ways = [
            abi.encodeCall(module.hedge, (inner)),
            abi.encodeCall(module.rescueLiquidity, (avatar, _own(which), type(uint128).max)),
            abi.encodeCall(nfts.transferFrom, (avatar, address(base), _own(which))),
            abi.encodeWithSignature("uniswapV3SwapCallback(int256,int256,bytes)", 1, 1, "")
        ];
        base.callOut(way % 4 == 2 ? address(nfts) : address(module), ways[way % 4]);
        _attemptWithdrawal(thief, _withdrawalOrder(_withdrawal(_own(which), WHOLE)));
        if (base.calledOut()) {
            if (base.callSucceeded()) ++reentries;
            else _succeeded("token reenters a withdrawal");
        }
        _behaveHonestly();
    }

    /// @dev A mandate that reaches no positions, and one that was led to name a forged manager.
    function ownerNamesAnotherManager(bool isForged, bool sellBase, uint256 amount) external {
        _behaveHonestly();
        _movePools(_oraclePrice() / 100);
        IHedgeModule.Leg memory leg = _withdrawal(own[0], WHOLE);
        if (isForged) leg.pool = address(forgedPositions);
        bytes memory other = abi.encodeCall(module.hedge, (_withdrawalOrder(leg)));
        if (isForged) _mustFail(thief, other, "thief names a forged manager");
        IHedgeModule.Mandate memory mandate = _worldMandate();
        mandate.positionManager = isForged ? address(forgedPositions) : address(0);
        _ownerSets(mandate);
        if (!isForged) _mustFail(thief, other, "thief withdraws without a manager");
        else _useForged(leg, sellBase, bound(amount, 1e15, 5e18));
        _ownerSets(_worldMandate());
    }

    /// @dev What the forged manager pays makes up for what the forged pool does not: that is refused. Where the pool pays
    /// what it must, the manager may do what it likes: call the module, and give.
    function _useForged(IHedgeModule.Leg memory leg, bool sellBase, uint256 amount) private {
        uint160 near = _sqrtPriceX96(_oraclePrice() / 100);
        uint256 notional = _notional(amount);
        quote.mint(address(forgedPositions), notional);
        base.mint(address(forgedPositions), amount);
        IHedgeModule.Order memory order = _orderOn(address(hostilePool), sellBase, amount);
        order.legs = _insert(order.legs, leg, amount % 2);
        forgedPositions.behave(avatar, near, sellBase ? 0 : amount / 2, sellBase ? notional / 2 : 0);
        hostilePool.behave(sellBase ? notional - notional / 2 : amount - amount / 2, sellBase ? amount : notional, 1);
        order.minFillBps = 10_000;
        _mustFail(thief, abi.encodeCall(module.hedge, (order)), "forged manager pays for a forged pool");

        forgedPositions.behave(avatar, near, 0, 0);
        IHedgeModule.Order memory inner = _order(true, 1e12);
        inner.sequence += 1;
        forgedPositions.callOut(address(module), abi.encodeCall(module.hedge, (inner)));
        hostilePool.behave(sellBase ? notional : amount, sellBase ? amount : notional - 1, 1);
        if (_attemptOrder(thief, order)) _succeeded("thief uses a forged manager");
        if (forgedPositions.callSucceeded()) ++reentries;
        _behaveHonestly();
    }

    function guardianRescuesLiquidity(uint256 which, uint128 most) external {
        _behaveHonestly();
        _movePools(_oraclePrice() / 100);
        bool success = _attemptRescue(guardian, _own(which), most);
        require(success == _isWithdrawable(_own(which)), "a rescue");
        if (success) _succeeded(paused ? "guardian rescues liquidity while paused" : "guardian rescues liquidity");
    }

    function anybodyRescuesLiquidity(uint256 who, uint256 which, uint128 most) external {
        address[5] memory callers = [keeper, thief, stranger, address(base), address(nfts)];
        bytes memory data = abi.encodeCall(module.rescueLiquidity, (avatar, _own(which), most));
        _mustFail(callers[who % 5], data, "anybody rescues liquidity");
    }

    function ownerMovesAPosition(uint256 which) external {
        uint256 tokenId = _own(which);
        (address from, address to) = isAway[tokenId] ? (owner, avatar) : (avatar, owner);
        vm.prank(from);
        nfts.transferFrom(from, to, tokenId);
        isAway[tokenId] = !isAway[tokenId];
        if (!isAway[tokenId]) return;
        IHedgeModule.Order memory order = _withdrawalOrder(_withdrawal(tokenId, WHOLE));
        _mustFail(thief, abi.encodeCall(module.hedge, (order)), "thief withdraws what moved away");
    }

    /// @dev Anybody may add to a position; trades leave fees in it. And the owners put away what base has come in.
    function somebodyAddsLiquidity(uint256 which, uint256 amount) external {
        _behaveHonestly();
        uint256 held = base.balanceOf(avatar);
        if (held > 500 * BASE) base.burn(avatar, held - 500 * BASE);
        baseBrought = 0;
        _movePools(_oraclePrice() * 101 / 10_000);
        _movePools(_oraclePrice() / 100);
        INfts.IncreaseLiquidityParams memory more;
        (more.tokenId, more.deadline) = (_own(which), block.timestamp);
        more.amount0Desired = bound(amount, 1e12, 10 * BASE);
        more.amount1Desired = _notional(more.amount0Desired);
        base.mint(stranger, more.amount0Desired);
        quote.mint(stranger, more.amount1Desired);
        vm.startPrank(stranger);
        base.approve(address(nfts), type(uint256).max);
        quote.approve(address(nfts), type(uint256).max);
        // Of too little for a unit of liquidity there is none to add.
        try nfts.increaseLiquidity(more) {} catch {}
        vm.stopPrank();
    }

    function _everyKind(bool sellBase, uint256 amount) private view returns (IHedgeModule.Order memory order) {
        order = _order(sellBase, amount);
        order.legs = new IHedgeModule.Leg[](3);
        for (uint8 kind = 0; kind < 3; ++kind) {
            order.legs[kind] = _leg(kind, kind == 0 ? amount - 2 * (amount / 3) : amount / 3);
        }
    }

    function _insert(IHedgeModule.Leg[] memory legs, IHedgeModule.Leg memory leg, uint256 place)
        private
        pure
        returns (IHedgeModule.Leg[] memory all)
    {
        all = new IHedgeModule.Leg[](legs.length + 1);
        for (uint256 i = 0; i < all.length; ++i) {
            all[i] = i == place ? leg : legs[i < place ? i : i - 1];
        }
    }
}
