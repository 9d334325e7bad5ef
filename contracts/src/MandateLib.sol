// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPoolManager} from "./External.sol";
import {IHedgeModuleErrors} from "./IHedgeModuleErrors.sol";
import {IHedgeModule} from "./IHedgeModule.sol";
import {LendingTermsLib} from "./LendingTermsLib.sol";
import {TermsLib} from "./Terms.sol";

/// @notice Holds bytes as its code: one cold read of 2,600 gas brings a whole mandate, where storage slots would cost
/// 2,100 each.
/// @dev The bytes start with an address, so with a zero byte, which is STOP: whoever calls this contract runs nothing.
contract MandateCode {
    constructor(bytes memory data) {
        assembly ("memory-safe") {
            return(add(data, 0x20), mload(data))
        }
    }
}

/// @title Validates mandates, and writes them as code and back
library MandateLib {
    uint256 internal constant MAX_SLIPPAGE_BPS = 1_000;
    uint256 internal constant MAX_POOLS = 16;
    uint256 internal constant MAX_KEEPERS = 16;
    uint256 internal constant MAX_BRIDGES = 4;
    /// @dev Where the array of pools stands in an encoded mandate, after the word in front of it.
    uint256 private constant POOLS_OFFSET = 0x200;
    /// @dev Where the PoolManager keeps its pools by id; the first slot of each holds its price.
    uint256 private constant V4_POOLS_SLOT = 6;
    /// @dev Bounds within which OracleLib's products cannot overflow.
    int256 private constant MIN_EXPONENT = -48;
    int256 private constant MAX_EXPONENT = 24;

    /// @notice Writes a mandate as code; the address returned is where `Terms` are loaded from.
    /// @dev The offset in front of the encoding, always the same, gives its place to the scale; the spare bits of each
    /// pool's word take its role.
    /// @param exponent see `validate`; of the others likewise
    function store(
        IHedgeModule.Mandate memory mandate,
        int256 exponent,
        uint256[] memory roles,
        address[4] memory lendingTokens
    ) internal returns (address) {
        bytes memory data = abi.encode(mandate);
        uint256 numerator = exponent > 0 ? 10 ** uint256(exponent) : 1;
        uint256 denominator = exponent < 0 ? 10 ** uint256(-exponent) : 1;
        uint256 scale = numerator << TermsLib.SCALE_SHIFT | denominator;
        uint256[] memory pools;
        assembly ("memory-safe") {
            mstore(add(data, 0x20), scale)
            let terms := add(data, 0x40)
            pools := add(terms, mload(add(terms, POOLS_OFFSET)))
        }
        for (uint256 i = 0; i < pools.length; ++i) {
            pools[i] |= roles[i] << TermsLib.ROLE_SHIFT;
        }
        return address(new MandateCode(bytes.concat(abi.encode(lendingTokens), data)));
    }

    /// @notice The mandate as it was set.
    function decode(address mandateCode) internal view returns (IHedgeModule.Mandate memory) {
        bytes memory data = mandateCode.code;
        uint256[] memory pools;
        assembly ("memory-safe") {
            // Without the lending pool's tokens in front.
            let size := mload(data)
            data := add(data, 0x80)
            mstore(data, sub(size, 0x80))
            mstore(add(data, 0x20), 0x20)
            let terms := add(data, 0x40)
            pools := add(terms, mload(add(terms, POOLS_OFFSET)))
        }
        for (uint256 i = 0; i < pools.length; ++i) {
            pools[i] = uint160(pools[i]);
        }
        return abi.decode(data, (IHedgeModule.Mandate));
    }

    /// @notice Refuses a mandate with any field that cannot be meant.
    /// @return exponent power of ten by which (base answers / quote answer) is multiplied to give quote smallest units
    /// per base smallest unit; decimals are read here, once, and never again.
    /// @return roles of the pools (see `TermsLib.roleOf`), asked of each once
    /// @return lendingTokens see `LendingTermsLib.validate`
    function validate(IHedgeModule.Mandate memory mandate)
        internal
        view
        returns (int256 exponent, uint256[] memory roles, address[4] memory lendingTokens)
    {
        _requireContract(mandate.base);
        _requireContract(mandate.quote);
        if (mandate.base == mandate.quote) revert IHedgeModuleErrors.BaseIsQuote(mandate.base);
        exponent = _validateFeeds(mandate);
        _validateLimits(mandate);
        _validateBridges(mandate);
        roles = _validatePools(mandate);
        _validateV4Pools(mandate.poolManager, mandate.v4Pools);
        _validateKeepers(mandate.keepers);
        lendingTokens = LendingTermsLib.validate(mandate);
        if (mandate.positionManager != address(0)) _validatePositionManager(mandate.positionManager);
    }

    function _validateFeeds(IHedgeModule.Mandate memory mandate) private view returns (int256) {
        if (mandate.baseFeeds[0].aggregator == address(0)) revert IHedgeModuleErrors.BaseFeedMissing();
        int256 exponent = _decimals(mandate.quote) - _decimals(mandate.base);
        exponent -= _feedDecimals(mandate.baseFeeds[0], 0);
        exponent -= _feedDecimals(mandate.baseFeeds[1], 1);
        exponent += _feedDecimals(mandate.quoteFeed, 2);
        if (exponent < MIN_EXPONENT || exponent > MAX_EXPONENT) {
            revert IHedgeModuleErrors.DecimalsOutOfRange(exponent);
        }

        if ((mandate.sequencerFeed == address(0)) != (mandate.sequencerGraceSeconds == 0)) {
            revert IHedgeModuleErrors.SequencerFeedIncomplete(mandate.sequencerFeed, mandate.sequencerGraceSeconds);
        }
        if (mandate.sequencerFeed != address(0)) _requireContract(mandate.sequencerFeed);
        return exponent;
    }

    function _feedDecimals(IHedgeModule.Feed memory feed, uint256 index) private view returns (int256) {
        if (feed.aggregator == address(0)) {
            if (feed.heartbeatSeconds != 0) revert IHedgeModuleErrors.HeartbeatWithoutFeed(index);
            return 0;
        }
        if (feed.heartbeatSeconds == 0) revert IHedgeModuleErrors.HeartbeatMissing(feed.aggregator);
        _requireContract(feed.aggregator);
        return _decimals(feed.aggregator);
    }

    function _validateLimits(IHedgeModule.Mandate memory mandate) private pure {
        if (mandate.maxSlippageBps == 0 || mandate.maxSlippageBps > MAX_SLIPPAGE_BPS) {
            revert IHedgeModuleErrors.SlippageOutOfRange(mandate.maxSlippageBps, MAX_SLIPPAGE_BPS);
        }
        if (mandate.turnoverCapacityQuote == 0) revert IHedgeModuleErrors.TurnoverCapacityZero();
        if (int256(uint256(mandate.maxBase)) <= mandate.minBase) {
            revert IHedgeModuleErrors.InventoryLimitsReversed(mandate.minBase, mandate.maxBase);
        }
    }

    function _validateBridges(IHedgeModule.Mandate memory mandate) private view {
        address[] memory bridges = mandate.bridges;
        if (bridges.length > MAX_BRIDGES) {
            revert IHedgeModuleErrors.BridgeCountOutOfRange(bridges.length, MAX_BRIDGES);
        }
        for (uint256 i = 0; i < bridges.length; ++i) {
            _requireContract(bridges[i]);
            if (bridges[i] == mandate.base || bridges[i] == mandate.quote) {
                revert IHedgeModuleErrors.BridgeIsBaseOrQuote(bridges[i]);
            }
            if (_indexOf(bridges, bridges[i]) != i) revert IHedgeModuleErrors.DuplicateBridge(bridges[i]);
        }
    }

    function _validatePools(IHedgeModule.Mandate memory mandate) private view returns (uint256[] memory roles) {
        address[] memory pools = mandate.pools;
        uint256 count = pools.length + mandate.v4Pools.length;
        if (count == 0 || count > MAX_POOLS) revert IHedgeModuleErrors.PoolCountOutOfRange(count, MAX_POOLS);
        roles = new uint256[](pools.length);
        for (uint256 i = 0; i < pools.length; ++i) {
            _requireContract(pools[i]);
            if (_indexOf(pools, pools[i]) != i) revert IHedgeModuleErrors.DuplicatePool(pools[i]);
            roles[i] = _role(mandate, pools[i]);
            if (roles[i] == TermsLib.NOT_NAMED) revert IHedgeModuleErrors.PoolTokensMismatch(pools[i]);
        }
    }

    /// @dev As `roleOf`, by what the pool itself says of its tokens, which stand in order as in every pool of Uniswap.
    function _role(IHedgeModule.Mandate memory mandate, address pool) private view returns (uint256) {
        address token0 = _answer(pool, "token0()");
        address token1 = _answer(pool, "token1()");
        if (_isPair(token0, token1, mandate.base, mandate.quote)) return 0;
        for (uint256 i = 0; i < mandate.bridges.length; ++i) {
            if (_isPair(token0, token1, mandate.base, mandate.bridges[i])) return 2 * i + 1;
            if (_isPair(token0, token1, mandate.bridges[i], mandate.quote)) return 2 * i + 2;
        }
        return TermsLib.NOT_NAMED;
    }

    function _isPair(address token0, address token1, address a, address b) private pure returns (bool) {
        return a < b ? token0 == a && token1 == b : token0 == b && token1 == a;
    }

    /// @dev An id does not tell its tokens and hooks. One of others can be named, but no leg reaches it (see Swaps).
    function _validateV4Pools(address poolManager, bytes32[] memory v4Pools) private view {
        if ((poolManager == address(0)) != (v4Pools.length == 0)) {
            revert IHedgeModuleErrors.PoolManagerIncomplete(poolManager, v4Pools.length);
        }
        if (v4Pools.length == 0) return;
        _requireContract(poolManager);
        for (uint256 i = 0; i < v4Pools.length; ++i) {
            for (uint256 j = 0; j < i; ++j) {
                if (v4Pools[j] == v4Pools[i]) revert IHedgeModuleErrors.DuplicateV4Pool(v4Pools[i]);
            }
            bytes32 slot0 = keccak256(abi.encode(v4Pools[i], V4_POOLS_SLOT));
            if (IPoolManager(poolManager).extsload(slot0) == 0) {
                revert IHedgeModuleErrors.PoolNotInitialised(v4Pools[i]);
            }
        }
    }

    /// @dev Of its factory no more is asked than to be a contract: pools are looked up there when they are needed.
    function _validatePositionManager(address positionManager) private view {
        _requireContract(positionManager);
        if (_answer(positionManager, "factory()").code.length == 0) {
            revert IHedgeModuleErrors.NotAPositionManager(positionManager);
        }
    }

    function _validateKeepers(address[] memory keepers) private pure {
        if (keepers.length == 0 || keepers.length > MAX_KEEPERS) {
            revert IHedgeModuleErrors.KeeperCountOutOfRange(keepers.length, MAX_KEEPERS);
        }
        for (uint256 i = 0; i < keepers.length; ++i) {
            if (keepers[i] == address(0)) revert IHedgeModuleErrors.KeeperZero();
            if (_indexOf(keepers, keepers[i]) != i) revert IHedgeModuleErrors.DuplicateKeeper(keepers[i]);
        }
    }

    /// @dev Only for accounts that are in the list.
    function _indexOf(address[] memory list, address account) private pure returns (uint256 index) {
        while (list[index] != account) ++index;
    }

    function _requireContract(address account) private view {
        if (account.code.length == 0) revert IHedgeModuleErrors.NotAContract(account);
    }

    /// @dev Not a typed call: WETH, for one, answers any unknown function with success and no data.
    function _decimals(address account) private view returns (int256) {
        (bool success, bytes memory data) = account.staticcall(abi.encodeWithSignature("decimals()"));
        if (!success || data.length != 32) revert IHedgeModuleErrors.DecimalsUnreadable(account);
        uint256 value = abi.decode(data, (uint256));
        if (value > type(uint8).max) revert IHedgeModuleErrors.DecimalsUnreadable(account);
        return int256(value);
    }

    /// @dev The address that a contract answers with; zero where it does not say.
    function _answer(address account, string memory signature) private view returns (address) {
        (bool success, bytes memory data) = account.staticcall(abi.encodeWithSignature(signature));
        if (!success || data.length != 32) return address(0);
        uint256 answer = abi.decode(data, (uint256));
        return answer > type(uint160).max ? address(0) : address(uint160(answer));
    }
}
