// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../../src/IHedgeModule.sol";
import {INfts} from "../support/NftsFixture.sol";
import {PositionsFixture} from "../support/PositionsFixture.sol";
import {bound, vm} from "../support/Vm.sol";

/// @notice A thief with the keeper's key, a guardian, prices and time, on a vault that lives on a real Aave v3 market and has
/// positions on Uniswap v3.
/// @dev No action reverts. Everything an order does is compared with what stood before it, in the same block: prices and
/// interest may hurt a vault, its keeper may not.
contract LendingActors is PositionsFixture {
    uint256 private constant SLIPPAGE_BPS = 50;
    /// @dev 8 decimals of the feed and 18 of base over 6 of quote: base * answer is in quote units times this.
    int256 private constant VALUE_SCALE = 1e20;
    /// @dev What Aave's roundings, or the pool's, may cost in a lending step, in quote units.
    uint256 private constant DUST_PER_STEP = 4;

    uint256[2] private own;
    uint256 public immutable startedAt;
    /// @notice Sum of all orders' losses at the oracle's price, in quote units; gains not taken off.
    uint256 public loss;
    uint256 public steps;
    /// @notice What was done that must never succeed; empty when nothing was.
    string public forbidden;
    mapping(string action => uint256) public successes;

    constructor() {
        _deployPositions(true, false);
        base.mint(avatar, 30 * BASE);
        own = [_open(avatar, -8_000, 8_000, 10 * BASE, 30_000 * QUOTE), _openOfBase(avatar, 5 * BASE)];
        startedAt = block.timestamp;
    }

    function parts() external view returns (IHedgeModule, address) {
        return (module, avatar);
    }

    function heldBy(address account) external view returns (uint256) {
        return base.balanceOf(account) + quote.balanceOf(account) + baseSupplied.balanceOf(account)
            + quoteSupplied.balanceOf(account) + baseOwed.balanceOf(account) + quoteOwed.balanceOf(account);
    }

    function leftApproved() external view returns (uint256) {
        return base.allowance(avatar, lendingPool) + quote.allowance(avatar, lendingPool);
    }

    function maxLoss() external view returns (uint256) {
        IHedgeModule.Mandate memory mandate = _lendingMandate();
        uint256 refilled = (block.timestamp - startedAt) * mandate.turnoverRefillPerDayQuote / 1 days;
        return (mandate.turnoverCapacityQuote + refilled) * SLIPPAGE_BPS / 10_000 + steps * DUST_PER_STEP;
    }

    /// @dev Up to five legs of any kinds and amounts.
    function thiefSendsAnyLegs(bool sellBase, uint256 seed) external {
        IHedgeModule.Order memory order = _order(sellBase, 0);
        order.legs = new IHedgeModule.Leg[](1 + seed % 5);
        order.minFillBps = 0;
        for (uint256 i = 0; i < order.legs.length; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            order.legs[i] = _anyLeg(seed);
            if (order.legs[i].kind == 0) order.baseAmount += order.legs[i].baseAmount;
        }
        if (_attempt(order)) _succeeded("thief sends any legs");
    }

    function keeperGoesShort(uint256 collateral, uint256 amount) external {
        collateral = bound(collateral, 0, quote.balanceOf(avatar));
        amount = bound(amount, BASE / 1_000, 100 * BASE);
        IHedgeModule.Order memory order = collateral == 0
            ? _orderWith(true, amount, _step(BORROW, amount), _swap(amount))
            : _orderWith(true, amount, _step(SUPPLY + OF_QUOTE, collateral), _step(BORROW, amount), _swap(amount));
        if (_attempt(order)) _succeeded("keeper goes short");
    }

    function keeperCovers(uint256 amount) external {
        amount = bound(amount, BASE / 1_000, 100 * BASE);
        if (_attempt(_orderWith(false, amount, _swap(amount), _step(REPAY, ALL)))) _succeeded("keeper covers");
    }

    /// @dev What comes out of a position repays what is owed, without a swap.
    function keeperWithdrawsAndRepays(uint256 which, uint256 most) external {
        most = most % 2 == 0 ? ALL : 1 + bound(most, 0, _liquidityIn(own[which % 2]));
        IHedgeModule.Leg memory withdrawal = _withdrawal(own[which % 2], most);
        if (_attempt(_orderWith(true, 0, withdrawal, _step(REPAY, ALL), _step(REPAY + OF_QUOTE, ALL)))) {
            _succeeded("keeper withdraws and repays");
        }
    }

    function somebodyAddsLiquidity(uint256 which, uint256 amount) external {
        INfts.IncreaseLiquidityParams memory more;
        (more.tokenId, more.deadline) = (own[which % 2], block.timestamp);
        more.amount0Desired = bound(amount, BASE / 100, 10 * BASE);
        more.amount1Desired = more.amount0Desired * PRICE * QUOTE / BASE;
        base.mint(stranger, more.amount0Desired);
        quote.mint(stranger, more.amount1Desired);
        vm.startPrank(stranger);
        base.approve(address(nfts), more.amount0Desired);
        quote.approve(address(nfts), more.amount1Desired);
        // A range of the other token alone takes nothing.
        try nfts.increaseLiquidity(more) {} catch {}
        vm.stopPrank();
    }

    /// @dev As far as Aave itself allows, and further.
    function thiefBorrowsTheMost(uint256 amount, bool ofQuote) external {
        amount = bound(amount, 1, ofQuote ? 2 * MAX_QUOTE_DEBT : 2 * MAX_BASE_DEBT);
        uint8 kind = ofQuote ? BORROW + OF_QUOTE : BORROW;
        if (_attempt(_orderWith(true, 0, _step(kind, amount)))) _succeeded("thief borrows");
    }

    function thiefWithdrawsTheMost(uint256 amount, bool ofQuote) external {
        uint256 supplied = (ofQuote ? quoteSupplied : baseSupplied).balanceOf(avatar);
        if (supplied == 0) return;
        uint8 kind = ofQuote ? WITHDRAW + OF_QUOTE : WITHDRAW;
        if (_attempt(_orderWith(true, 0, _step(kind, bound(amount, 1, supplied))))) _succeeded("thief withdraws");
    }

    function thiefNamesAnotherPool(uint8 kind, address other, uint128 amount) external {
        if (other == lendingPool) return;
        IHedgeModule.Leg memory leg = _step(uint8(bound(kind, SUPPLY, REPAY + OF_QUOTE)), amount);
        leg.pool = other;
        if (_attempt(_orderWith(true, 0, leg))) forbidden = "another lending pool";
    }

    function guardianRescuesWhilePaused(uint256 ofBase, uint256 ofQuote) external {
        uint256 before = _healthFactor();
        int256 value = _value();
        vm.startPrank(guardian);
        module.pause(avatar);
        (uint256 baseRepaid, uint256 quoteRepaid) = module.rescue(avatar, ofBase, ofQuote);
        vm.stopPrank();
        if (_healthFactor() < before) forbidden = "a rescue that lowers the health factor";
        if (_value() + int256(2 * DUST_PER_STEP) < value) forbidden = "a rescue that costs";
        if (baseRepaid + quoteRepaid > 0) _succeeded("guardian rescues");
        if (_attempt(_orderWith(true, 0, _step(SUPPLY + OF_QUOTE, 1)))) forbidden = "an order while paused";
        vm.prank(avatar);
        module.unpause();
    }

    function anybodyRescues(address caller, uint256 amount) external {
        if (caller == avatar || caller == guardian) return;
        vm.prank(caller);
        (bool success,) = address(module).call(abi.encodeCall(module.rescue, (avatar, amount, amount)));
        if (success) forbidden = "a rescue by anybody";
    }

    function priceMoves(uint256 quotePerBase) external {
        (, int256 answer,,,) = aggregator.latestRoundData();
        uint256 price = uint256(answer) / 1e8;
        _movePrice(bound(bound(quotePerBase, price * 80 / 100, price * 125 / 100), 1_500, 6_000));
        if (_healthFactor() < FLOOR_WAD) _succeeded("price moves below the floor");
    }

    function timePasses(uint256 seconds_) external {
        vm.warp(block.timestamp + bound(seconds_, 1, 3 days));
        (, int256 answer,,,) = aggregator.latestRoundData();
        aggregator.set(answer);
    }

    function _attempt(IHedgeModule.Order memory order) private returns (bool success) {
        uint256 health = _healthFactor();
        (uint256 ofBase, uint256 ofQuote) = (baseOwed.balanceOf(avatar), quoteOwed.balanceOf(avatar));
        int256 value = _value();
        vm.prank(keeper);
        (success,) = address(module).call(abi.encodeCall(module.hedge, (order)));
        if (!success) return false;
        steps += order.legs.length;
        uint256 healthNow = _healthFactor();
        if (healthNow < FLOOR_WAD && healthNow < health) forbidden = "a health factor below the floor";
        if (_isOver(baseOwed.balanceOf(avatar), ofBase, MAX_BASE_DEBT)) forbidden = "base debt over its cap";
        if (_isOver(quoteOwed.balanceOf(avatar), ofQuote, MAX_QUOTE_DEBT)) forbidden = "quote debt over its cap";
        int256 valueNow = _value();
        if (valueNow < value) loss += uint256(value - valueNow);
    }

    /// @dev Interest may have taken it over the cap before, and rounding may add a unit to what is repaid.
    function _isOver(uint256 debt, uint256 before, uint256 cap) private pure returns (bool) {
        return debt > cap && debt > before + 2;
    }

    function _anyLeg(uint256 seed) private view returns (IHedgeModule.Leg memory) {
        uint256 kind = seed % 11;
        if (kind > 8) return _withdrawal(own[kind % 2], (seed >> 4) % 3 == 0 ? ALL : 1 + (seed >> 16) % 1e16);
        bool isQuote = kind >= 4 && kind != 8;
        uint256 amount = bound(seed >> 16, 1, (isQuote ? 300_000 * QUOTE : 100 * BASE) >> ((seed >> 8) % 24));
        if (kind == 8) return _swap(amount);
        return _step(SUPPLY + uint8(kind), (seed >> 4) % 7 == 0 ? ALL : amount);
    }

    /// @dev Each position as it would be where its pool stands at the oracle.
    function _value() private view returns (int256) {
        (, int256 answer,,,) = aggregator.latestRoundData();
        int256 netBase =
            int256(base.balanceOf(avatar) + baseSupplied.balanceOf(avatar)) - int256(baseOwed.balanceOf(avatar));
        uint256 ofPositions = _worthAt(own[0], uint256(answer) / 100) + _worthAt(own[1], uint256(answer) / 100);
        return netBase * answer / VALUE_SCALE + int256(ofPositions)
            + int256(quote.balanceOf(avatar) + quoteSupplied.balanceOf(avatar)) - int256(quoteOwed.balanceOf(avatar));
    }

    function _succeeded(string memory action) private {
        ++successes[action];
    }
}
