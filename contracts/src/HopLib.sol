// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PoolKey} from "./External.sol";
import {IHedgeModule} from "./IHedgeModule.sol";
import {IHedgeModuleErrors} from "./IHedgeModuleErrors.sol";
import {Terms} from "./Terms.sol";

/// @title From a leg to the pool that the mandate names and the tokens that it trades there
library HopLib {
    /// @notice One swap as it will be made.
    /// @param pool the pair, the v3 pool or the v4 PoolManager
    /// @param tokenIn of a native coin the token that wraps it; `tokenOut` likewise
    /// @param limitX96 as in a leg
    /// @param key of a v4 pool only
    struct Hop {
        uint256 kind;
        address pool;
        address tokenIn;
        address tokenOut;
        uint256 limitX96;
        PoolKey key;
    }

    uint256 internal constant UNISWAP_V3 = 0;
    uint256 internal constant UNISWAP_V2 = 1;
    uint256 internal constant UNISWAP_V4 = 2;
    /// @dev The bit of a leg's kind that makes it the far hop of the leg before it.
    uint256 internal constant FAR = 0x80;
    address internal constant NATIVE = address(0);

    /// @notice The hop of a leg that trades base against quote.
    function direct(IHedgeModule.Leg calldata leg, address avatar, bool sellBase, Terms terms)
        internal
        pure
        returns (Hop memory hop)
    {
        bool isAllowed;
        (isAllowed, hop) = _hop(leg, 0, terms.base(), terms.quote(), sellBase, terms);
        if (!isAllowed) revert IHedgeModuleErrors.PoolNotAllowed(avatar, leg.pool);
    }

    /// @notice The hops of a leg of base against a bridge and of its far hop, of that bridge against quote.
    function overBridge(
        IHedgeModule.Leg calldata nearLeg,
        IHedgeModule.Leg calldata farLeg,
        address avatar,
        bool sellBase,
        Terms terms
    ) internal pure returns (Hop memory near, Hop memory far) {
        address refused = nearLeg.pool;
        for (uint256 i = 0; i < terms.bridgeCount(); ++i) {
            bool isAllowed;
            (isAllowed, near) = _hop(nearLeg, 2 * i + 1, terms.base(), terms.bridge(i), sellBase, terms);
            if (!isAllowed) continue;
            (isAllowed, far) = _hop(farLeg, 2 * i + 2, terms.bridge(i), terms.quote(), sellBase, terms);
            if (isAllowed && _isJoined(near, far, sellBase)) return (near, far);
            refused = farLeg.pool;
        }
        revert IHedgeModuleErrors.PoolNotAllowed(avatar, refused);
    }

    /// @notice Whether a v4 swap goes from currency0 to currency1.
    function isZeroForOne(Hop memory hop) internal pure returns (bool) {
        return hop.key.currency0 == hop.tokenIn || (hop.key.currency0 == NATIVE && hop.key.currency1 == hop.tokenOut);
    }

    function currencyIn(Hop memory hop) internal pure returns (address) {
        return isZeroForOne(hop) ? hop.key.currency0 : hop.key.currency1;
    }

    function currencyOut(Hop memory hop) internal pure returns (address) {
        return isZeroForOne(hop) ? hop.key.currency1 : hop.key.currency0;
    }

    /// @dev Within one unlocking a bridge is passed on as it is: the native coin is not wrapped on the way.
    function _isJoined(Hop memory near, Hop memory far, bool sellBase) private pure returns (bool) {
        if (near.kind != UNISWAP_V4 || far.kind != UNISWAP_V4) return true;
        return sellBase ? currencyOut(near) == currencyIn(far) : currencyIn(near) == currencyOut(far);
    }

    /// @param role that a pair or v3 pool must have (see TermsLib.roleOf)
    /// @param sold goes in where base is sold, comes out where it is bought
    function _hop(IHedgeModule.Leg calldata leg, uint256 role, address sold, address bought, bool sellBase, Terms terms)
        private
        pure
        returns (bool isAllowed, Hop memory hop)
    {
        hop.kind = leg.kind & ~FAR;
        hop.limitX96 = leg.sqrtPriceLimitX96;
        (hop.tokenIn, hop.tokenOut) = sellBase ? (sold, bought) : (bought, sold);
        if (hop.kind == UNISWAP_V4) {
            hop.pool = terms.poolManager();
            isAllowed = _setKey(hop.key, leg, sold, bought, terms);
        } else {
            hop.pool = leg.pool;
            isAllowed = terms.roleOf(leg.pool) == role;
        }
    }

    /// @dev The pool whose id the mandate names: of two tokens, or of the native coin in place of one that wraps it. A
    /// key is built of nothing but these, so no pool of another token and none with a hook can be reached.
    function _setKey(PoolKey memory key, IHedgeModule.Leg calldata leg, address tokenA, address tokenB, Terms terms)
        private
        pure
        returns (bool isNamed)
    {
        (key.fee, key.tickSpacing) = (leg.fee, leg.tickSpacing);
        (key.currency0, key.currency1) = tokenA < tokenB ? (tokenA, tokenB) : (tokenB, tokenA);
        if (_isNamed(key, leg.pool, terms)) return true;
        (key.currency0, key.currency1) = (NATIVE, tokenB);
        if (_isNamed(key, leg.pool, terms)) return true;
        key.currency1 = tokenA;
        return _isNamed(key, leg.pool, terms);
    }

    function _isNamed(PoolKey memory key, address pool, Terms terms) private pure returns (bool) {
        bytes32 id = keccak256(abi.encode(key));
        return address(uint160(uint256(id))) == pool && terms.hasV4Pool(id);
    }
}
