#include "core/twin/clienthead.h"

#include "core/support/headername.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace tokenlab::twin {
namespace {

bool isToken(QByteArrayView text)
{
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), isTokenByte);
}

bool isHost(QByteArrayView text)
{
    constexpr std::string_view signs = "!$%&'()*+,-.:;=[]_~";
    return std::all_of(text.begin(), text.end(), [signs](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || signs.find(c) != std::string_view::npos;
    });
}

bool isHeaderValue(QByteArrayView value)
{
    return std::none_of(value.begin(), value.end(),
                        [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; });
}

RouteAnswer answer(int status, const QByteArray &body)
{
    RouteAnswer out;
    out.status = status;
    out.contentType = QByteArrayLiteral("text/plain; charset=utf-8");
    out.body = body;
    return out;
}

RouteAnswer badRequest(const char *what = nullptr)
{
    return answer(400, what ? QByteArray("400 Bad Request: ") + what : QByteArrayLiteral("400 Bad Request"));
}

// strconv.ParseUint with 63 bits.
bool isLength(QByteArrayView text)
{
    bool ok = false;
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }) &&
           text.toLongLong(&ok) >= 0 && ok;
}

QByteArray trimmedBlanks(QByteArrayView text)
{
    return text.trimmed().toByteArray();
}

// The body's frame; an answer where it cannot be told.
std::optional<RouteAnswer> refusedFrame(const http::HeaderList &headers)
{
    const std::vector<QByteArray> encodings = headers.all("Transfer-Encoding");
    if (!encodings.empty()) {
        if (encodings.size() == 1 && encodings.front().compare("chunked", Qt::CaseInsensitive) == 0)
            return std::nullopt; // the length counts for nothing
        return answer(501, QByteArrayLiteral("Unsupported transfer encoding"));
    }
    const std::vector<QByteArray> lengths = headers.all("Content-Length");
    const bool differ = std::any_of(lengths.begin(), lengths.end(),
                                    [&](const QByteArray &length) { return trimmedBlanks(length) != trimmedBlanks(lengths.front()); });
    if (differ || (!lengths.empty() && !isLength(trimmedBlanks(lengths.front()))))
        return badRequest();
    return std::nullopt;
}

// As one of the words of a list, loosely.
bool hasWord(QByteArrayView text, QByteArrayView word)
{
    const auto isEdge = [](char c) { return c == ' ' || c == ',' || c == '\t'; };
    for (qsizetype at = 0; at + word.size() <= text.size(); ++at) {
        const qsizetype end = at + word.size();
        if ((at == 0 || isEdge(text[at - 1])) && (end == text.size() || isEdge(text[end])) &&
            text.sliced(at, word.size()).compare(word, Qt::CaseInsensitive) == 0)
            return true;
    }
    return false;
}

} // namespace

void settleHost(ClientRequest &request)
{
    const std::vector<QByteArray> hosts = request.headers.all("Host");
    if (hosts.size() != 1)
        return;
    request.host = hosts.front();
    request.hostGiven = true;
    request.headers.remove("Host");
}

std::optional<RouteAnswer> refusedHead(const ClientRequest &request)
{
    if (!isToken(request.method))
        return badRequest();
    bool blankInName = false;
    for (const http::Header &header : request.headers) {
        // Of all the signs that no name may have, a blank is told apart only later.
        QByteArray name = header.name;
        if (name.contains(' ')) {
            blankInName = true;
            name.replace(' ', "_");
        }
        if (!isToken(name) || !isHeaderValue(header.value))
            return badRequest();
    }
    if (request.headers.contains("Host") || !isHeaderValue(request.host)) // there is a host already
        return badRequest();
    if (auto refused = refusedFrame(request.headers))
        return refused;
    if (!isHost(request.host))
        return badRequest("malformed Host header");
    if (blankInName)
        return badRequest("invalid header name");
    const QByteArray expected = request.headers.first("Expect").value_or(QByteArray());
    if (!expected.isEmpty() && !hasWord(expected, "100-continue")) {
        RouteAnswer out;
        out.status = 417;
        return out;
    }
    return std::nullopt;
}

} // namespace tokenlab::twin
