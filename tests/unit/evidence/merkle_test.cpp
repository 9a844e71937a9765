#include <bit>
#include <catch2/catch.hpp>

#include "evidence/leaf.hpp"
#include "evidence/merkle.hpp"

using namespace camgate;
using namespace camgate::evidence;

namespace {

// The reference inputs and roots of the certificate-transparency project's merkletree tests.
const std::vector<std::string> kInputs{
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
const std::vector<std::string> kRoots{
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

std::vector<Digest> referenceLeaves(std::size_t count) {
    std::vector<Digest> leaves;
    for (std::size_t i = 0; i < count; ++i) leaves.push_back(leafHash({}, {}, fromHex(kInputs[i]).value()));
    return leaves;
}

std::vector<Digest> numberedLeaves(std::size_t count) {
    std::vector<Digest> leaves;
    for (std::size_t i = 0; i < count; ++i) leaves.push_back(leafHash({}, {}, asBytes(std::to_string(i))));
    return leaves;
}

std::vector<std::string> hexProof(std::size_t size, std::uint64_t index) {
    std::vector<std::string> texts;
    const auto proof = rangeProof(referenceLeaves(size), index, 1).value();
    for (const auto& digest : proof) texts.push_back(toHex(digest));
    return texts;
}

}  // namespace

TEST_CASE("leaf: is RFC 6962's hash over header, table and payload in one row", "[evidence]") {
    const auto whole = leafHash(asBytes("header"), asBytes("table"), asBytes("payload"));
    std::string row(1, '\0');
    row += "headertablepayload";
    CHECK(whole == crypto::sha256(asBytes(row)));
    LeafHash steps(asBytes("header"), asBytes("table"));
    steps.addPayload(asBytes("pay"));
    steps.addPayload({});
    steps.addPayload(asBytes("load"));
    CHECK(steps.finish() == whole);
}

TEST_CASE("merkle: roots are those of certificate transparency", "[evidence]") {
    CHECK(toHex(merkleRoot({})) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (std::size_t size = 1; size <= kRoots.size(); ++size) {
        CHECK(toHex(merkleRoot(referenceLeaves(size))) == kRoots[size - 1]);
    }
}

// Certificate transparency lists a path from the leaf upwards, a range proof from left to right.
TEST_CASE("merkle: the proof of one leaf has the hashes of certificate transparency's path", "[evidence]") {
    CHECK(hexProof(1, 0).empty());
    CHECK(hexProof(8, 0) ==
          std::vector<std::string>{"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                                   "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                                   "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"});
    CHECK(hexProof(8, 5) ==
          std::vector<std::string>{"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                   "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                                   "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"});
    CHECK(hexProof(3, 2) ==
          std::vector<std::string>{"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"});
}

TEST_CASE("merkle: every range of every tree up to 33 leaves is proven, at its own place only",
          "[evidence]") {
    for (std::size_t size = 1; size <= 33; ++size) {
        const auto leaves = numberedLeaves(size);
        const Digest root = merkleRoot(leaves);
        for (std::size_t first = 0; first < size; ++first) {
            for (std::size_t count = 1; count <= size - first; ++count) {
                const auto proof = rangeProof(leaves, first, count).value();
                const auto range = std::span(leaves).subspan(first, count);
                REQUIRE(rootOfRange(range, first, size, proof) == root);
                REQUIRE(rootOfRange(range, first + 1, size, proof) != root);
                // At most two hashes for each level of the tree.
                REQUIRE(proof.size() <= 2 * std::bit_width(size));
            }
        }
    }
}

TEST_CASE("merkle: a proof that is short, long, reordered or changed proves nothing", "[evidence]") {
    const auto leaves = numberedLeaves(13);
    const Digest root = merkleRoot(leaves);
    const auto proof = rangeProof(leaves, 5, 3).value();
    const auto holds = [&](const std::vector<Digest>& changed) {
        return rootOfRange(std::span(leaves).subspan(5, 3), 5, 13, changed) == root;
    };
    REQUIRE(holds(proof));
    for (std::size_t length = 0; length < proof.size(); ++length) {
        CHECK_FALSE(holds({proof.begin(), proof.begin() + static_cast<std::ptrdiff_t>(length)}));
        auto changed = proof;
        changed[length][31] ^= 1U;
        CHECK_FALSE(holds(changed));
    }
    auto longer = proof;
    longer.push_back(root);
    CHECK_FALSE(holds(longer));
    auto swapped = proof;
    std::swap(swapped[0], swapped[1]);
    CHECK_FALSE(holds(swapped));
    auto other = numberedLeaves(13);
    std::swap(other[5], other[6]);
    CHECK(rootOfRange(std::span(other).subspan(5, 3), 5, 13, proof) != root);
    CHECK_FALSE(rootOfRange({}, 0, 13, proof));
    CHECK_FALSE(rootOfRange(leaves, 1, 13, {}));
    CHECK_FALSE(rootOfRange(leaves, 14, 13, {}));
    // A tree larger than any: an answer, not a walk without end.
    CHECK_FALSE(rootOfRange(std::span(leaves).first(1), 7, std::uint64_t{1} << 53U, proof));
}

TEST_CASE("merkle: leaves that are not there have no proof", "[evidence]") {
    CHECK(rangeProof({}, 0, 1).error().kind == ErrorKind::InvalidArgument);
    CHECK(rangeProof(numberedLeaves(3), 3, 1).error().kind == ErrorKind::InvalidArgument);
    CHECK(rangeProof(numberedLeaves(3), 2, 2).error().kind == ErrorKind::InvalidArgument);
    CHECK(rangeProof(numberedLeaves(3), 1, 0).error().kind == ErrorKind::InvalidArgument);
}
