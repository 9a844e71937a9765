#include "app/config_console.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/json_text.hpp"
#include "config/edit.hpp"
#include "config/path.hpp"
#include "config/report.hpp"

namespace camgate::app {
namespace {

using nlohmann::json;

constexpr std::uint64_t kMostConfirm_min = 24 * 60;

json differencesJson(const std::string& from, const std::string& to) {
    json out = json::array();
    for (const auto& difference : config::differences(from, to)) {
        json one = {{"path", difference.path}};
        if (difference.from) one["from"] = json::parse(*difference.from, nullptr, false);
        if (difference.to) one["to"] = json::parse(*difference.to, nullptr, false);
        out.push_back(std::move(one));
    }
    return out;
}

}  // namespace

struct ConfigConsole::Row {
    std::string_view command;
    Result<std::string> (ConfigConsole::*run)(const std::string& parameters);
};

void ConfigConsole::call(const std::string& who, std::string_view command, const std::string& parameters,
                         const Answer& answer) {
    static constexpr std::array kRows{
        Row{"config.show", &ConfigConsole::show},       Row{"config.revisions", &ConfigConsole::revisions},
        Row{"config.report", &ConfigConsole::report},   Row{"config.complete", &ConfigConsole::complete},
        Row{"config.set", &ConfigConsole::set},         Row{"config.unset", &ConfigConsole::unset},
        Row{"config.load", &ConfigConsole::load},       Row{"config.rollback", &ConfigConsole::rollback},
        Row{"config.diff", &ConfigConsole::diff},       Row{"config.check", &ConfigConsole::check},
        Row{"config.discard", &ConfigConsole::discard}, Row{"config.confirm", &ConfigConsole::confirm},
    };
    if (command == "config.abandon") return answer(abandon(who));
    if (command == "config.commit") return commit(who, parameters, answer);
    if (command == "secret.set") return secret(who, parameters, answer);
    for (const Row& row : kRows) {
        if (row.command == command) return answer((this->*row.run)(parameters));
    }
    answer(fail(ErrorKind::Internal, "nobody answers " + std::string(command)));
}

ConfigConsole::Candidate ConfigConsole::candidate() const {
    if (candidate_) return *candidate_;
    return {desk_.keeper().history().current, config::printSparse(desk_.keeper().configuration())};
}

Result<std::string> ConfigConsole::edited(Candidate next) {
    candidate_ = std::move(next);
    return check("{}");
}

Result<std::string> ConfigConsole::show(const std::string& parameters) {
    const json asked = json::parse(parameters);
    if (asked.contains("revision")) {
        const auto number = asked["revision"].get<std::uint64_t>();
        const config::Revision* revision = desk_.keeper().history().find(number);
        if (revision == nullptr)
            return fail(ErrorKind::NotFound, "revision " + std::to_string(number) + " is not kept");
        return jsonText(
            {{"revision", number}, {"document", json::parse(revision->document, nullptr, false)}});
    }
    const auto& configuration = desk_.keeper().configuration();
    const std::string document = asked.value("defaults", false) ? config::printConfiguration(configuration)
                                                                : config::printSparse(configuration);
    return jsonText({{"revision", desk_.keeper().history().current}, {"document", json::parse(document)}});
}

Result<std::string> ConfigConsole::revisions(const std::string&) {
    return config::revisionsJson(desk_.keeper().history());
}

Result<std::string> ConfigConsole::report(const std::string&) {
    return desk_.reportedJson();
}

Result<std::string> ConfigConsole::complete(const std::string& parameters) {
    const std::string begun = json::parse(parameters)["begun"];
    const json document = json::parse(candidate().document, nullptr, false);
    return jsonText({{"words", config::completions(document, config::configurationTable(), begun)}});
}

Result<std::string> ConfigConsole::set(const std::string& parameters) {
    const json asked = json::parse(parameters);
    Candidate next = candidate();
    auto document =
        config::setAt(next.document, asked["path"].get<std::string>(), asked["value"].get<std::string>());
    if (!document) return std::unexpected(document.error());
    next.document = std::move(*document);
    return edited(std::move(next));
}

Result<std::string> ConfigConsole::unset(const std::string& parameters) {
    Candidate next = candidate();
    auto document = config::unsetAt(next.document, json::parse(parameters)["path"].get<std::string>());
    if (!document) return std::unexpected(document.error());
    next.document = std::move(*document);
    return edited(std::move(next));
}

Result<std::string> ConfigConsole::load(const std::string& parameters) {
    return edited({desk_.keeper().history().current, json::parse(parameters)["document"]});
}

Result<std::string> ConfigConsole::rollback(const std::string& parameters) {
    const auto number = json::parse(parameters)["revision"].get<std::uint64_t>();
    const config::Revision* revision = desk_.keeper().history().find(number);
    if (revision == nullptr)
        return fail(ErrorKind::NotFound, "revision " + std::to_string(number) + " is not kept");
    return edited({desk_.keeper().history().current, revision->document});
}

Result<std::string> ConfigConsole::diff(const std::string& parameters) {
    const json asked = json::parse(parameters);
    std::string from = config::printSparse(desk_.keeper().configuration());
    if (asked.contains("revision")) {
        const config::Revision* revision =
            desk_.keeper().history().find(asked["revision"].get<std::uint64_t>());
        if (revision == nullptr) return fail(ErrorKind::NotFound, "that revision is not kept");
        from = revision->document;
    }
    return jsonText({{"differences", differencesJson(from, candidate().document)}});
}

Result<std::string> ConfigConsole::check(const std::string&) {
    const Candidate now = candidate();
    const auto loaded = config::loadConfiguration(now.document, board_);
    return jsonText({{"base_revision", now.base},
                     {"edited", candidate_.has_value()},
                     {"errors", config::faultsJson(loaded.faults)}});
}

Result<std::string> ConfigConsole::discard(const std::string&) {
    candidate_.reset();
    return "{}";
}

Result<std::string> ConfigConsole::confirm(const std::string&) {
    if (desk_.keeper().confirm()) return "{}";
    return fail(ErrorKind::FailedPrecondition, "nothing waits for a confirmation");
}

Result<std::string> ConfigConsole::abandon(const std::string& who) {
    if (desk_.keeper().abandon(who)) return "{}";
    return fail(ErrorKind::FailedPrecondition, "no revision is on trial");
}

void ConfigConsole::secret(const std::string& who, const std::string& parameters, const Answer& answer) {
    const json asked = json::parse(parameters);
    const auto planned = config::loadConfiguration(candidate().document, board_);
    desk_.setSecret(
        asked["name"], asked["value"], who,
        [answer](const Status& kept) {
            if (!kept) return answer(std::unexpected(kept.error()));
            answer("{}");
        },
        planned.faults.empty() ? &planned.configuration : nullptr);
}

void ConfigConsole::commit(const std::string& who, const std::string& parameters, const Answer& answer) {
    if (!candidate_) return answer(fail(ErrorKind::FailedPrecondition, "nothing was edited"));
    config::Proposal proposal{candidate_->document, candidate_->base, 0, "console", who, {}};
    const json asked = json::parse(parameters);
    if (asked.contains("confirm_minutes")) {
        const auto minutes = asked["confirm_minutes"].get<std::uint64_t>();
        if (minutes == 0 || minutes > kMostConfirm_min)
            return answer(fail(ErrorKind::InvalidArgument, "confirm_minutes: expected 1 to 1440"));
        proposal.confirm_within = std::chrono::minutes(minutes);
    }
    desk_.keeper().propose(std::move(proposal), [this, answer](const config::Outcome& outcome) {
        if (outcome.fate != config::Fate::Rejected) candidate_.reset();
        answer(jsonText(config::outcomeJson(outcome)));
    });
}

}  // namespace camgate::app
