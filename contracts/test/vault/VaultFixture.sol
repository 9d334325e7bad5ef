// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IHedgeModule} from "../../src/IHedgeModule.sol";
import {IOptionVault} from "../../src/vault/IOptionVault.sol";
import {OptionVault} from "../../src/vault/OptionVault.sol";
import {HedgeFixture} from "../support/HedgeFixture.sol";
import {HostileToken} from "../support/Tokens.sol";
import {vm} from "../support/Vm.sol";

/// @notice The hostile token, which can take a fee on what it moves for others.
contract SpendableToken is HostileToken {
    uint256 private fee;

    constructor(uint8 decimals_) HostileToken(decimals_) {}

    function chargeFee(uint256 fee_) external {
        fee = fee_;
    }

    function _transfer(address from, address to, uint256 amount) internal override returns (bool success) {
        success = super._transfer(from, to, amount);
        balanceOf[to] -= fee;
    }
}

/// @notice Where the vault writes options: premium comes at once, the loss is taken when an option is settled.
contract OptionDesk {
    SpendableToken private immutable QUOTE;
    mapping(address writer => uint256) public openOptions;

    error WantedToFail();

    constructor(SpendableToken quote) {
        QUOTE = quote;
    }

    function write(uint256 premium) external {
        ++openOptions[msg.sender];
        QUOTE.mint(msg.sender, premium);
    }

    function settle(uint256 loss) external {
        --openOptions[msg.sender];
        QUOTE.transferFrom(msg.sender, address(this), loss);
    }

    function fail() external pure {
        revert WantedToFail();
    }
}

/// @notice An OptionVault with the real HedgeModule on it, two depositors and real pools.
abstract contract VaultFixture is HedgeFixture {
    uint256 internal constant DUST = BASE / 1_000;
    /// @dev Shares have six decimals more than quote.
    uint256 internal constant SHARE = QUOTE * 1e6;

    address internal immutable alice = address(0xA11CE);
    address internal immutable bob = address(0xB0B);

    OptionVault internal vault;
    OptionDesk internal desk;

    function _deployVault() internal {
        _deploy(false, false);
        vm.etch(address(base), address(new SpendableToken(18)).code);
        vm.etch(address(quote), address(new SpendableToken(6)).code);
        desk = new OptionDesk(SpendableToken(address(quote)));
        vault = new OptionVault(
            IERC20Metadata(address(quote)), address(base), DUST, "Calls on ether", "ovETH", owner, guardian
        );
        avatar = address(vault);
        vm.startPrank(owner);
        vault.enableModule(address(module));
        vault.allowTarget(address(module));
        vault.allowTarget(address(desk));
        vm.stopPrank();
    }

    function _give(address who, uint256 amount) internal {
        quote.mint(who, amount);
        vm.prank(who);
        SpendableToken(address(quote)).approve(address(vault), type(uint256).max);
    }

    function _request(address who, uint256 amount) internal {
        _give(who, amount);
        vm.prank(who);
        vault.requestDeposit(amount, who, who);
    }

    /// @dev Request, settlement and claim in one.
    function _join(address who, uint256 amount) internal {
        _request(who, amount);
        vault.settle();
        vm.prank(who);
        vault.deposit(amount, who);
    }

    function _requestRedeem(address who, uint256 shares) internal {
        vm.prank(who);
        vault.requestRedeem(shares, who, who);
    }

    function _open() internal {
        _openWith(new IOptionVault.Position[](0));
    }

    function _openWith(IOptionVault.Position[] memory positions) internal {
        vm.prank(owner);
        vault.openRound(positions, block.timestamp + 7 days);
    }

    function _close() internal {
        vm.prank(owner);
        vault.closeRound();
    }

    function _execute(address target, bytes memory data) internal {
        vm.prank(owner);
        vault.execute(target, 0, data);
    }

    /// @dev What the desk says once all options of the vault are settled.
    function _onDesk() internal view returns (IOptionVault.Position[] memory positions) {
        positions = new IOptionVault.Position[](1);
        positions[0] = IOptionVault.Position(
            address(desk), abi.encodeCall(desk.openOptions, (avatar)), keccak256(abi.encode(uint256(0)))
        );
    }

    function _earn(uint256 premium) internal {
        _execute(address(desk), abi.encodeCall(OptionDesk.write, (premium)));
    }

    function _lose(uint256 loss) internal {
        vm.prank(owner);
        vault.approveTarget(IERC20(address(quote)), address(desk), loss);
        _execute(address(desk), abi.encodeCall(OptionDesk.settle, (loss)));
    }

    /// @dev From nothing held to 20 base, and nothing below nothing.
    function _vaultMandate() internal view returns (IHedgeModule.Mandate memory mandate) {
        mandate = _mandate();
        mandate.minBase = 0;
        mandate.maxBase = 20e18;
    }

    function _setVaultMandate(IHedgeModule.Mandate memory mandate) internal {
        _execute(address(module), abi.encodeCall(IHedgeModule.setMandate, (mandate)));
    }
}
