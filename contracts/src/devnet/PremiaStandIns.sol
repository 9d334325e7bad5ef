// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Stands in for a Premia v3 pool on the devnet: read by the real ABI. Balances, market price and settlement are
/// set by the test that needs them.
contract PremiaPoolStandIn {
    struct Key {
        address owner;
        address operator;
        uint256 lower;
        uint256 upper;
        uint8 orderType;
    }

    struct Settings {
        address base;
        address quote;
        address oracleAdapter;
        uint256 strike;
        uint256 maturity;
        bool isCallPool;
    }

    Settings public getPoolSettings;
    uint256 public marketPrice;
    uint256 public getSettlementPrice;
    mapping(address account => mapping(uint256 id => uint256)) public balanceOf;
    mapping(address account => uint256[]) private _ids;
    mapping(bytes32 key => uint256) private _fees;

    event SettlementPriceCached(uint256 settlementPrice);

    constructor(Settings memory settings) {
        getPoolSettings = settings;
    }

    /// @param id 0 is short, 1 is long, others are range orders
    function setBalance(address account, uint256 id, uint256 amount) external {
        if (balanceOf[account][id] == 0) _ids[account].push(id);
        balanceOf[account][id] = amount;
    }

    function setMarketPrice(uint256 price) external {
        marketPrice = price;
    }

    function setClaimableFees(Key calldata key, uint256 fees) external {
        _fees[keccak256(abi.encode(key))] = fees;
    }

    function tryCacheSettlementPrice() external {
        Settings memory settings = getPoolSettings;
        getSettlementPrice = PremiaOracleAdapterStandIn(settings.oracleAdapter)
            .getPriceAt(settings.base, settings.quote, settings.maturity);
        emit SettlementPriceCached(getSettlementPrice);
    }

    function getClaimableFees(Key calldata key) external view returns (uint256) {
        return _fees[keccak256(abi.encode(key))];
    }

    function tokensByAccount(address account) external view returns (uint256[] memory held) {
        uint256[] memory ids = _ids[account];
        uint256 count;
        for (uint256 i; i < ids.length; ++i) {
            if (balanceOf[account][ids[i]] > 0) ids[count++] = ids[i];
        }
        held = new uint256[](count);
        for (uint256 i; i < count; ++i) {
            held[i] = ids[i];
        }
    }
}

/// @notice Stands in for the oracle adapter of a Premia pool: no price until one is set.
contract PremiaOracleAdapterStandIn {
    mapping(uint256 target => uint256) private _prices;

    error OracleAdapter__PriceAtOrLeftOfTargetNotFound(address tokenIn, address tokenOut, uint256 target);

    function setPriceAt(uint256 target, uint256 price) external {
        _prices[target] = price;
    }

    function getPriceAt(address tokenIn, address tokenOut, uint256 target) external view returns (uint256 price) {
        price = _prices[target];
        if (price == 0) revert OracleAdapter__PriceAtOrLeftOfTargetNotFound(tokenIn, tokenOut, target);
    }
}
