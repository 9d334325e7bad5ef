// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAggregator, IERC20, ILendingPool} from "../../src/External.sol";
import {TestToken} from "./Tokens.sol";
import {vm} from "./Vm.sol";

interface IAddressesProvider {
    function setACLAdmin(address admin) external;
    function setACLManager(address manager) external;
    function setPriceOracle(address oracle) external;
    function setPoolImpl(address implementation) external;
    function setPoolConfiguratorImpl(address implementation) external;
    function getPool() external view returns (address);
    function getPoolConfigurator() external view returns (address);
}

interface IAclManager {
    function addPoolAdmin(address admin) external;
}

interface IConfigurator {
    struct InitReserveInput {
        address aTokenImpl;
        address stableDebtTokenImpl;
        address variableDebtTokenImpl;
        uint8 underlyingAssetDecimals;
        address interestRateStrategyAddress;
        address underlyingAsset;
        address treasury;
        address incentivesController;
        string aTokenName;
        string aTokenSymbol;
        string variableDebtTokenName;
        string variableDebtTokenSymbol;
        string stableDebtTokenName;
        string stableDebtTokenSymbol;
        bytes params;
    }

    function initReserves(InitReserveInput[] calldata input) external;
    function configureReserveAsCollateral(address asset, uint256 ltv, uint256 threshold, uint256 bonus) external;
    function setReserveBorrowing(address asset, bool enabled) external;
}

struct ReserveData {
    uint256 configuration;
    uint128 liquidityIndex;
    uint128 currentLiquidityRate;
    uint128 variableBorrowIndex;
    uint128 currentVariableBorrowRate;
    uint128 currentStableBorrowRate;
    uint40 lastUpdateTimestamp;
    uint16 id;
    address aToken;
    address stableDebtToken;
    address variableDebtToken;
    address interestRateStrategy;
    uint128 accruedToTreasury;
    uint128 unbacked;
    uint128 isolationModeTotalDebt;
}

interface IReserves {
    function getReserveData(address asset) external view returns (ReserveData memory);
}

/// @notice A price as Aave's oracle asks for it, of a feed or fixed at one dollar.
contract PriceSource {
    IAggregator private immutable AGGREGATOR;

    constructor(address aggregator) {
        AGGREGATOR = IAggregator(aggregator);
    }

    function latestAnswer() external view returns (int256 answer) {
        if (address(AGGREGATOR) == address(0)) return 1e8;
        (, answer,,,) = AGGREGATOR.latestRoundData();
    }
}

/// @notice Aave v3's whole core market, from the bytecode that its npm package ships, with two reserves that lenders
/// have filled.
contract AaveMarket {
    string private constant ARTIFACTS = "node_modules/@aave/core-v3/artifacts/contracts/protocol/";
    string private constant MISC = "node_modules/@aave/core-v3/artifacts/contracts/misc/";

    address public immutable pool;
    IAddressesProvider private immutable provider;
    IConfigurator private immutable configurator;
    mapping(string library_ => address) private libraries;

    constructor(TestToken base, TestToken quote, address baseFeed) {
        provider = IAddressesProvider(
            _deploy(_bytecode(_artifact("configuration/", "PoolAddressesProvider")), abi.encode("test", address(this)))
        );
        provider.setACLAdmin(address(this));
        bytes memory ofProvider = abi.encode(provider);
        IAclManager manager = IAclManager(_deploy(_bytecode(_artifact("configuration/", "ACLManager")), ofProvider));
        provider.setACLManager(address(manager));
        manager.addPoolAdmin(address(this));
        provider.setPriceOracle(_deployOracle(base, quote, baseFeed));
        _deployLibraries();
        provider.setPoolImpl(_deploy(_bytecode(_artifact("pool/", "Pool")), ofProvider));
        provider.setPoolConfiguratorImpl(_deploy(_bytecode(_artifact("pool/", "PoolConfigurator")), ""));
        pool = provider.getPool();
        configurator = IConfigurator(provider.getPoolConfigurator());
        _list(base, 8_000, 8_250);
        _list(quote, 7_500, 7_800);
        _lend(base, 100_000e18);
        _lend(quote, 300_000_000e6);
    }

    function tokensOf(address asset) external view returns (TestToken supplied, TestToken owed) {
        ReserveData memory data = IReserves(pool).getReserveData(asset);
        return (TestToken(data.aToken), TestToken(data.variableDebtToken));
    }

    function _lend(TestToken token, uint256 amount) private {
        token.mint(address(this), amount);
        token.approve(pool, amount);
        ILendingPool(pool).supply(address(token), amount, address(this), 0);
    }

    function _list(TestToken token, uint256 ltvBps, uint256 thresholdBps) private {
        IConfigurator.InitReserveInput[] memory input = new IConfigurator.InitReserveInput[](1);
        input[0].aTokenImpl = _deploy(_bytecode(_artifact("tokenization/", "AToken")), abi.encode(pool));
        input[0].stableDebtTokenImpl =
            _deploy(_bytecode(_artifact("tokenization/", "StableDebtToken")), abi.encode(pool));
        input[0].variableDebtTokenImpl =
            _deploy(_bytecode(_artifact("tokenization/", "VariableDebtToken")), abi.encode(pool));
        input[0].underlyingAssetDecimals = token.decimals();
        input[0].interestRateStrategyAddress = _deploy(
            _bytecode(_artifact("pool/", "DefaultReserveInterestRateStrategy")),
            abi.encode(provider, 0.8e27, 0, 0.04e27, 0.6e27, 0.005e27, 0.6e27, 0.01e27, 0.08e27, 0.2e27)
        );
        input[0].underlyingAsset = address(token);
        input[0].treasury = address(configurator);
        configurator.initReserves(input);
        configurator.configureReserveAsCollateral(address(token), ltvBps, thresholdBps, 10_500);
        configurator.setReserveBorrowing(address(token), true);
    }

    function _deployOracle(TestToken base, TestToken quote, address baseFeed) private returns (address) {
        address[] memory assets = new address[](2);
        (assets[0], assets[1]) = (address(base), address(quote));
        address[] memory sources = new address[](2);
        (sources[0], sources[1]) = (address(new PriceSource(baseFeed)), address(new PriceSource(address(0))));
        bytes memory arguments = abi.encode(provider, assets, sources, address(0), address(0), 1e8);
        return _deploy(_bytecode(string.concat(MISC, "AaveOracle.sol/AaveOracle.json")), arguments);
    }

    /// @dev Each after those that it calls.
    function _deployLibraries() private {
        string[8] memory names = [
            "BorrowLogic",
            "BridgeLogic",
            "EModeLogic",
            "FlashLoanLogic",
            "LiquidationLogic",
            "PoolLogic",
            "SupplyLogic",
            "ConfiguratorLogic"
        ];
        for (uint256 i = 0; i < names.length; ++i) {
            libraries[names[i]] = _deploy(_bytecode(_artifact("libraries/logic/", names[i])), "");
            linkable.push(names[i]);
        }
    }

    string[] private linkable;

    /// @dev The compiler leaves `__$`, 34 digits of the hash of a library's full name, and `$__` where its address goes.
    function _bytecode(string memory artifact) private view returns (bytes memory) {
        string memory code = vm.parseJsonString(vm.readFile(artifact), ".bytecode");
        for (uint256 i = 0; i < linkable.length; ++i) {
            string memory name = linkable[i];
            bytes32 hash = keccak256(abi.encodePacked("contracts/protocol/libraries/logic/", name, ".sol:", name));
            string memory placeholder = string.concat("__$", _digits(vm.toString(hash), 34), "$__");
            code = vm.replace(code, placeholder, _digits(vm.toString(libraries[name]), 40));
        }
        return vm.parseBytes(code);
    }

    /// @param prefixed digits behind 0x
    function _digits(string memory prefixed, uint256 count) private pure returns (string memory) {
        bytes memory digits = new bytes(count);
        for (uint256 i = 0; i < count; ++i) {
            digits[i] = bytes(prefixed)[i + 2];
        }
        return string(digits);
    }

    function _artifact(string memory folder, string memory name) private pure returns (string memory) {
        return string.concat(ARTIFACTS, folder, name, ".sol/", name, ".json");
    }

    function _deploy(bytes memory code, bytes memory arguments) private returns (address deployed) {
        bytes memory creation = bytes.concat(code, arguments);
        assembly {
            deployed := create(0, add(creation, 0x20), mload(creation))
        }
        require(deployed != address(0), "deployment failed");
    }
}
