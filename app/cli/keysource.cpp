#include "app/cli/keysource.h"

#include "app/cli/input.h"
#include "app/cli/redact.h"
#include "core/crypto/secretbytes.h"
#include "core/jose/base64.h"
#include "core/lab/keytext.h"
#include "core/text/text.h"
#include "core/text/verify.h"

#include <QRegularExpression>

#include <utility>

namespace tokenlab::cli {

namespace {

QString shownUrl(const QByteArray &url)
{
    return text::inert(withoutPassword(url));
}

void download(const KeySource &source, Session &session, const std::function<void(const QByteArray &)> &ready)
{
    lab::KeyUrl url;
    url.url = source.jwks.toUtf8();
    url.insecure = source.insecure;
    if (!url.insecure && !url.url.startsWith("https://"))
        return session.fail(Unusable, insecureUrlSentence(source.jwks));
    for (const QByteArray &text : source.pins) {
        auto pin = jose::decodeBase64Url(text);
        if (!pin)
            return session.fail(Unusable, Session::tr("--pin %1: %2").arg(text::inert(text), text::inert(jose::gatewayText(pin.error()))));
        url.pins.push_back(std::move(*pin));
    }
    if (!source.ca.isEmpty()) {
        auto pem = readInput(source.ca);
        if (!pem)
            return session.fail(Unusable, Session::tr("--ca: %1").arg(text::inert(pem.error())));
        url.extraRoots.push_back(std::move(*pem));
    }
    auto *keys = new lab::KeyText(url, {}, {}, &session);
    QObject::connect(keys, &lab::KeyText::finished, &session, [keys, ready, &session](const Result<QByteArray, http::FetchError> &text) {
        keys->deleteLater();
        if (!text)
            return session.fail(Outside, inOptions(text::sentence(text.error())));
        ready(*text);
    });
    keys->start();
}

} // namespace

bool isUrl(const QString &text)
{
    return lab::isKeyUrl(text);
}

QString sourceFault(const KeySource &source)
{
    if (!isUrl(source.jwks) && (source.insecure || !source.ca.isEmpty() || !source.pins.empty()))
        return Session::tr("--insecure, --ca and --pin are for a key set from a URL");
    return {};
}

QString insecureUrlSentence(const QString &url)
{
    return Session::tr("%1: the gateway downloads keys over https only; --insecure allows http, as disable_jwk_security does")
        .arg(shownUrl(url.toUtf8()));
}

QString inOptions(QString sentence)
{
    static constexpr std::pair<const char *, const char *> phrases[] = {
        {", or bind the host to another one", ""},
        {", or bind it to another host", ""},
        {", or bind it to a file of this machine", ""},
        {", or bind the host to one that is reachable from here", ""},
        {", or bind its host to one that is reachable from here", ""},
        {"Give the path as the gateway sees it; it is read even for a local key file.", "Give the path of a PEM file."},
        {"Check cipher_suites and the host's TLS versions.", "Check the host's TLS versions."},
        {"or set disable_jwk_security to true (a local key file needs one of the two as well)", "or give --insecure"},
        {"jwk_url or jwk_local_path", "--jwks"},
        {"Start it, correct jwk_url", "Start it, or correct --jwks"},
    };
    for (const auto &[from, to] : phrases)
        sentence.replace(QLatin1String(from), QLatin1String(to));
    static const std::pair<const char *, const char *> words[] = {{"jwk_url", "--jwks"},
                                                                  {"jwk_local_path", "--jwks"},
                                                                  {"jwk_local_ca", "--ca"},
                                                                  {"jwk_fingerprints", "--pin"},
                                                                  {"disable_jwk_security", "--insecure"}};
    for (const auto &[from, to] : words) // as a word of its own: a URL may hold it too
        sentence.replace(QRegularExpression(QStringLiteral("(?<![\\w/])%1(?![\\w/])").arg(QLatin1String(from))), QLatin1String(to));
    return sentence;
}

void withKeyText(const KeySource &source, Session &session, const std::function<void(const QByteArray &)> &ready)
{
    if (isUrl(source.jwks))
        return download(source, session, ready);
    auto bytes = readInput(source.jwks);
    if (!bytes)
        return session.fail(Unusable, text::inert(bytes.error()));
    ready(*bytes);
    crypto::wipe(*bytes);
}

} // namespace tokenlab::cli
