// usage: camgate-reference SOURCE_TREE
// Writes what the reference pages take from the tables in the code: schemas, the tables of config.md and
// cli.md. The unit test "reference: ..." fails where a page was not written anew. Exit status: 0 written, 1 a
// page is not there or has no place for its tables.
#include <iostream>

#include "base/file_system.hpp"
#include "config/board.hpp"
#include "config/configuration.hpp"
#include "config/reference.hpp"
#include "console/advice.hpp"
#include "console/help_text.hpp"
#include "control/command_table.hpp"

namespace {

using namespace camgate;

/// They go from their first heading to the page's end.
Status writeTables(FileSystem& files, const std::string& page, const std::string& tables) {
    auto text = readTextFile(files, page);
    if (!text) return std::unexpected(text.error());
    const std::string heading = tables.substr(0, tables.find('\n') + 1);
    const auto place = text->rfind("\n" + heading);
    if (place == std::string::npos) return fail(ErrorKind::NotFound, page + " has no heading " + heading);
    return replaceFile(files, page, text->substr(0, place + 1) + tables);
}

Status writeAll(FileSystem& files, const std::string& root) {
    const std::string reference = root + "/firmware/docs/ref/";
    const auto& table = config::configurationTable();
    if (auto done = replaceFile(files, root + "/boards/schema/board.schema.json",
                                config::jsonSchema(config::boardTable()));
        !done)
        return done;
    if (auto done = replaceFile(files, reference + "config.schema.json", config::jsonSchema(table)); !done)
        return done;
    if (auto done = writeTables(files, reference + "config.md", config::markdownTables(table)); !done)
        return done;
    if (auto done = writeTables(files, reference + "boards.md", config::markdownTables(config::boardTable()));
        !done)
        return done;
    return writeTables(
        files, reference + "cli.md",
        control::markdownMethods() + "\n" + console::markdownAdvice() + "\n" + console::markdownVerbs());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: camgate-reference SOURCE_TREE\n";
        return 1;
    }
    RealFileSystem files;
    if (const auto done = writeAll(files, argv[1]); !done) {
        std::cerr << "camgate-reference: " << done.error().describe() << "\n";
        return 1;
    }
    return 0;
}
