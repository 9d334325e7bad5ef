// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../../src/IHedgeModule.sol";
import {IPool} from "../support/RealContracts.sol";
import {TickMath} from "../support/TickMath.sol";
import {Vm, vm} from "../support/Vm.sol";
import {BridgeActors} from "./BridgeActors.sol";

/// @notice The avatar's positions, and the books that are kept of what is withdrawn from them: by what Uniswap's own
/// contracts say that left, not by what the module says.
abstract contract PositionBooks is BridgeActors {
    uint256 internal constant WHOLE = type(uint128).max;
    bytes32 private constant LEFT_POOL = keccak256("Collect(address,address,int24,int24,uint128,uint128)");
    bytes32 private constant LEFT_POSITION = keccak256("Collect(uint256,address,uint256,uint256)");
    /// @dev Units of quote that a leg may cost by roundings, the yardstick's own among them.
    uint256 private constant DUST_PER_LEG = 3;

    /// @notice Of positions of the avatar: around the price, of base alone, of quote alone, and of another fee.
    uint256[4] internal own;
    /// @dev Somebody else's in the very range of the first, who lets the avatar do with it as it likes; and one of the
    /// avatar's in the pool of base and bridge.
    uint256 internal strangers;
    uint256 internal ofBridge;
    mapping(uint256 tokenId => bool) internal isAway;
    /// @notice What roundings may have cost, in the scale of `lossScaled`.
    uint256 public dustScaled;
    /// @notice How often what left a position was not, to the unit, what the account had more.
    uint256 public astray;
    /// @dev Square roots of the prices between which each lies: what they are worth is asked often.
    mapping(uint256 tokenId => uint256[2]) private ranges;
    uint256 private immutable strangersLiquidity;
    uint256 private immutable bridgesLiquidity;

    struct Before {
        uint256 base;
        uint256 quote;
        uint256 loss;
        uint256 worthLoss;
        uint256 worth;
    }

    constructor() {
        own[0] = _open(avatar, -20_000, 20_000, 20 * BASE, 60_000 * QUOTE);
        own[1] = _openOfBase(avatar, 5 * BASE);
        own[2] = _openOfQuote(avatar, 15_000 * QUOTE);
        own[3] = _openOfFee(avatar, 3_000, 60 * 300, 10 * BASE, 30_000 * QUOTE);
        strangers = _open(stranger, -20_000, 20_000, 20 * BASE, 60_000 * QUOTE);
        vm.prank(stranger);
        nfts.setApprovalForAll(avatar, true);
        (, int24 tick,,,,,) = IPool(nearPools[V3]).slot0();
        tick -= tick % SPACING;
        ofBridge = _openIn(stranger, address(bridge), tick - FAR_TICKS, tick + FAR_TICKS, BASE, 3_000 * QUOTE);
        vm.prank(stranger);
        nfts.transferFrom(stranger, avatar, ofBridge);
        for (uint256 i = 0; i < own.length; ++i) {
            (,,,,, int24 lower, int24 upper,,,,,) = nfts.positions(own[i]);
            ranges[own[i]] = [TickMath.sqrtPriceX96(lower), TickMath.sqrtPriceX96(upper)];
        }
        strangersLiquidity = _liquidityIn(strangers);
        bridgesLiquidity = _liquidityIn(ofBridge);
    }

    /// @notice Whether every position is where its owner put it, and what is not the avatar's or not of base and quote was
    /// never touched; and nothing lies about on the way.
    function positionsAreInPlace() external view returns (bool) {
        for (uint256 i = 0; i < own.length; ++i) {
            if (nfts.ownerOf(own[i]) != (isAway[own[i]] ? owner : avatar)) return false;
        }
        return nfts.ownerOf(ofBridge) == avatar && _liquidityIn(ofBridge) == bridgesLiquidity
            && nfts.ownerOf(strangers) == stranger && _liquidityIn(strangers) == strangersLiquidity
            && nfts.balanceOf(address(module)) == 0 && base.balanceOf(address(nfts)) == 0
            && quote.balanceOf(address(nfts)) == 0;
    }

    function _own(uint256 which) internal view returns (uint256) {
        return own[which % own.length];
    }

    /// @dev Whether a withdrawal near the oracle has nothing against it.
    function _isWithdrawable(uint256 tokenId) internal view returns (bool) {
        (,,, uint256 updatedAt,) = aggregator.latestRoundData();
        return mandateHash != 0 && block.timestamp - updatedAt <= 3_600 && !isAway[tokenId];
    }

    function _withdrawalOrder(IHedgeModule.Leg memory leg) internal view returns (IHedgeModule.Order memory order) {
        order = _order(true, 0);
        order.legs[0] = leg;
    }

    /// @dev An order with withdrawals: as `_attemptOrder`, and what the swaps lost is told from what the positions brought.
    function _attemptWithdrawal(address caller, IHedgeModule.Order memory order) internal returns (bool success) {
        Before memory before = _standing();
        bytes memory answer;
        (success, answer) = _attemptFill(caller, order);
        if (!success) return false;
        (uint256 ofBase, uint256 ofQuote) = abi.decode(answer, (uint256, uint256));
        // What left the avatar by swaps is added to what it had afterwards, and the other way round.
        if (order.sellBase) _book(before, ofBase, 0, 0, ofQuote, order.legs.length);
        else _book(before, 0, ofBase, ofQuote, 0, order.legs.length);
    }

    function _attemptRescue(address caller, uint256 tokenId, uint128 most) internal returns (bool success) {
        Before memory before = _standing();
        (success,) = _attempt(caller, abi.encodeCall(module.rescueLiquidity, (avatar, tokenId, most)));
        if (success) _book(before, 0, 0, 0, 0, 1);
    }

    function _standing() private returns (Before memory) {
        vm.recordLogs();
        return Before(
            base.balanceOf(avatar), quote.balanceOf(avatar), lossScaled, worthLossScaled, _value() + _worthOfPositions()
        );
    }

    function _book(Before memory before, uint256 sold, uint256 bought, uint256 paid, uint256 got, uint256 legs)
        private
    {
        (uint256 ofBase, uint256 ofQuote) = _left();
        uint256 baseNow = base.balanceOf(avatar);
        uint256 quoteNow = quote.balanceOf(avatar);
        if (baseNow + sold != before.base + bought + ofBase) ++astray;
        if (quoteNow + paid != before.quote + got + ofQuote) ++astray;
        baseBrought += ofBase;

        uint256 price = _oraclePrice();
        // Of the swaps alone: what came out of positions hides nothing.
        uint256 had = sold * price + paid * VALUE_SCALE;
        uint256 has = bought * price + got * VALUE_SCALE;
        lossScaled = before.loss + (had > has ? had - has : 0);
        uint256 worth = _value() + _worthOfPositions();
        worthLossScaled = before.worthLoss + (before.worth > worth ? before.worth - worth : 0);
        dustScaled += DUST_PER_LEG * legs * VALUE_SCALE + before.worth / 1e12;
    }

    /// @dev What pools paid the avatar for positions; counted astray where one was charged for anybody else's account, or
    /// for more than a unit of each token above what its pool paid.
    function _left() private returns (uint256 ofBase, uint256 ofQuote) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        uint256 charged;
        uint256 paid;
        uint256 count;
        for (uint256 i = 0; i < logs.length; ++i) {
            bytes32 topic = logs[i].topics[0];
            if (topic == LEFT_POSITION) {
                (address to, uint256 amount0, uint256 amount1) = abi.decode(logs[i].data, (address, uint256, uint256));
                if (to != avatar || isAway[uint256(logs[i].topics[1])]) ++astray;
                charged += amount0 + amount1;
                count += 2;
            } else if (topic == LEFT_POOL) {
                (address to, uint256 amount0, uint256 amount1) = abi.decode(logs[i].data, (address, uint256, uint256));
                if (to != avatar) continue;
                // Base is the lower address in this world.
                (ofBase, ofQuote) = (ofBase + amount0, ofQuote + amount1);
                paid += amount0 + amount1;
            }
        }
        if (paid > charged || charged - paid > count) ++astray;
    }

    function _worthOfPositions() private view returns (uint256 worth) {
        uint160 priceX96 = _sqrtPriceX96(_oraclePrice() / 100);
        uint256 ofBase;
        uint256 ofQuote;
        for (uint256 i = 0; i < own.length; ++i) {
            if (isAway[own[i]]) continue;
            uint256[2] memory range = ranges[own[i]];
            (uint256 amount0, uint256 amount1) =
                TickMath.amountsBetween(_liquidityIn(own[i]), priceX96, range[0], range[1]);
            (ofBase, ofQuote) = (ofBase + amount0, ofQuote + amount1);
        }
        return ofBase * _oraclePrice() + ofQuote * VALUE_SCALE;
    }
}
