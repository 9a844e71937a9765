// SQLite on a MemoryFileSystem, so that its databases go through power cuts. While it lives it is SQLite's
// default and behaves as SQLite's own on Linux does: a directory is synced after a deletion and with the
// first sync of a new journal or log; a write damages nothing beside itself. One thread, one MemoryVfs at a
// time.
#pragma once

#include <sqlite3.h>

#include "support/base/memory_file_system.hpp"

namespace camgate::test {

class MemoryVfs {
  public:
    explicit MemoryVfs(MemoryFileSystem& disk);
    ~MemoryVfs();
    MemoryVfs(const MemoryVfs&) = delete;
    MemoryVfs& operator=(const MemoryVfs&) = delete;

    /// What is opened from now on lies there.
    void use(MemoryFileSystem& disk) { disk_ = &disk; }
    MemoryFileSystem& disk() { return *disk_; }

  private:
    MemoryFileSystem* disk_;
    sqlite3_vfs* before_;
    sqlite3_vfs vfs_{};
};

}  // namespace camgate::test
