#include "support/base/memory_file_system.hpp"

#include <cerrno>
#include <random>
#include <utility>

#include "support/base/sparse_bytes.hpp"

namespace camgate::test {

struct MemoryFileSystem::Node {
    SparseBytes bytes;
    std::uint64_t size = 0;
    SparseBytes settled_bytes;
    std::uint64_t settled_size = 0;
    int lockers = 0;
};

struct MemoryFileSystem::Step {
    enum class Kind { Write, Resize, Sync, Rename, Create, Remove, SyncDirectory };
    Kind kind = Kind::Sync;
    std::shared_ptr<Node> node;
    std::uint64_t offset = 0;  // or new size
    Bytes bytes;
    std::string path;
    std::string other_path;
};

class MemoryFileSystem::OpenFile final : public File {
  public:
    OpenFile(MemoryFileSystem& disk, std::shared_ptr<Node> node, bool writable)
        : disk_(disk), node_(std::move(node)), writable_(writable) {}
    ~OpenFile() override {
        if (locked_) --node_->lockers;
    }

    Status readAt(std::uint64_t offset, std::span<std::uint8_t> into) override {
        if (offset > node_->size || into.size() > node_->size - offset) {
            return fail(ErrorKind::Corruption,
                        "the file ends before byte " + std::to_string(offset + into.size()));
        }
        node_->bytes.read(offset, into);
        disk_.read_bytes_ += into.size();
        return {};
    }
    Status writeAt(std::uint64_t offset, std::span<const std::uint8_t> bytes) override {
        if (!writable_) return failErrno(EBADF, "writing");
        const std::uint64_t end = offset + bytes.size();
        const std::uint64_t more = end > node_->size ? end - node_->size : 0;
        if (disk_.usedBytes() + more > disk_.capacity_bytes_) return failErrno(ENOSPC, "writing");
        node_->bytes.write(offset, bytes);
        node_->size += more;
        disk_.record({Step::Kind::Write, node_, offset, Bytes(bytes.begin(), bytes.end()), {}, {}});
        return {};
    }
    Status sync() override {
        disk_.record({Step::Kind::Sync, node_, 0, {}, {}, {}});
        return {};
    }
    Result<std::uint64_t> size() override { return node_->size; }
    Status resize(std::uint64_t size_bytes) override {
        if (!writable_) return failErrno(EBADF, "resizing");
        const std::uint64_t more = size_bytes > node_->size ? size_bytes - node_->size : 0;
        if (disk_.usedBytes() + more > disk_.capacity_bytes_) return failErrno(ENOSPC, "reserving");
        node_->bytes.cut(size_bytes);
        node_->size = size_bytes;
        disk_.record({Step::Kind::Resize, node_, size_bytes, {}, {}, {}});
        return {};
    }
    Status lock() override {
        if (locked_) return {};
        if (node_->lockers > 0) return fail(ErrorKind::FailedPrecondition, "in use by another process");
        ++node_->lockers;
        locked_ = true;
        return {};
    }

  private:
    MemoryFileSystem& disk_;
    std::shared_ptr<Node> node_;
    bool writable_;
    bool locked_ = false;
};

MemoryFileSystem::MemoryFileSystem(std::uint64_t capacity_bytes) : capacity_bytes_(capacity_bytes) {}
MemoryFileSystem::~MemoryFileSystem() = default;

Result<std::unique_ptr<File>> MemoryFileSystem::open(const std::string& path, OpenMode mode) {
    const auto it = names_.find(path);
    const bool creates = mode == OpenMode::CreateNew || mode == OpenMode::CreateOrOpen;
    if (it == names_.end() && !creates) return failErrno(ENOENT, "opening " + path);
    if (it != names_.end() && mode == OpenMode::CreateNew) return failErrno(EEXIST, "opening " + path);
    std::shared_ptr<Node> node = it != names_.end() ? it->second : std::make_shared<Node>();
    if (it == names_.end()) {
        names_[path] = node;
        record({Step::Kind::Create, node, 0, {}, path, {}});
    }
    return std::make_unique<OpenFile>(*this, std::move(node), mode != OpenMode::ReadOnly);
}

bool MemoryFileSystem::exists(const std::string& path) {
    return names_.contains(path) || directories_.contains(path);
}

Status MemoryFileSystem::makeDirectory(const std::string& path) {
    directories_[path] = true;
    return {};
}

Status MemoryFileSystem::rename(const std::string& from, const std::string& to) {
    const auto it = names_.find(from);
    if (it == names_.end()) return failErrno(ENOENT, "renaming " + from);
    auto node = it->second;
    names_.erase(it);
    names_[to] = node;
    record({Step::Kind::Rename, node, 0, {}, from, to});
    return {};
}

Status MemoryFileSystem::remove(const std::string& path) {
    if (names_.erase(path) == 0) return failErrno(ENOENT, "removing " + path);
    record({Step::Kind::Remove, nullptr, 0, {}, path, {}});
    return {};
}

Status MemoryFileSystem::syncDirectory(const std::string& path) {
    record({Step::Kind::SyncDirectory, nullptr, 0, {}, path, {}});
    return {};
}

Result<std::vector<std::string>> MemoryFileSystem::list(const std::string& path) {
    std::vector<std::string> found;
    for (const auto& [name, node] : names_) {
        if (directoryOf(name) == path) found.push_back(name.substr(name.rfind('/') + 1));
    }
    return found;
}

Result<std::string> MemoryFileSystem::mediumOf(const std::string& path) {
    return path.substr(0, path.find('/', 1));
}

Result<std::uint64_t> MemoryFileSystem::freeBytes(const std::string&) {
    return capacity_bytes_ - usedBytes();
}

std::uint64_t MemoryFileSystem::usedBytes() const {
    std::uint64_t used = 0;
    for (const auto& [name, node] : names_) used += node->size;
    return used;
}

void MemoryFileSystem::record(Step step) {
    journal_.push_back(std::move(step));
}

std::size_t MemoryFileSystem::steps() const {
    return forgotten_steps_ + journal_.size();
}

void MemoryFileSystem::settle() {
    journal_.clear();
    forgotten_steps_ = 0;
    settled_names_ = names_;
    for (auto& [name, node] : names_) {
        node->settled_bytes = node->bytes;
        node->settled_size = node->size;
    }
}

namespace {

/// What becomes of the sectors of a write that was never synced.
class Loss {
  public:
    explicit Loss(std::uint64_t seed) : random_(seed), rule_(random_() % 4) {}

    void apply(std::uint64_t offset, const Bytes& bytes, SparseBytes& into) {
        std::size_t at = 0;
        while (at < bytes.size()) {
            const auto in_sector = static_cast<std::size_t>((offset + at) % kSector_bytes);
            const std::size_t length = std::min(bytes.size() - at, kSector_bytes - in_sector);
            const auto fate = random_() % 8;
            Bytes sector(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                         bytes.begin() + static_cast<std::ptrdiff_t>(at + length));
            // Half of the cuts lose little, half lose much.
            const bool written = rule_ < 2 ? fate > 0 : fate > 4;
            if (!written && fate % 2 == 1) {
                for (auto& byte : sector) byte = static_cast<std::uint8_t>(random_());
            }
            if (written || fate % 2 == 1) into.write(offset + at, sector);
            at += length;
        }
    }
    bool happens() { return random_() % 2 == 0; }

  private:
    std::mt19937_64 random_;
    std::uint64_t rule_;
};

}  // namespace

bool MemoryFileSystem::settleUpTo(std::size_t steps) {
    steps -= forgotten_steps_;
    std::map<const Node*, std::size_t> synced_until;
    for (std::size_t i = 0; i < steps; ++i) {
        if (journal_[i].kind == Step::Kind::Sync) synced_until[journal_[i].node.get()] = i;
    }
    for (std::size_t i = 0; i < steps; ++i) {
        const Step& step = journal_[i];
        const bool data = step.kind == Step::Kind::Write || step.kind == Step::Kind::Resize;
        if (!data && step.kind != Step::Kind::Sync) return false;
        if (data && (!synced_until.contains(step.node.get()) || synced_until[step.node.get()] < i))
            return false;
    }
    for (std::size_t i = 0; i < steps; ++i) {
        const Step& step = journal_[i];
        if (step.kind == Step::Kind::Write) {
            step.node->settled_bytes.write(step.offset, step.bytes);
            step.node->settled_size = std::max(step.node->settled_size, step.offset + step.bytes.size());
        } else if (step.kind == Step::Kind::Resize) {
            step.node->settled_bytes.cut(step.offset);
            step.node->settled_size = step.offset;
        }
    }
    journal_.erase(journal_.begin(), journal_.begin() + static_cast<std::ptrdiff_t>(steps));
    forgotten_steps_ += steps;
    return true;
}

std::unique_ptr<MemoryFileSystem> MemoryFileSystem::powerCut(std::size_t steps, std::uint64_t seed) const {
    steps -= forgotten_steps_;
    Loss loss(seed);
    auto after = std::make_unique<MemoryFileSystem>(capacity_bytes_);
    after->directories_ = directories_;
    std::map<const Node*, std::shared_ptr<Node>> twins;
    const auto twin = [&twins](const std::shared_ptr<Node>& node) {
        auto& made = twins[node.get()];
        if (!made) {
            made = std::make_shared<Node>();
            made->bytes = node->settled_bytes;
            made->size = node->settled_size;
        }
        return made;
    };
    for (const auto& [name, node] : settled_names_) after->names_[name] = twin(node);

    std::map<const Node*, std::size_t> synced_until;
    std::map<std::string, std::size_t> directory_synced_until;
    for (std::size_t i = 0; i < steps; ++i) {
        if (journal_[i].kind == Step::Kind::Sync) synced_until[journal_[i].node.get()] = i;
        if (journal_[i].kind == Step::Kind::SyncDirectory) directory_synced_until[journal_[i].path] = i;
    }
    const auto nameIsSafe = [&](std::size_t step) {
        const auto it = directory_synced_until.find(directoryOf(journal_[step].path));
        return it != directory_synced_until.end() && step < it->second;
    };
    for (std::size_t i = 0; i < steps; ++i) {
        const Step& step = journal_[i];
        const auto synced = step.node ? synced_until.find(step.node.get()) : synced_until.end();
        const bool safe = synced != synced_until.end() && i < synced->second;
        switch (step.kind) {
            case Step::Kind::Write: {
                auto node = twin(step.node);
                if (safe) {
                    node->bytes.write(step.offset, step.bytes);
                } else {
                    loss.apply(step.offset, step.bytes, node->bytes);
                }
                node->size = std::max(node->size, step.offset + step.bytes.size());
                break;
            }
            case Step::Kind::Resize:
                if (!safe && loss.happens()) break;
                twin(step.node)->bytes.cut(step.offset);
                twin(step.node)->size = step.offset;
                break;
            case Step::Kind::Create:
                if (nameIsSafe(i) || safe || loss.happens()) after->names_[step.path] = twin(step.node);
                break;
            case Step::Kind::Rename:
                if (!nameIsSafe(i) && loss.happens()) break;
                after->names_.erase(step.path);
                after->names_[step.other_path] = twin(step.node);
                break;
            case Step::Kind::Remove:
                if (nameIsSafe(i) || loss.happens()) after->names_.erase(step.path);
                break;
            case Step::Kind::Sync:
            case Step::Kind::SyncDirectory:
                break;
        }
    }
    for (auto& [name, node] : after->names_) {
        node->settled_bytes = node->bytes;
        node->settled_size = node->size;
    }
    after->settled_names_ = after->names_;
    return after;
}

Bytes MemoryFileSystem::contentOf(const std::string& path) const {
    const auto& node = names_.at(path);
    Bytes bytes(static_cast<std::size_t>(node->size));
    node->bytes.read(0, bytes);
    return bytes;
}

void MemoryFileSystem::overwrite(const std::string& path, std::uint64_t offset,
                                 std::span<const std::uint8_t> bytes) {
    names_.at(path)->bytes.write(offset, bytes);
}

}  // namespace camgate::test
