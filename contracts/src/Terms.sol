// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A mandate in memory, as it stands in its code: where its first word lies.
/// @dev A place instead of a struct: nothing is allocated, decoded or copied, and each field costs one reading. What
/// is read was written by MandateLib.encode, so no value has bits where it may have none.
type Terms is uint256;

using TermsLib for Terms global;

/// @title Loads a mandate and reads its fields
/// @dev The layout is that of an ABI-encoded `IHedgeModule.Mandate`: a word in front (here the scale), then the struct
/// with its feeds laid flat, in which an array stands as its distance from the struct's start. Before all that stand the
/// lending pool's own tokens, four words.
library TermsLib {
    /// @dev What `roleOf` answers with for a pool that the mandate does not name.
    uint256 internal constant NOT_NAMED = type(uint256).max;
    /// @dev A pool's role stands above its address.
    uint256 internal constant ROLE_SHIFT = 160;
    /// @dev The scale's numerator stands above its denominator.
    uint256 internal constant SCALE_SHIFT = 160;

    /// @notice Where the calling contract's mandate of a number stands: what CREATE gives with the number as nonce, the
    /// hash of RLP(creator, nonce) (Ethereum yellow paper, section 7). Nothing else uses up nonces.
    function codeAt(uint256 mandateNumber) internal view returns (address code) {
        assembly ("memory-safe") {
            // How many bytes follow the address: the number itself below 0x80, otherwise its length and it.
            let size := 1
            let nonce := mandateNumber
            if gt(mandateNumber, 0x7f) {
                size := add(
                    2,
                    add(gt(mandateNumber, 0xff), add(gt(mandateNumber, 0xffff), gt(mandateNumber, 0xffffff)))
                )
                nonce := or(shl(shl(3, sub(size, 1)), add(0x7f, size)), mandateNumber)
            }
            // One word: the list's length, 0x94 (an address follows), the address, and after it the nonce.
            let list := or(shl(168, add(0xd5, size)), or(shl(160, 0x94), address()))
            mstore(0, or(shl(80, list), shl(sub(80, shl(3, size)), nonce)))
            code := and(keccak256(0, add(22, size)), 0xffffffffffffffffffffffffffffffffffffffff)
        }
    }

    /// @notice The mandate of a number, which must be in force.
    function load(uint256 mandateNumber) internal view returns (Terms terms) {
        address code = codeAt(mandateNumber);
        assembly ("memory-safe") {
            let size := extcodesize(code)
            let start := mload(0x40)
            extcodecopy(code, start, 0, size)
            mstore(0x40, add(start, size))
            terms := add(start, 0x80)
        }
    }

    /// @notice Powers of ten, one of them 10^0, that turn the feeds' quotient into quote smallest units per base
    /// smallest unit.
    function scale(Terms terms) internal pure returns (uint256 numerator, uint256 denominator) {
        uint256 word = _word(terms, 0);
        return (word >> SCALE_SHIFT, uint160(word));
    }

    function base(Terms terms) internal pure returns (address) {
        return _address(terms, 0x20);
    }

    function quote(Terms terms) internal pure returns (address) {
        return _address(terms, 0x40);
    }

    function baseFeed(Terms terms) internal pure returns (address aggregator, uint256 heartbeatSeconds) {
        return (_address(terms, 0x60), _word(terms, 0x80));
    }

    /// @return aggregator zero where it is not used; of the next two likewise
    function secondBaseFeed(Terms terms) internal pure returns (address aggregator, uint256 heartbeatSeconds) {
        return (_address(terms, 0xa0), _word(terms, 0xc0));
    }

    function quoteFeed(Terms terms) internal pure returns (address aggregator, uint256 heartbeatSeconds) {
        return (_address(terms, 0xe0), _word(terms, 0x100));
    }

    function sequencerFeed(Terms terms) internal pure returns (address aggregator, uint256 graceSeconds) {
        return (_address(terms, 0x120), _word(terms, 0x140));
    }

    function guardian(Terms terms) internal pure returns (address) {
        return _address(terms, 0x160);
    }

    function maxSlippageBps(Terms terms) internal pure returns (uint256) {
        return _word(terms, 0x180);
    }

    function turnoverCapacityQuote(Terms terms) internal pure returns (uint256) {
        return _word(terms, 0x1a0);
    }

    function turnoverRefillPerDayQuote(Terms terms) internal pure returns (uint256) {
        return _word(terms, 0x1c0);
    }

    function minBase(Terms terms) internal pure returns (int256) {
        return int256(_word(terms, 0x1e0));
    }

    function maxBase(Terms terms) internal pure returns (uint256) {
        return _word(terms, 0x200);
    }

    function poolManager(Terms terms) internal pure returns (address) {
        return _address(terms, 0x260);
    }

    function bridgeCount(Terms terms) internal pure returns (uint256) {
        (uint256 first, uint256 end) = _list(terms, 0x2a0);
        return (end - first) >> 5;
    }

    /// @param index below `bridgeCount`
    function bridge(Terms terms, uint256 index) internal pure returns (address token) {
        (uint256 first,) = _list(terms, 0x2a0);
        assembly ("memory-safe") {
            token := mload(add(first, shl(5, index)))
        }
    }

    function paysByAllowance(Terms terms) internal pure returns (uint256 oneOrZero) {
        return _word(terms, 0x2c0);
    }

    /// @return pool zero where the mandate allows no lending
    function lendingPool(Terms terms) internal pure returns (address pool) {
        return _address(terms, 0x2e0);
    }

    function minHealthFactorWad(Terms terms) internal pure returns (uint256) {
        return _word(terms, 0x300);
    }

    /// @return manager zero where the mandate reaches no positions
    function positionManager(Terms terms) internal pure returns (address manager) {
        return _address(terms, 0x360);
    }

    /// @param ofQuote 1 = quote, 0 = base; of the next three likewise
    function maxDebt(Terms terms, uint256 ofQuote) internal pure returns (uint256) {
        return _word(terms, 0x320 + (ofQuote << 5));
    }

    function asset(Terms terms, uint256 ofQuote) internal pure returns (address) {
        return _address(terms, 0x20 + (ofQuote << 5));
    }

    /// @notice The lending pool's token for what is supplied.
    function supplyToken(Terms terms, uint256 ofQuote) internal pure returns (address token) {
        assembly ("memory-safe") {
            token := mload(add(sub(terms, 0x80), shl(6, ofQuote)))
        }
    }

    /// @notice The lending pool's token for what is owed at the variable rate.
    function debtToken(Terms terms, uint256 ofQuote) internal pure returns (address token) {
        assembly ("memory-safe") {
            token := mload(add(sub(terms, 0x60), shl(6, ofQuote)))
        }
    }

    function hasKeeper(Terms terms, address account) internal pure returns (bool) {
        return _contains(terms, 0x240, uint160(account));
    }

    /// @notice Whether the mandate names a pair or v3 pool of base and quote: its role is 0, so its word is its address.
    function hasDirectPool(Terms terms, address pool) internal pure returns (bool) {
        return _contains(terms, 0x220, uint160(pool));
    }

    function hasV4Pool(Terms terms, bytes32 id) internal pure returns (bool) {
        return _contains(terms, 0x280, uint256(id));
    }

    /// @notice What a pair or v3 pool trades: 0 = base and quote, 2i + 1 = base and bridge i, 2i + 2 = bridge i and quote.
    function roleOf(Terms terms, address pool) internal pure returns (uint256 role) {
        (uint256 item, uint256 end) = _list(terms, 0x220);
        role = NOT_NAMED;
        assembly ("memory-safe") {
            for {} lt(item, end) { item := add(item, 0x20) } {
                let word := mload(item)
                if eq(shl(96, word), shl(96, pool)) {
                    role := shr(160, word)
                    break
                }
            }
        }
    }

    /// @notice Whether the mandate names a pool, of whatever kind.
    /// @param pool of a v4 pool the last 20 bytes of its id
    function allows(Terms terms, address pool) internal pure returns (bool isAllowed) {
        (uint256 item, uint256 end) = _list(terms, 0x280);
        isAllowed = roleOf(terms, pool) != NOT_NAMED;
        assembly ("memory-safe") {
            for {} lt(item, end) { item := add(item, 0x20) } {
                if eq(shl(96, mload(item)), shl(96, pool)) { isAllowed := 1 }
            }
        }
    }

    function _contains(Terms terms, uint256 field, uint256 word) private pure returns (bool isContained) {
        (uint256 item, uint256 end) = _list(terms, field);
        assembly ("memory-safe") {
            for {} lt(item, end) { item := add(item, 0x20) } {
                if eq(mload(item), word) {
                    isContained := 1
                    break
                }
            }
        }
    }

    /// @return item where an array's first item lies
    /// @return end where its last one ends
    function _list(Terms terms, uint256 field) private pure returns (uint256 item, uint256 end) {
        assembly ("memory-safe") {
            // Distances are from the struct's start, one word behind the scale; the length stands in front.
            let list := add(add(terms, 0x20), mload(add(terms, field)))
            item := add(list, 0x20)
            end := add(item, shl(5, mload(list)))
        }
    }

    function _word(Terms terms, uint256 field) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(terms, field))
        }
    }

    function _address(Terms terms, uint256 field) private pure returns (address account) {
        assembly ("memory-safe") {
            account := mload(add(terms, field))
        }
    }
}
