// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../../src/IHedgeModule.sol";
import {IHedgeModuleErrors as Errors} from "../../src/IHedgeModuleErrors.sol";
import {HedgeFixture} from "../support/HedgeFixture.sol";
import {HostilePool} from "../support/HostilePool.sol";
import {TestToken} from "../support/Tokens.sol";
import {vm} from "../support/Vm.sol";

/// @notice Owes an account tokens, which anybody can have it pay: an option that is settled for its holder, for one.
contract Debtor {
    TestToken private immutable TOKEN;

    constructor(TestToken token) {
        TOKEN = token;
    }

    function payOut(address creditor) external {
        TOKEN.transfer(creditor, TOKEN.balanceOf(address(this)));
    }
}

/// @notice An avatar that turns every payment that it is made to do into a call of its own.
contract ReentrantAvatar {
    address private immutable MODULE;
    bytes public payload;
    bool public succeeded;
    bytes public answer;

    constructor(address module) {
        MODULE = module;
    }

    function reenterWith(bytes calldata payload_) external {
        payload = payload_;
    }

    function execTransactionFromModuleReturnData(address to, uint256, bytes calldata data, uint8)
        external
        returns (bool, bytes memory)
    {
        (succeeded, answer) = MODULE.call(payload);
        return to.call(data);
    }
}

/// @notice A stolen keeper's key together with a forged pool, and an avatar that attacks another one.
contract ModuleAttacksTest is HedgeFixture {
    function setUp() public {
        _deploy(true, false);
        _allowHostilePool();
    }

    /// @dev The limit of measuring by balances, as README says under the loss bound: what others owe the avatar, and
    /// anybody can have paid out, passes for what a forged pool pays.
    function test_what_others_pay_the_avatar_while_an_order_runs_passes_for_the_fill() public {
        Debtor debtor = new Debtor(quote);
        quote.mint(address(debtor), 1_000 * QUOTE);
        hostilePool.behave(2_000 * QUOTE, BASE, 1);
        hostilePool.callOut(address(debtor), abi.encodeCall(Debtor.payOut, (avatar)));
        (uint256 sold, uint256 received) = _hedge(_orderOn(address(hostilePool), true, BASE));
        vm.assertEq(sold, BASE, "sold");
        vm.assertEq(received, 3_000 * QUOTE, "of which the pool paid two thirds");
    }

    /// @dev As much of it as the bucket holds, and no more.
    function test_what_passes_for_the_fill_takes_turnover() public {
        Debtor debtor = new Debtor(quote);
        quote.mint(address(debtor), 1_000_000 * QUOTE);
        hostilePool.behave(0, 34 * BASE, 1);
        hostilePool.callOut(address(debtor), abi.encodeCall(Debtor.payOut, (avatar)));
        IHedgeModule.Mandate memory mandate = _mandate();
        mandate.pools[1] = address(hostilePool);
        mandate.minBase = 0;
        _setMandate(mandate);
        _refusedWith(_orderOn(address(hostilePool), true, 34 * BASE), Errors.TurnoverExceeded.selector);
    }

    function test_an_avatar_cannot_act_for_another_one_while_its_order_runs() public {
        ReentrantAvatar attacker = new ReentrantAvatar(address(module));
        IHedgeModule.Mandate memory mandate = _mandate();
        mandate.keepers[0] = stranger;
        mandate.minBase = 0;
        vm.prank(address(attacker));
        module.setMandate(mandate);
        base.mint(address(attacker), BASE);
        vm.prank(avatar);
        base.approve(address(module), type(uint256).max);

        IHedgeModule.Order memory inner = _order(true, BASE);
        bytes[6] memory ways = [
            abi.encodeCall(module.hedge, (inner)),
            abi.encodeCall(module.setMandate, (mandate)),
            abi.encodeCall(module.revokeMandate, ()),
            abi.encodeCall(module.rescue, (avatar, 1, 1)),
            abi.encodeCall(module.rescueLiquidity, (avatar, 1, 1)),
            abi.encodeWithSignature("uniswapV3SwapCallback(int256,int256,bytes)", BASE, BASE, "")
        ];
        uint256 held = base.balanceOf(avatar);
        for (uint256 i = 0; i < ways.length; ++i) {
            uint256 snapshot = vm.snapshotState();
            attacker.reenterWith(ways[i]);
            IHedgeModule.Order memory order = _order(true, BASE);
            (order.avatar, order.sequence) = (address(attacker), module.nextSequence(address(attacker)));
            vm.prank(stranger);
            module.hedge(order);
            vm.assertFalse(attacker.succeeded(), "refused");
            bytes memory reason = i == 5
                ? abi.encodeWithSelector(Errors.UnexpectedCallback.selector, attacker)
                : abi.encodeWithSelector(Errors.Reentered.selector);
            vm.assertEq(attacker.answer(), reason, "why");
            vm.assertEq(base.balanceOf(avatar), held, "the other avatar's");
            vm.revertToState(snapshot);
        }
    }

    /// @dev Many orders of next to nothing, whose every rounding is the keeper's to choose.
    function test_orders_of_dust_cannot_gain_by_rounding() public {
        for (uint256 amount = 1; amount <= 1e9; amount *= 10) {
            for (uint256 i = 0; i < 2; ++i) {
                bool sellBase = i == 0;
                // A third of a billionth of base is worth the smallest unit of quote.
                uint256 worthDown = amount * PRICE * QUOTE / BASE;
                uint256 worthUp = (amount * PRICE * QUOTE + BASE - 1) / BASE;
                hostilePool.behave(sellBase ? worthUp - 1 : amount, sellBase ? amount : worthDown + 1, 1);
                _refusedWith(_orderOn(address(hostilePool), sellBase, amount), Errors.PriceOutsideOracleBound.selector);
            }
        }
    }

    /// @dev A partial fill of one unit is held to price and limit as any other.
    function test_a_fill_of_one_unit_opens_nothing() public {
        hostilePool.behave(0, 1, 1);
        IHedgeModule.Order memory order = _orderOn(address(hostilePool), true, BASE);
        order.minFillBps = 0;
        _refusedWith(order, Errors.PriceOutsideOracleBound.selector);
    }

    /// @dev EIP-170 and EIP-3860.
    function test_every_contract_fits_onto_a_chain() public view {
        string[2] memory names = ["HedgeModule", "OptionVault"];
        for (uint256 i = 0; i < names.length; ++i) {
            bytes memory creation = vm.getCode(string.concat(names[i], ".sol:", names[i]));
            vm.assertLt(creation.length, 49_152, names[i]);
        }
        vm.assertLt(address(module).code.length, 24_576, "HedgeModule");
    }
}
