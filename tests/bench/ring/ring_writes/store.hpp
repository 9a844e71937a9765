// Ways to put rounds of footage on a disk so that nothing older than 2 s is lost.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "base/clock.hpp"
#include "ring/record.hpp"

namespace camgate::bench {

class Store {
  public:
    virtual ~Store() = default;
    virtual void add(std::span<const ring::RecordDraft> round) = 0;
    /// Whether it has been through its room once and goes on as it will for years.
    virtual bool settled() const { return true; }
    /// Asked for so far.
    virtual std::uint64_t syncs() const = 0;
};

/// The product's ring, sealed.
std::unique_ptr<Store> makeRingStore(const std::string& folder, std::uint64_t size_bytes, const Clock& clock);
/// A file of 10 s per stream, written and synced with each round, as careful recorders do.
std::unique_ptr<Store> makeAppendStore(const std::string& folder);
/// The same, and a row per piece in SQLite (WAL, FULL), as recorders with a database do.
std::unique_ptr<Store> makeSqliteStore(const std::string& folder);
/// Nothing: what forming the rounds costs.
std::unique_ptr<Store> makeNoStore();

}  // namespace camgate::bench
