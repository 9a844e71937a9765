#include "camera/onvif/http_client.hpp"

#include <curl/curl.h>

#include <memory>

#include "camera/onvif/xml.hpp"

namespace camgate::onvif {
namespace {

constexpr long kConnect_ms = 3000;
constexpr long kWhole_ms = 8000;

std::size_t keep(const char* data, std::size_t size, std::size_t count, void* into) {
    auto& answer = *static_cast<std::string*>(into);
    const std::size_t bytes = size * count;
    if (answer.size() + bytes > kMostXml_bytes) return 0;  // ends the transfer
    answer.append(data, bytes);
    return bytes;
}

Error errorOf(CURLcode code, const char* words) {
    const std::string what = *words == 0 ? curl_easy_strerror(code) : words;
    if (code == CURLE_WRITE_ERROR) return {ErrorKind::Corruption, 0, "the camera's answer is too long"};
    const auto kind = code == CURLE_OPERATION_TIMEDOUT ? ErrorKind::Timeout : ErrorKind::Unavailable;
    return {kind, 0, "asking the camera: " + what};
}

struct Answer {
    long status = 0;
    std::string body;
};

/// Nothing in `login`: without authentication.
struct HttpLogin {
    const std::string& user;
    const std::string& password;
};

Result<Answer> postOnce(const std::string& url, const std::string& body, const HttpLogin* login) {
    const std::unique_ptr<CURL, void (*)(CURL*)> handle(curl_easy_init(), curl_easy_cleanup);
    const std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers(
        curl_slist_append(nullptr, "Content-Type: application/soap+xml; charset=utf-8"), curl_slist_free_all);
    if (!handle || !headers) return fail(ErrorKind::Internal, "libcurl could not start");
    Answer answer;
    char words[CURL_ERROR_SIZE] = "";
    CURL* curl = handle.get();
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, kConnect_ms);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, kWhole_ms);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.c_str());
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, words);
    if (login != nullptr) {
        // Never Basic: whoever listens would have the password.
        curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_DIGEST);
        curl_easy_setopt(curl, CURLOPT_USERNAME, login->user.c_str());
        curl_easy_setopt(curl, CURLOPT_PASSWORD, login->password.c_str());
    }
    if (const CURLcode code = curl_easy_perform(curl); code != CURLE_OK)
        return std::unexpected(errorOf(code, words));
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
    return answer;
}

}  // namespace

Result<std::string> CurlHttp::post(const std::string& url, const std::string& body) {
    auto answer = postOnce(url, body, nullptr);
    // Only where it is wanted: libcurl sends a first request without a body to be told how to log in, and a
    // camera that looks at the body alone would refuse that.
    if (answer && answer->status == 401 && !user_.empty()) {
        const HttpLogin login{user_, password_};
        answer = postOnce(url, body, &login);
    }
    if (!answer) return std::unexpected(answer.error());
    if (answer->status == 401 || answer->status == 403)
        return fail(ErrorKind::PermissionDenied, "the camera does not accept user and password");
    if (answer->status != 200 && answer->status != 400 && answer->status != 500)
        return fail(ErrorKind::Unavailable, "the camera answers HTTP " + std::to_string(answer->status));
    return std::move(answer->body);
}

}  // namespace camgate::onvif
