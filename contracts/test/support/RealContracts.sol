// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHedgeModule} from "../../src/IHedgeModule.sol";
import {ISafe, ISafeProxyFactory} from "./Avatars.sol";
import {vm} from "./Vm.sol";

interface IUniswapV3Factory {
    function createPool(address tokenA, address tokenB, uint24 fee) external returns (address pool);
}

interface IPool {
    function initialize(uint160 sqrtPriceX96) external;
    function mint(address recipient, int24 tickLower, int24 tickUpper, uint128 amount, bytes calldata data)
        external
        returns (uint256 amount0, uint256 amount1);
    function slot0()
        external
        view
        returns (
            uint160 sqrtPriceX96,
            int24 tick,
            uint16 observationIndex,
            uint16 observationCardinality,
            uint16 observationCardinalityNext,
            uint8 feeProtocol,
            bool unlocked
        );
    function token0() external view returns (address);
    function token1() external view returns (address);
}

/// @notice Other people's contracts as they run on mainnet: the bytecode that their npm packages ship.
library RealContracts {
    string private constant UNISWAP = "node_modules/@uniswap/v3-core/artifacts/contracts/";
    string private constant SAFE = "node_modules/@safe-global/safe-contracts/build/artifacts/contracts/";

    /// @dev By name, so that tests compile without the module's slower compiler settings.
    function deployModule() internal returns (IHedgeModule) {
        return IHedgeModule(_create(moduleCode()));
    }

    function moduleCode() internal view returns (bytes memory) {
        return vm.getCode("HedgeModule.sol:HedgeModule");
    }

    function deployFactory() internal returns (IUniswapV3Factory) {
        return IUniswapV3Factory(_deploy(string.concat(UNISWAP, "UniswapV3Factory.sol/UniswapV3Factory.json")));
    }

    function deploySafe(address owner, uint256 salt) internal returns (ISafe) {
        address singleton = _deploy(string.concat(SAFE, "Safe.sol/Safe.json"));
        address factory = _deploy(string.concat(SAFE, "proxies/SafeProxyFactory.sol/SafeProxyFactory.json"));
        address[] memory owners = new address[](1);
        owners[0] = owner;
        bytes memory initializer =
            abi.encodeCall(ISafe.setup, (owners, 1, address(0), "", address(0), address(0), 0, payable(0)));
        return ISafe(ISafeProxyFactory(factory).createProxyWithNonce(singleton, initializer, salt));
    }

    function _deploy(string memory artifact) private returns (address) {
        return _create(vm.parseJsonBytes(vm.readFile(artifact), ".bytecode"));
    }

    function _create(bytes memory code) private returns (address deployed) {
        assembly {
            deployed := create(0, add(code, 0x20), mload(code))
        }
        require(deployed != address(0), "deployment failed");
    }
}
