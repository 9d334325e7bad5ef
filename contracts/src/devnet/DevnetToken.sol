// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The bookkeeping that the devnet's tokens share: balances, allowances, and a mint that is open to anybody.
/// @dev For a local chain only.
abstract contract DevnetLedger {
    string public name;
    string public symbol;
    uint8 public immutable decimals;
    uint256 public totalSupply;
    mapping(address account => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    error InsufficientBalance(address account, uint256 balance, uint256 needed);
    error InsufficientAllowance(address owner, address spender, uint256 allowance, uint256 needed);

    constructor(string memory name_, string memory symbol_, uint8 decimals_) {
        name = name_;
        symbol = symbol_;
        decimals = decimals_;
    }

    function mint(address to, uint256 amount) external {
        totalSupply += amount;
        balanceOf[to] += amount;
        emit Transfer(address(0), to, amount);
    }

    function _move(address from, address to, uint256 amount) internal {
        uint256 balance = balanceOf[from];
        if (balance < amount) revert InsufficientBalance(from, balance, amount);
        unchecked {
            balanceOf[from] = balance - amount;
            balanceOf[to] += amount;
        }
        emit Transfer(from, to, amount);
    }

    function _allow(address spender, uint256 amount) internal {
        allowance[msg.sender][spender] = amount;
        emit Approval(msg.sender, spender, amount);
    }

    function _spend(address owner, uint256 amount) internal {
        uint256 allowed = allowance[owner][msg.sender];
        if (allowed == type(uint256).max) return;
        if (allowed < amount) revert InsufficientAllowance(owner, msg.sender, allowed, amount);
        unchecked {
            allowance[owner][msg.sender] = allowed - amount;
        }
    }
}

/// @notice An ordinary ERC-20 with an open mint: stands in for USDC and WBTC on the devnet.
contract DevnetToken is DevnetLedger {
    constructor(string memory name_, string memory symbol_, uint8 decimals_) DevnetLedger(name_, symbol_, decimals_) {}

    function transfer(address to, uint256 amount) external returns (bool) {
        _move(msg.sender, to, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        _spend(from, amount);
        _move(from, to, amount);
        return true;
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        _allow(spender, amount);
        return true;
    }
}

/// @notice A token with the two habits of the real USDT: its functions return nothing, and an allowance that is not zero
/// cannot be replaced by another that is not zero.
contract DevnetTether is DevnetLedger {
    error AllowanceNotZero(address owner, address spender, uint256 allowance);

    constructor() DevnetLedger("Tether USD", "USDT", 6) {}

    function transfer(address to, uint256 amount) external {
        _move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external {
        _spend(from, amount);
        _move(from, to, amount);
    }

    function approve(address spender, uint256 amount) external {
        uint256 current = allowance[msg.sender][spender];
        if (amount != 0 && current != 0) revert AllowanceNotZero(msg.sender, spender, current);
        _allow(spender, amount);
    }
}
