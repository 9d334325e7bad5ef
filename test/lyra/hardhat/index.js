/**
 * Stands in for hardhat, which Lyra's own deployment requires: contract factories from the artifacts that the package
 * ships, over the node that `LYRA_RPC_URL` names. Lyra's scripts are CommonJS, so this is too.
 */
const { readdirSync, readFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const ethers = require('ethers');

const artifacts = join(dirname(require.resolve('@lyrafinance/protocol/package.json')), 'dist/artifacts');

/** Path of an artifact by the contract's name: `X.sol/Y.json`, wherever it is. */
function pathOf(name) {
  const found = readdirSync(artifacts, { recursive: true }).find((path) => path.endsWith(`/${name}.json`));
  if (found === undefined) throw new Error(`Lyra ships no artifact of ${name}`);
  return join(artifacts, found);
}

/** Puts the addresses of libraries where the compiler left room for them. */
function link({ bytecode, linkReferences }, libraries) {
  let linked = bytecode;
  for (const file of Object.values(linkReferences)) {
    for (const [name, places] of Object.entries(file)) {
      const address = libraries[name].toLowerCase().slice(2);
      for (const { start, length } of places) {
        linked = linked.slice(0, 2 + 2 * start) + address + linked.slice(2 + 2 * (start + length));
      }
    }
  }
  return linked;
}

const provider = new ethers.providers.StaticJsonRpcProvider(process.env.LYRA_RPC_URL);
provider.pollingInterval = 20;

async function getContractFactory(name, { libraries = {} } = {}) {
  const artifact = JSON.parse(readFileSync(pathOf(name), 'utf8'));
  return new ethers.ContractFactory(artifact.abi, link(artifact, libraries), provider.getSigner(0));
}

exports.ethers = { ...ethers.ethers, provider, getContractFactory };
exports.upgrades = {};
