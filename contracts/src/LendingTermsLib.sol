// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModuleErrors} from "./IHedgeModuleErrors.sol";
import {IHedgeModule} from "./IHedgeModule.sol";

/// @title Validates what a mandate says of lending
library LendingTermsLib {
    /// @dev Aave liquidates below one.
    uint256 internal constant LEAST_FLOOR_WAD = 1.01e18;
    /// @dev Words of what `getReserveData` answers, from Aave v3.0 to v3.4; the two tokens that are used among them.
    uint256 private constant RESERVE_WORDS = 15;
    uint256 private constant SUPPLY_TOKEN_WORD = 8;
    uint256 private constant DEBT_TOKEN_WORD = 10;

    /// @notice Refuses limits that cannot be meant, and a pool that does not list both tokens.
    /// @return tokens of the lending pool: for base supplied and owed at the variable rate, and for quote likewise; zero
    /// where the mandate allows no lending
    function validate(IHedgeModule.Mandate memory mandate) internal view returns (address[4] memory tokens) {
        IHedgeModule.Lending memory lending = mandate.lending;
        if (lending.pool == address(0)) {
            if (lending.minHealthFactorWad != 0 || lending.maxBaseDebt != 0 || lending.maxQuoteDebt != 0) {
                revert IHedgeModuleErrors.LendingPoolMissing();
            }
            if (mandate.minBase < 0) revert IHedgeModuleErrors.InventoryBelowZero(mandate.minBase);
            return tokens;
        }
        if (lending.pool.code.length == 0) revert IHedgeModuleErrors.NotAContract(lending.pool);
        if (lending.minHealthFactorWad < LEAST_FLOOR_WAD) {
            revert IHedgeModuleErrors.HealthFactorFloorTooLow(lending.minHealthFactorWad, LEAST_FLOOR_WAD);
        }
        (tokens[0], tokens[1]) = _tokensOf(lending.pool, mandate.base);
        (tokens[2], tokens[3]) = _tokensOf(lending.pool, mandate.quote);
    }

    function _tokensOf(address pool, address asset) private view returns (address supplyToken, address debtToken) {
        (bool success, bytes memory data) = pool.staticcall(abi.encodeWithSignature("getReserveData(address)", asset));
        if (!success || data.length < RESERVE_WORDS * 32) revert IHedgeModuleErrors.ReserveNotListed(asset);
        supplyToken = _contractAt(data, SUPPLY_TOKEN_WORD, asset);
        debtToken = _contractAt(data, DEBT_TOKEN_WORD, asset);
    }

    function _contractAt(bytes memory data, uint256 index, address asset) private view returns (address token) {
        uint256 word;
        assembly ("memory-safe") {
            word := mload(add(add(data, 0x20), shl(5, index)))
        }
        token = address(uint160(word));
        if (word >> 160 != 0 || token.code.length == 0) revert IHedgeModuleErrors.ReserveNotListed(asset);
    }
}
