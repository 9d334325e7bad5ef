// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Stands in on the devnet for the NFTs by which protocols say who owns a vault or an account: ERC-721 with
/// enumeration as far as readers ask, and a mint that is open to anybody.
/// @dev For a local chain only.
contract EnumerableNftStandIn {
    uint256 public nextId = 1;
    mapping(uint256 tokenId => address) public ownerOf;
    mapping(address owner => uint256[]) private _owned;

    event Transfer(address indexed from, address indexed to, uint256 indexed tokenId);

    error IndexOutOfBounds(address owner, uint256 index);
    error NotOwner(address caller, uint256 tokenId);

    function mintNFT(address to) external returns (uint256 tokenId) {
        tokenId = nextId++;
        ownerOf[tokenId] = to;
        _owned[to].push(tokenId);
        emit Transfer(address(0), to, tokenId);
    }

    function transferFrom(address from, address to, uint256 tokenId) external {
        if (msg.sender != from || ownerOf[tokenId] != from) revert NotOwner(msg.sender, tokenId);
        uint256[] storage owned = _owned[from];
        for (uint256 i; i < owned.length; ++i) {
            if (owned[i] != tokenId) continue;
            owned[i] = owned[owned.length - 1];
            owned.pop();
            break;
        }
        ownerOf[tokenId] = to;
        _owned[to].push(tokenId);
        emit Transfer(from, to, tokenId);
    }

    function balanceOf(address owner) external view returns (uint256) {
        return _owned[owner].length;
    }

    function tokenOfOwnerByIndex(address owner, uint256 index) external view returns (uint256) {
        if (index >= _owned[owner].length) revert IndexOutOfBounds(owner, index);
        return _owned[owner][index];
    }
}
