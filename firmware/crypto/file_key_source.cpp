#include "crypto/file_key_source.hpp"

#include "base/bytes.hpp"
#include "crypto/random.hpp"
#include "crypto/wipe.hpp"

namespace camgate::crypto {

Result<SourceSecret> FileKeySource::secret() {
    if (!files_.exists(path_)) return fail(ErrorKind::NotFound, "no key file " + path_);
    auto file = files_.open(path_, OpenMode::ReadOnly);
    if (!file) return passOn(file.error(), "the key file");
    SourceSecret secret{};
    const auto size = (*file)->size();
    if (!size) return passOn(size.error(), "the key file");
    if (*size != secret.size()) {
        return fail(ErrorKind::Corruption, "the key file " + path_ + " has " + std::to_string(*size) +
                                               " bytes, 32 are expected; bring its backup back");
    }
    if (auto read = (*file)->readAt(0, secret); !read) return passOn(read.error(), "the key file");
    return secret;
}

Status FileKeySource::create() {
    if (files_.exists(path_)) return fail(ErrorKind::FailedPrecondition, "there is a key file " + path_);
    SourceSecret secret{};
    if (auto filled = fillRandom(secret); !filled) return filled;
    const auto done = replaceFile(files_, path_, asText(secret));
    wipe(secret);
    if (!done) return passOn(done.error(), "making the key file");
    return {};
}

}  // namespace camgate::crypto
