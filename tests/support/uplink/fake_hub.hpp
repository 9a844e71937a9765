// A hub that behaves as docs/ref/mqtt.md says: row receipts, clip receipts with what is missing, the hash
// checked before a clip is verified. Acts once on each row id. It can lose receipts, be away, or ask again.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "crypto/hash.hpp"
#include "evidence/audit_entry.hpp"
#include "evidence/sealed_delivery.hpp"
#include "support/uplink/fake_transport.hpp"

namespace camgate::test {

class FakeHub {
  public:
    using Json = nlohmann::json;

    struct Clip {
        Json plan;
        Json complete;
        Json failed;
        std::string manifest;
        std::size_t manifest_parts = 0;  ///< so many of one that is not whole
        Bytes bytes;
        std::vector<bool> have;
        bool verified = false;
        int receipts_sent = 0;
        std::uint64_t chunk_bytes_received = 0;
    };

    FakeHub(FakeLoop& loop, FakeTransport& control, FakeTransport& bulk) : loop_(loop), control_(control) {
        control.deliver = [this](const uplink::HubMessage& message) { onMessage(message); };
        bulk.deliver = [this](const uplink::HubMessage& message) { onMessage(message); };
    }

    /// Documents of rows, each id once, in the order of their first arrival.
    std::vector<Json> rowsOf(const std::string& suffix) const {
        std::vector<Json> found;
        for (const auto& [topic, document] : rows) {
            if (topic == suffix) found.push_back(document);
        }
        return found;
    }
    std::vector<Json> saidOn(const std::string& suffix) const {
        std::vector<Json> found;
        for (const auto& [topic, document] : said) {
            if (topic == suffix) found.push_back(document);
        }
        return found;
    }
    void command(const std::string& name, const std::string& envelope, const Bytes& correlation) {
        control_.say(kPrefix + "command/" + name, Bytes(envelope.begin(), envelope.end()), correlation);
    }
    void say(const std::string& suffix, const std::string& text) {
        control_.say(kPrefix + suffix, Bytes(text.begin(), text.end()));
    }
    /// What the clip still misses, as its receipt.
    void sendClipReceipt(const std::string& id) {
        Clip& clip = clips.at(id);
        Json missing = Json::array();
        for (std::size_t i = 0; i < clip.have.size() && missing.size() < 64;) {
            if (clip.have[i]) {
                ++i;
                continue;
            }
            const std::size_t from = i;
            while (i < clip.have.size() && !clip.have[i]) ++i;
            missing.push_back({from, i});
        }
        Json receipt{{"v", 1}, {"owner", owner}, {"complete", clip.verified}, {"verified", nullptr}};
        if (missing.empty() && clip.complete.is_object()) check(clip, receipt);
        receipt["missing"] = receipt["verified"] == false ? Json::array() : missing;
        ++clip.receipts_sent;
        if (lose_clip_receipts > 0) {
            --lose_clip_receipts;
            return;
        }
        say("clip/" + id + "/receipt", receipt.dump());
    }

    std::vector<std::pair<std::string, Json>> rows;  ///< by topic below the prefix, each id once
    std::vector<std::pair<std::string, Json>> said;  ///< everything but chunks, doubles too
    std::map<std::string, Clip> clips;
    std::vector<std::pair<std::string, Bytes>> live_parts;  ///< by view
    std::map<std::string, int> times_seen;                  ///< by row id
    std::map<std::uint64_t, std::string> audit_hashes;      ///< by the entry's number
    std::uint64_t doubles = 0;                              ///< rows that came again
    bool keep_said = true;
    std::optional<crypto::AgreementKey> key;  ///< of the receive certificate
    std::string owner = "hub-1";
    bool away = false;      ///< the broker takes messages and nobody reads them
    int lose_receipts = 0;  ///< this many row receipts are lost
    int lose_clip_receipts = 0;
    int lose_chunks = 0;
    int spoil_hashes = 0;
    int chunks_of_wrong_size = 0;
    inline static const std::string kPrefix = "camgate/v1/cg-1/";

  private:
    void onMessage(const uplink::HubMessage& message) {
        if (away || !message.topic.starts_with(kPrefix)) return;
        const std::string suffix = message.topic.substr(kPrefix.size());
        if (suffix.find("/chunk/") != std::string::npos) return onChunk(suffix, message.payload);
        if (suffix.starts_with("live/")) return live_parts.push_back({suffix.substr(5), message.payload});
        Json document = Json::parse(message.payload, nullptr, false);
        if (!document.is_object()) throw std::runtime_error("no JSON object on " + suffix);
        if (suffix == "audit") openAudit(document);
        if (keep_said) said.emplace_back(suffix, document);
        if (!document.contains("id")) return;
        const std::string id = document["id"];
        if (++times_seen[id] > 1) {
            ++doubles;
        } else {
            rows.emplace_back(suffix, document);
            if (suffix.ends_with("/manifest")) onManifest(document);
        }
        if (lose_receipts > 0) {
            --lose_receipts;
            return;
        }
        loop_.post([this, id] { say("receipt", Json{{"v", 1}, {"ids", {id}}}.dump()); });
    }
    /// The entry's fields beside the message's; a chain that does not hold is thrown out.
    void openAudit(Json& document) {
        const std::string text = document["entry"];
        const auto entry = evidence::parseAuditEntry(text).value();
        if (toHex(evidence::auditHash(text)) != document["hash"])
            throw std::runtime_error("an audit entry's hash");
        document.update(Json::parse(text));
        if (audit_hashes.contains(entry.number)) return;
        const auto before = audit_hashes.find(entry.number - 1);
        const std::string previous = entry.previous ? toHex(*entry.previous) : std::string();
        if (before != audit_hashes.end() && before->second != previous)
            throw std::runtime_error("an audit entry that does not follow");
        audit_hashes[entry.number] = document["hash"];
    }
    void onManifest(const Json& document) {
        const std::string id = document["clip"];
        Clip& clip = clips[id];
        if (document["phase"] == "failed") {
            clip.failed = document;
            return;
        }
        if (document["phase"] == "plan") {
            clip.plan = document;
            if (!takePart(id, document)) return;
            if (clip.bytes.empty()) {
                clip.bytes.resize(document["bytes"].get<std::size_t>());
                clip.have.assign(clip.bytes.size(), false);
            }
        } else {
            clip.complete = document;
        }
        loop_.post([this, id] { sendClipReceipt(id); });
    }
    /// False: more parts are asked for.
    bool takePart(const std::string& id, const Json& document) {
        Clip& clip = clips[id];
        const auto part = document["part"].get<std::size_t>();
        const auto parts = document["parts"].get<std::size_t>();
        if (part == 0) {
            clip.manifest.clear();
            clip.manifest_parts = 0;
        }
        if (part != clip.manifest_parts) throw std::runtime_error("a part that nobody asked for");
        clip.manifest += std::string(asText(fromBase64(document["manifest"].get<std::string>()).value()));
        clip.manifest_parts = part + 1;
        if (clip.manifest_parts == parts) {
            clip.manifest_parts = 0;
            return true;
        }
        const Json receipt{{"v", 1},
                           {"owner", owner},
                           {"missing", Json::array()},
                           {"complete", false},
                           {"verified", nullptr},
                           {"manifest_part", part + 1}};
        loop_.post([this, id, text = receipt.dump()] { say("clip/" + id + "/receipt", text); });
        return false;
    }
    void onChunk(const std::string& suffix, const Bytes& payload) {
        if (!suffix.ends_with("/chunk/" + owner)) return;
        if (lose_chunks > 0) {
            --lose_chunks;
            return;
        }
        ByteReader in{ByteView(payload)};
        const std::string id = suffix.substr(5, 64);
        Clip& clip = clips.at(id);
        const bool sealed = clip.plan.contains("sealed");
        if (asText(in.getBytes(4)) != "CGK1" || in.get<std::uint32_t>() != (sealed ? 1U : 0U))
            throw std::runtime_error("a chunk's header");
        const auto chunk_bytes = clip.plan["chunk_bytes"].get<std::uint64_t>();
        const auto index = in.get<std::uint32_t>();
        const auto offset = in.get<std::uint64_t>();
        const ByteView header = ByteView(payload).first(payload.size() - in.rest().size());
        const Bytes bytes =
            sealed ? opened(id, index, header, in.rest()) : Bytes(in.rest().begin(), in.rest().end());
        if (offset != index * chunk_bytes || bytes.size() > chunk_bytes) ++chunks_of_wrong_size;
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            clip.bytes.at(static_cast<std::size_t>(offset) + i) = bytes[i];
            clip.have.at(static_cast<std::size_t>(offset) + i) = true;
        }
        clip.chunk_bytes_received += bytes.size();
    }
    Bytes opened(const std::string& id, std::uint32_t index, ByteView header, ByteView sealed) {
        const Json& plan = clips.at(id).plan;
        const auto ephemeral =
            evidence::pointFromBase64(plan["sealed"]["ephemeral"].get<std::string>()).value();
        return evidence::clipOpener(key.value(), id, plan["chunk_bytes"].get<std::uint64_t>(), ephemeral)
            .value()
            .open(index, header, sealed)
            .value();
    }
    void check(Clip& clip, Json& receipt) {
        bool right = toHex(crypto::sha256(clip.bytes)) == clip.complete["sha256"].get<std::string>();
        if (spoil_hashes > 0) {
            --spoil_hashes;
            right = false;
        }
        clip.verified = right;
        receipt["verified"] = right;
        receipt["complete"] = right;
        if (!right) {
            clip.have.assign(clip.bytes.size(), false);
            clip.complete = nullptr;
        }
    }

    FakeLoop& loop_;
    FakeTransport& control_;
};

}  // namespace camgate::test
