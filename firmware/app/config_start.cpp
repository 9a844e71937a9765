#include "app/config_start.hpp"

#include <utility>

#include "base/bytes.hpp"
#include "base/log.hpp"
#include "base/wall_text.hpp"

namespace camgate::app {
namespace {

std::string markOf(std::string_view text) {
    const std::uint32_t crc = crc32c(asBytes(text));
    return std::to_string(text.size()) + "-" + std::to_string(crc);
}

class Start {
  public:
    explicit Start(const ConfigSources& sources) : sources_(sources) {}

    Result<StartingConfig> run() {
        openStores();
        const auto text = readTextFile(sources_.files, sources_.file);
        if (text && markOf(*text) != out_.history.file_mark && takeFile(*text)) return finished();
        if (useHistory()) {
            sayRefused();
            return finished();
        }
        if (!text) return std::unexpected(text.error());
        if (takeFile(*text)) return finished();
        return fail(ErrorKind::InvalidArgument,
                    sources_.file + " is refused:\n" + config::describe(file_faults_));
    }

  private:
    void openStores() {
        if (!sources_.files.exists(sources_.data_folder)) return;
        auto store = config::RevisionStore::open(sources_.files, sources_.data_folder);
        if (!store) {
            logEvent(LogLevel::Error, "config", "config-store-unusable", {{"why", store.error()}});
            return;
        }
        if (!store->damage().empty())
            logEvent(LogLevel::Error, "config", "config-store-damaged", {{"why", store->damage()}});
        out_.history = store->history();
        out_.store.emplace(std::move(*store));
        auto secrets = SecretStore(sources_.files, sources_.data_folder).load();
        if (secrets) {
            out_.secrets = std::move(*secrets);
        } else {
            logEvent(LogLevel::Error, "config", "secrets-unusable", {{"why", secrets.error()}});
        }
    }

    /// A revision without a trial: whoever can edit the file can also mend it.
    bool takeFile(const std::string& text) {
        config::Loaded loaded = config::loadConfiguration(text, sources_.board);
        if (!loaded.faults.empty()) {
            file_faults_ = std::move(loaded.faults);
            return false;
        }
        const std::string document = config::printSparse(loaded.configuration);
        config::History& history = out_.history;
        const std::uint64_t number = history.newest() + 1;
        const std::string at = formatWallTime(sources_.clock.wallNow().time);
        history.add({number, history.current, "file", "", at, document});
        history.current = number;
        history.trial = history.reverted = 0;
        history.file_mark = markOf(text);
        out_.configuration = config::loadConfiguration(document, sources_.board).configuration;
        for (auto& [name, value] : loaded.secrets) out_.secrets[name] = std::move(value);
        save(loaded.secrets.empty());
        return true;
    }

    void save(bool without_secrets) {
        if (!out_.store) return;
        Status done;
        if (!without_secrets) done = SecretStore(sources_.files, sources_.data_folder).save(out_.secrets);
        if (done) done = out_.store->save(out_.history);
        if (!done) logEvent(LogLevel::Error, "config", "config-not-kept", {{"why", done.error()}});
    }

    /// The revision in force, or, if this firmware or board refuses it, the newest that it takes.
    bool useHistory() {
        config::History& history = out_.history;
        if (const config::Revision* current = history.find(history.current); current && use(*current))
            return true;
        for (auto revision = history.revisions.rbegin(); revision != history.revisions.rend(); ++revision) {
            if (revision->number > history.current || !use(*revision)) continue;
            logEvent(LogLevel::Error, "config", "revision-refused",
                     {{"revision", history.current}, {"instead", revision->number}});
            history.current = revision->number;
            return true;
        }
        return false;
    }
    bool use(const config::Revision& revision) {
        config::Loaded loaded = config::loadConfiguration(revision.document, sources_.board);
        if (!loaded.faults.empty()) return false;
        out_.configuration = std::move(loaded.configuration);
        return true;
    }

    void sayRefused() const {
        for (const config::Fault& fault : file_faults_) {
            logEvent(LogLevel::Error, "config", "config-file-refused",
                     {{"at", fault.pointer}, {"fault", fault.text()}});
        }
    }

    StartingConfig finished() { return std::move(out_); }

    const ConfigSources& sources_;
    StartingConfig out_;
    std::vector<config::Fault> file_faults_;
};

}  // namespace

Result<StartingConfig> startingConfig(const ConfigSources& sources) {
    return Start(sources).run();
}

}  // namespace camgate::app
