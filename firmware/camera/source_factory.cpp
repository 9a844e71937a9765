#include "camera/source_factory.hpp"

#include "camera/file_source.hpp"
#include "camera/rtsp_source.hpp"
#include "camera/test_source.hpp"
#include "camera/v4l2_source.hpp"

namespace camgate::camera {
namespace {

struct Maker {
    const SourceOptions& options;

    std::unique_ptr<Source> operator()(const RtspUrl& url) const {
        RtspAccess access{options.user, options.password, options.transport};
        if (access.user.empty()) {
            access.user = url.user;
            access.password = url.password;
        }
        return std::make_unique<RtspSource>(url, access);
    }
    std::unique_ptr<Source> operator()(const V4l2Url& url) const {
        return std::make_unique<V4l2Source>(url, makeElement("v4l2src"));
    }
    std::unique_ptr<Source> operator()(const FileUrl& url) const { return std::make_unique<FileSource>(url); }
    std::unique_ptr<Source> operator()(const TestUrl& url) const { return std::make_unique<TestSource>(url); }
};

}  // namespace

std::unique_ptr<Source> makeSource(const CameraUrl& url, const SourceOptions& options) {
    return std::visit(Maker{options}, url);
}

}  // namespace camgate::camera
