// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPoolManager} from "./External.sol";
import {IHedgeModule} from "./IHedgeModule.sol";
import {IHedgeModuleErrors} from "./IHedgeModuleErrors.sol";

/// @notice Holds bytes as its code: one cold read of 2,600 gas brings a whole mandate, where storage slots would cost
/// 2,100 each.
/// @dev The bytes are an ABI-encoded dynamic struct, so they start with a zero byte, which is STOP: whoever calls this
/// contract runs nothing.
contract MandateCode {
    constructor(bytes memory data) {
        assembly ("memory-safe") {
            return(add(data, 0x20), mload(data))
        }
    }
}

/// @title Validates, stores and searches mandates
library MandateLib {
    /// @notice A mandate as a hedge reads it: `IHedgeModule.Mandate`, its feeds laid flat.
    struct Terms {
        address base;
        address quote;
        address baseFeed;
        uint256 baseHeartbeatSeconds;
        address secondBaseFeed;
        uint256 secondBaseHeartbeatSeconds;
        address quoteFeed;
        uint256 quoteHeartbeatSeconds;
        address sequencerFeed;
        uint256 sequencerGraceSeconds;
        address guardian;
        uint256 maxSlippageBps;
        uint256 turnoverCapacityQuote;
        uint256 turnoverRefillPerDayQuote;
        uint256 minBase;
        uint256 maxBase;
        address[] pools;
        address[] keepers;
        address poolManager;
        bytes32[] v4Pools;
    }

    uint256 internal constant MAX_SLIPPAGE_BPS = 1_000;
    uint256 internal constant MAX_POOLS = 16;
    uint256 internal constant MAX_KEEPERS = 16;
    /// @dev Where the PoolManager keeps its pools by id; the first slot of each holds its price.
    uint256 private constant V4_POOLS_SLOT = 6;
    /// @dev Bounds within which OracleLib's products cannot overflow.
    int256 private constant MIN_EXPONENT = -48;
    int256 private constant MAX_EXPONENT = 24;

    /// @notice Writes a mandate; the address returned is where `load` finds it.
    function store(IHedgeModule.Mandate memory mandate) internal returns (address) {
        return address(new MandateCode(abi.encode(mandate)));
    }

    /// @notice The mandate as it was set.
    function decode(address mandateCode) internal view returns (IHedgeModule.Mandate memory) {
        return abi.decode(mandateCode.code, (IHedgeModule.Mandate));
    }

    /// @notice The same for a tenth of the gas.
    /// @dev The ABI encoding of a flat struct is its layout in memory, but for the arrays, which stand as offsets from
    /// the struct's start and are turned into pointers here.
    function load(address mandateCode) internal view returns (Terms memory terms) {
        bytes memory data = mandateCode.code;
        assembly ("memory-safe") {
            // After the length of `data` and the offset of the encoded struct.
            terms := add(data, 0x40)
            let pools := add(terms, 0x200)
            mstore(pools, add(terms, mload(pools)))
            let keepers := add(terms, 0x220)
            mstore(keepers, add(terms, mload(keepers)))
            let v4Pools := add(terms, 0x260)
            mstore(v4Pools, add(terms, mload(v4Pools)))
        }
    }

    function contains(address[] memory list, address account) internal pure returns (bool) {
        for (uint256 i = 0; i < list.length; ++i) {
            if (list[i] == account) return true;
        }
        return false;
    }

    function containsId(bytes32[] memory list, bytes32 id) internal pure returns (bool) {
        for (uint256 i = 0; i < list.length; ++i) {
            if (list[i] == id) return true;
        }
        return false;
    }

    /// @notice Whether a mandate names a pool, of whatever kind.
    function allows(Terms memory terms, address pool) internal pure returns (bool) {
        for (uint256 i = 0; i < terms.v4Pools.length; ++i) {
            if (addressOf(terms.v4Pools[i]) == pool) return true;
        }
        return contains(terms.pools, pool);
    }

    /// @notice What stands for a v4 pool where an address is wanted: the last 20 bytes of its id.
    function addressOf(bytes32 v4Pool) internal pure returns (address) {
        return address(uint160(uint256(v4Pool)));
    }

    /// @notice Refuses a mandate with any field that cannot be meant.
    /// @return exponent power of ten by which (base answers / quote answer) is multiplied to give quote smallest units
    /// per base smallest unit; decimals are read here, once, and never again.
    function validate(IHedgeModule.Mandate memory mandate) internal view returns (int16 exponent) {
        _requireContract(mandate.base);
        _requireContract(mandate.quote);
        if (mandate.base == mandate.quote) revert IHedgeModuleErrors.BaseIsQuote(mandate.base);
        exponent = _validateFeeds(mandate);
        _validateLimits(mandate);
        _validatePools(mandate);
        _validateV4Pools(mandate.poolManager, mandate.v4Pools);
        _validateKeepers(mandate.keepers);
    }

    function _validateFeeds(IHedgeModule.Mandate memory mandate) private view returns (int16) {
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
        return int16(exponent);
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
        if (mandate.maxBase <= mandate.minBase) {
            revert IHedgeModuleErrors.InventoryLimitsReversed(mandate.minBase, mandate.maxBase);
        }
    }

    function _validatePools(IHedgeModule.Mandate memory mandate) private view {
        address[] memory pools = mandate.pools;
        uint256 count = pools.length + mandate.v4Pools.length;
        if (count == 0 || count > MAX_POOLS) revert IHedgeModuleErrors.PoolCountOutOfRange(count, MAX_POOLS);
        (address token0, address token1) =
            mandate.base < mandate.quote ? (mandate.base, mandate.quote) : (mandate.quote, mandate.base);
        for (uint256 i = 0; i < pools.length; ++i) {
            _requireContract(pools[i]);
            if (_indexOf(pools, pools[i]) != i) revert IHedgeModuleErrors.DuplicatePool(pools[i]);
            if (!_answers(pools[i], "token0()", token0) || !_answers(pools[i], "token1()", token1)) {
                revert IHedgeModuleErrors.PoolTokensMismatch(pools[i]);
            }
        }
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

    function _answers(address account, string memory signature, address expected) private view returns (bool) {
        (bool success, bytes memory data) = account.staticcall(abi.encodeWithSignature(signature));
        return success && data.length == 32 && abi.decode(data, (uint256)) == uint256(uint160(expected));
    }
}
