#include "bench/ring/ring_start/counting_files.hpp"

#include <filesystem>

namespace camgate::bench {

class CountingFiles::CountingFile final : public File {
  public:
    CountingFile(CountingFiles& files, std::unique_ptr<File> file, std::string path)
        : files_(files), file_(std::move(file)), path_(std::move(path)) {}

    Status readAt(std::uint64_t offset, std::span<std::uint8_t> into) override {
        files_.read_bytes_ += into.size();
        ++files_.reads_;
        return file_->readAt(offset, into);
    }
    Status writeAt(std::uint64_t offset, std::span<const std::uint8_t> bytes) override {
        return file_->writeAt(offset, bytes);
    }
    Status sync() override { return file_->sync(); }
    Result<std::uint64_t> size() override { return file_->size(); }
    Status resize(std::uint64_t size_bytes) override {
        std::error_code error;
        std::filesystem::resize_file(path_, size_bytes, error);
        if (error) return fail(ErrorKind::NoSpace, path_ + ": " + error.message());
        return {};
    }
    Status lock() override { return file_->lock(); }
    void expectScatteredReads() override { file_->expectScatteredReads(); }

  private:
    CountingFiles& files_;
    std::unique_ptr<File> file_;
    std::string path_;
};

Result<std::unique_ptr<File>> CountingFiles::open(const std::string& path, OpenMode mode) {
    auto file = disk_.open(path, mode);
    if (!file) return file;
    return std::make_unique<CountingFile>(*this, std::move(*file), path);
}

}  // namespace camgate::bench
