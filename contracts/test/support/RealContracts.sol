// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PoolKey} from "../../src/External.sol";
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

interface IUniswapV2Factory {
    function createPair(address tokenA, address tokenB) external returns (address pair);
}

interface IPair {
    function sync() external;
    function getReserves() external view returns (uint112, uint112, uint32);
    function swap(uint256 amount0Out, uint256 amount1Out, address to, bytes calldata data) external;
}

struct ModifyLiquidityParams {
    int24 tickLower;
    int24 tickUpper;
    int256 liquidityDelta;
    bytes32 salt;
}

/// @notice What the tests call on a real v4 PoolManager, beside what the module does.
interface IManager {
    function initialize(PoolKey calldata key, uint160 sqrtPriceX96) external returns (int24 tick);
    function modifyLiquidity(PoolKey calldata key, ModifyLiquidityParams calldata params, bytes calldata hookData)
        external
        returns (int256 callerDelta, int256 feesAccrued);
}

/// @notice Other people's contracts as they run on mainnet: the bytecode that their npm packages ship.
library RealContracts {
    string private constant UNISWAP = "node_modules/@uniswap/v3-core/artifacts/contracts/";
    string private constant POSITIONS =
        "node_modules/@uniswap/v3-periphery/artifacts/contracts/NonfungiblePositionManager.sol/NonfungiblePositionManager.json";
    string private constant UNISWAP_V2 = "node_modules/@uniswap/v2-core/build/UniswapV2Factory.json";
    string private constant UNISWAP_V4 = "node_modules/@uniswap/v4-core/out/PoolManager.sol/PoolManager.json";
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

    /// @dev Of no wrapped coin and without pictures.
    function deployPositionManager(address factory) internal returns (address) {
        bytes memory code = vm.parseJsonBytes(vm.readFile(POSITIONS), ".bytecode");
        return _create(abi.encodePacked(code, abi.encode(factory, address(1), address(0))));
    }

    function deployPairFactory() internal returns (IUniswapV2Factory) {
        // This package writes its code without the prefix.
        string memory code = string.concat("0x", vm.parseJsonString(vm.readFile(UNISWAP_V2), ".bytecode"));
        return IUniswapV2Factory(_create(abi.encodePacked(vm.parseBytes(code), abi.encode(address(0)))));
    }

    function deployPoolManager() internal returns (address) {
        bytes memory code = vm.parseJsonBytes(vm.readFile(UNISWAP_V4), ".bytecode.object");
        return _create(abi.encodePacked(code, abi.encode(address(0))));
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
