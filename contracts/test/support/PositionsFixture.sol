// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../../src/IHedgeModule.sol";
import {LendingFixture} from "./LendingFixture.sol";
import {NftsFixture} from "./NftsFixture.sol";

/// @notice Beside the pools and the lending market Uniswap's own NonfungiblePositionManager, which the mandate names.
abstract contract PositionsFixture is LendingFixture, NftsFixture {
    function _deployPositions(bool baseIsToken0, bool realSafe) internal {
        _deployLending(baseIsToken0, realSafe);
        _deployNfts();
        _setMandate(_positionsMandate());
    }

    function _positionsMandate() internal view returns (IHedgeModule.Mandate memory mandate) {
        mandate = _lendingMandate();
        mandate.positionManager = address(nfts);
    }
}
