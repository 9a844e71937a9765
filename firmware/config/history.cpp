#include "config/history.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace camgate::config {
namespace {

using nlohmann::json;

json print(const Revision& revision) {
    return {{"number", revision.number}, {"base", revision.base}, {"source", revision.source},
            {"who", revision.who},       {"at", revision.at},     {"document", revision.document}};
}

Revision readRevision(const json& value) {
    Revision revision;
    value.at("number").get_to(revision.number);
    value.at("base").get_to(revision.base);
    value.at("source").get_to(revision.source);
    value.at("who").get_to(revision.who);
    value.at("at").get_to(revision.at);
    value.at("document").get_to(revision.document);
    return revision;
}

History readHistory(const json& value) {
    History history;
    for (const json& revision : value.at("revisions")) history.revisions.push_back(readRevision(revision));
    value.at("current").get_to(history.current);
    value.at("trial").get_to(history.trial);
    value.at("reverted").get_to(history.reverted);
    value.at("reverted_why").get_to(history.reverted_why);
    value.at("file_mark").get_to(history.file_mark);
    return history;
}

bool holds(const History& history) {
    const auto kept = [&history](std::uint64_t number) { return history.find(number) != nullptr; };
    return (history.current == 0 || kept(history.current)) && (history.trial == 0 || kept(history.trial));
}

}  // namespace

const Revision* History::find(std::uint64_t number) const {
    const auto found = std::ranges::find(revisions, number, &Revision::number);
    return found == revisions.end() ? nullptr : &*found;
}

std::uint64_t History::newest() const {
    return revisions.empty() ? 0 : std::ranges::max(revisions, {}, &Revision::number).number;
}

void History::add(Revision revision) {
    const std::uint64_t added = revision.number;
    revisions.push_back(std::move(revision));
    while (revisions.size() > kKeptRevisions) {
        const auto oldest = std::ranges::find_if(revisions, [&](const Revision& each) {
            return each.number != current && each.number != trial && each.number != added;
        });
        revisions.erase(oldest);
    }
}

std::string historyJson(const History& history) {
    json revisions = json::array();
    for (const Revision& revision : history.revisions) revisions.push_back(print(revision));
    const json value = {{"revisions", revisions},
                        {"current", history.current},
                        {"trial", history.trial},
                        {"reverted", history.reverted},
                        {"reverted_why", history.reverted_why},
                        {"file_mark", history.file_mark}};
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<History> parseHistory(std::string_view json_text) {
    try {
        History history = readHistory(json::parse(json_text));
        if (holds(history)) return history;
        return fail(ErrorKind::Corruption, "a revision that counts is not there");
    } catch (const json::exception& error) {
        return fail(ErrorKind::Corruption, std::string("not a history of revisions: ") + error.what());
    }
}

}  // namespace camgate::config
