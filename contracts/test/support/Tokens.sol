// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A plain ERC-20 with an open mint, whose transfer can be made to misbehave.
contract TestToken {
    mapping(address => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;
    /// @notice How often `transferFrom` moved something, from whom and to whom.
    mapping(address from => mapping(address to => uint256)) public pullsTo;
    mapping(address from => uint256) public pulls;
    uint8 public immutable decimals;

    constructor(uint8 decimals_) {
        decimals = decimals_;
    }

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function approve(address spender, uint256 amount) external virtual returns (bool) {
        allowance[msg.sender][spender] = amount;
        return true;
    }

    function burn(address from, uint256 amount) external {
        balanceOf[from] -= amount;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        return _transfer(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        allowance[from][msg.sender] -= amount;
        ++pulls[from];
        ++pullsTo[from][to];
        return _transfer(from, to, amount);
    }

    function _transfer(address from, address to, uint256 amount) internal virtual returns (bool) {
        _move(from, to, amount);
        return true;
    }

    function _move(address from, address to, uint256 amount) internal {
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}

/// @notice Transfers without an answer, as USDT does.
contract SilentToken {
    mapping(address => uint256) public balanceOf;
    uint8 public immutable decimals;

    constructor(uint8 decimals_) {
        decimals = decimals_;
    }

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function transfer(address to, uint256 amount) external {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
    }
}

/// @notice Refuses, lies, or calls whatever it was told to call, while it is being transferred.
contract HostileToken is TestToken {
    enum Manner {
        Honest,
        AnswerFalse,
        AnswerShort,
        Revert,
        CallOut,
        TakeTwice,
        GiveBack,
        MintToSender,
        KeepNative
    }

    Manner public manner;
    address public target;
    bytes public payload;
    bool public calledOut;
    bool public callSucceeded;
    bytes public callAnswer;

    error TransferForbidden();

    constructor(uint8 decimals_) TestToken(decimals_) {}

    function behave(Manner manner_) external {
        manner = manner_;
    }

    function callOut(address target_, bytes calldata payload_) external {
        manner = Manner.CallOut;
        target = target_;
        payload = payload_;
        calledOut = false;
    }

    /// @notice Wraps the native coin, as WETH9 does.
    function deposit() external payable {
        balanceOf[msg.sender] += msg.value;
    }

    function withdraw(uint256 amount) external {
        balanceOf[msg.sender] -= amount;
        if (manner == Manner.KeepNative) return;
        (bool success,) = msg.sender.call{value: amount}("");
        require(success, "native transfer refused");
    }

    function _transfer(address from, address to, uint256 amount) internal virtual override returns (bool) {
        if (manner == Manner.AnswerFalse) return false;
        if (manner == Manner.Revert) revert TransferForbidden();
        if (manner == Manner.CallOut) {
            calledOut = true;
            (callSucceeded, callAnswer) = target.call(payload);
        }
        _move(from, to, amount);
        if (manner == Manner.TakeTwice) _move(from, to, amount);
        // The receiver keeps its tokens and the sender's balance grows: only a lying token can do that.
        if (manner == Manner.GiveBack) balanceOf[from] += 2 * amount;
        if (manner == Manner.MintToSender) balanceOf[from] += amount;
        if (manner == Manner.AnswerShort) {
            assembly {
                mstore(0, 1)
                return(0, 1)
            }
        }
        return true;
    }
}
