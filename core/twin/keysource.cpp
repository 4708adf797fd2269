#include "core/twin/keysource.h"

#include "core/jose/base64.h"
#include "core/support/url.h"

namespace tokenlab::twin {
namespace {

// client.Do's url.Error: `Get "URL": TEXT`.
QByteArray getError(const QByteArray &url, const QByteArray &text)
{
    return "Get " + quoted(url) + ": " + text;
}

QByteArray downloadErrorText(const http::TransportError &error)
{
    using Kind = http::TransportError::Kind;
    switch (error.kind) {
    case Kind::BadUrl:
        return error.text; // `parse "…": …`, from http.NewRequest
    case Kind::BadEncoding:
        return error.text; // noticed while the body is read
    default:
        return getError(error.url, error.text);
    }
}

bool isJsonContentType(const http::Reply &reply)
{
    const QByteArray type = reply.headers.first("Content-Type").value_or(QByteArray());
    return type.startsWith("application/json") || type.startsWith("application/jwk-set+json");
}

// A cut body whose JSON value was complete is accepted; where nothing at all came, Go names the cut and not the end.
QByteArray setErrorText(const jose::KeySetError &error, const http::Reply &reply)
{
    if (error.text != "EOF" && error.text != "unexpected EOF")
        return error.text;
    return !reply.bodyError.isEmpty() ? reply.bodyError : reply.cut ? QByteArrayLiteral("unexpected EOF") : error.text;
}

} // namespace

Result<std::vector<QByteArray>, PinFault> decodePins(const std::vector<QByteArray> &fingerprints)
{
    std::vector<QByteArray> pins;
    for (std::size_t i = 0; i < fingerprints.size(); ++i) {
        auto pin = jose::decodeBase64Url(fingerprints[i]);
        const QByteArray index = QByteArray::number(qulonglong(i));
        if (!pin)
            return fail(PinFault{"decoding fingerprint #" + index + ": " + jose::gatewayText(pin.error()), "jwk_fingerprints/" + index});
        pins.push_back(std::move(*pin));
    }
    return pins;
}

QByteArray caFileText(const QByteArray &path, const QByteArray &error)
{
    return "failed to append " + quoted(path) + " to RootCAs: " + error;
}

std::optional<QByteArray> refusedUrl(const QByteArray &text)
{
    const auto url = Url::parse(text);
    if (!url)
        return url.error().text;
    if (url->scheme != "http" && url->scheme != "https")
        return getError(url->redacted(), "unsupported protocol scheme " + quoted(url->scheme));
    if (url->host.isEmpty())
        return getError(url->redacted(), QByteArrayLiteral("http: no Host in request URL"));
    return std::nullopt;
}

Result<jose::KeySet, KeyHostFault> downloadedKeys(const DownloadSupply &supply)
{
    // Our own limit: the gateway would read on, and log something else or nothing.
    if (!supply && (supply.error().kind == http::TransportError::TooLarge || supply.error().kind == http::TransportError::Cancelled))
        return fail(KeyHostFault{StartStep::Download, supply.error().text, true});
    if (!supply)
        return fail(KeyHostFault{StartStep::Download, downloadErrorText(supply.error())});
    const http::Reply &reply = *supply;
    if (!isJsonContentType(reply))
        return fail(KeyHostFault{StartStep::Download, QByteArrayLiteral("should have a JSON content type for JWKS endpoint")});
    auto set = jose::parseKeySet(reply.body, jose::SetSource::Remote);
    if (!set)
        return fail(KeyHostFault{StartStep::KeySet, setErrorText(set.error(), reply)});
    if (set->keys.empty())
        return fail(KeyHostFault{StartStep::KeyLookup, QByteArrayLiteral("no Keys has been found")});
    return std::move(*set);
}

} // namespace tokenlab::twin
