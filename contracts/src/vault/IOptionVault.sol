// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What an OptionVault says beside the standards that it keeps to (ERC-20, ERC-4626, ERC-7540, Zodiac's avatar)
interface IOptionVault {
    /// @notice How it can be seen that a position is settled: a read of the chain whose answer is then known.
    /// For a short Opyn option that is `getVault` of the controller with the answer of an empty vault; for a token that
    /// was bought it is `balanceOf` of this vault with zero.
    struct Position {
        address target;
        bytes query;
        /// keccak256 of the answer once the position is settled.
        bytes32 settledHash;
    }

    event RoundOpened(uint256 indexed round, uint256 endsAt);
    event PositionStated(uint256 indexed round, uint256 index, Position position);
    event RoundClosed(uint256 indexed round);
    /// @param totalAssets what the shares were worth together just before
    /// @param totalSupply how many shares that was
    event Settled(
        uint256 indexed batch,
        uint256 totalAssets,
        uint256 totalSupply,
        uint256 depositedAssets,
        uint256 mintedShares,
        uint256 redeemedShares,
        uint256 paidAssets
    );
    event DepositRequestCancelled(address indexed controller, address indexed receiver, uint256 assets);
    event RedeemRequestCancelled(address indexed controller, address indexed receiver, uint256 shares);
    event Announced(address indexed account, uint256 noticeEndsAt);
    event TargetAllowed(address indexed target);
    event TargetForbidden(address indexed target);
    event GuardianSet(address indexed guardian);
    event Executed(address indexed to, uint256 value, bytes data);
    event EnabledModule(address module);
    event DisabledModule(address module);

    /// @notice The caller is neither the one concerned nor its operator. Do: `setOperator` first.
    error NotControllerOrOperator(address controller, address caller);
    /// @notice Nobody can be an operator of itself, and nobody is owed anything at the zero address.
    error AddressRefused(address account);
    /// @notice A request for nothing. Do: ask for an amount.
    error NothingRequested();
    /// @notice More is claimed than can be. Do: read `maxDeposit`, `maxMint`, `maxRedeem` or `maxWithdraw`.
    error MoreThanClaimable(uint256 wanted, uint256 claimable);
    /// @notice Nothing is pending. Do: look whether it is claimable already.
    error NothingPending(address controller);
    /// @notice The asset moved another amount than was asked for. Do: use a token without a fee on transfers.
    error AssetAmountDiffers(uint256 expected, uint256 received);
    /// @notice What a request will give is known when it is settled, not before.
    error PreviewUnavailable();
    /// @notice Entering or leaving and hedging do not go together in one transaction. Do: send two.
    error EntryDuringHedge();
    error HedgeDuringEntry();
    /// @notice The vault, or the token or target that it called, called back.
    error Reentered();
    /// @notice A round is open: options may be open. Do: wait until it is closed.
    error RoundIsOpen(uint256 round);
    /// @notice Between rounds nothing moves but the queue. Do: open a round.
    error NoRoundOpen();
    /// @notice Only the owner closes a round before its time. Do: wait until `endsAt`.
    error RoundNotOver(uint256 endsAt);
    error RoundLengthOutOfRange(uint256 endsAt, uint256 latest);
    error TooManyPositions(uint256 count, uint256 most);
    /// @notice A position is open, or its read gave no answer. Do: settle it.
    error PositionOpen(uint256 index, address target);
    /// @notice Base is left over from hedging, and a share's price must not guess what it is worth. Do: sell it.
    error BaseLeft(uint256 held, uint256 most);
    error NotGuardianOrOwner(address caller);
    error NotModule(address caller);
    /// @notice Code of others never runs as the vault.
    error DelegateCallRefused();
    /// @notice The vault itself, its queue, its tokens: out of reach of owner and modules.
    error TargetRefused(address target);
    /// @notice A module approves nobody: what it put elsewhere, a settlement would not see. Do: the owner approves, and
    /// states what must have come back as a position.
    error ApprovalRefused(address token);
    /// @notice Not announced, or announced too lately. Do: `announce`, wait for the notice, and for a settlement after it.
    error NoticeNotOver(address account, uint256 noticeEndsAt);
    error TargetNotAllowed(address target);
    error ModuleRefused(address module);
    error ModuleUnknown(address previous, address module);
    error BaseIsAsset(address token);
}
