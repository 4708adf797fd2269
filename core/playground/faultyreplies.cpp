#include "core/playground/faultyreplies.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace tokenlab::playground {

namespace {

constexpr const char *Page = "<!DOCTYPE html>\n<html><head><title>Welcome</title></head><body><h1>Please log in</h1></body></html>\n";

Script labelled(const char *type, const QByteArray &body)
{
    Script script;
    script.headers.append("Content-Type", type);
    script.body = body;
    return script;
}

Script refusal(int status)
{
    Script script = labelled("application/json", "{\"error\":\"so it was ordered\"}");
    script.status = status;
    return script;
}

Script redirect(const QByteArray &location)
{
    Script script;
    script.status = 302;
    script.headers.append("Location", location);
    return script;
}

// The set with each kid renamed; the other members stay as they are.
QByteArray rotated(const QByteArray &set)
{
    QJsonArray keys;
    for (const QJsonValue &value : QJsonDocument::fromJson(set).object()[QLatin1String("keys")].toArray()) {
        QJsonObject key = value.toObject();
        key[QLatin1String("kid")] = key[QLatin1String("kid")].toString() + QLatin1String("-new");
        keys.append(key);
    }
    return QJsonDocument(QJsonObject{{QStringLiteral("keys"), keys}}).toJson();
}

} // namespace

Script FaultyReplies::ofKeyHost(const FaultSet &faults, const ServerRequest &request, Script good, const QByteArray &plainOrigin)
{
    const auto fault = faults.of(FaultGroup::KeySet);
    if (!fault || good.status != 200)
        return good;
    switch (*fault) {
    case Fault::Slow:
        good.delayMs = m_slowMs;
        return good;
    case Fault::Silent:
        good.silent = true;
        return good;
    case Fault::Drip:
        good.dripBytes = int(std::max<qsizetype>(16, (good.body.size() + 200) / 20));
        good.dripMs = m_dripMs;
        return good;
    case Fault::NotFound:
        return refusal(404);
    case Fault::Html:
        return labelled("text/html; charset=utf-8", Page);
    case Fault::WrongContentType:
        return labelled("application/jwk+json", good.body);
    case Fault::Huge:
        good.tail = good.body;
        good.body = QByteArray(64 * 1024, ' ');
        good.repeatBody = 80 * 16;
        return good;
    case Fault::Truncated:
        good.headers.append("Content-Length", QByteArray::number(good.body.size()));
        good.body.truncate(good.body.size() / 2);
        return good;
    case Fault::BadKey:
        good.body.insert(good.body.indexOf('[') + 1, "{\"kty\":\"oct\",\"kid\":\"broken\"},");
        return good;
    case Fault::EmptySet:
        return labelled("application/json", "{\"keys\":[]}");
    case Fault::RotatedKey:
        if (!m_firstDownload.isValid())
            m_firstDownload.start();
        else if (m_firstDownload.elapsed() >= m_rotateMs)
            good.body = rotated(good.body);
        return good;
    case Fault::RedirectLoop:
        return redirect(request.target);
    case Fault::RedirectToHttp:
        return plainOrigin.isEmpty() ? good : redirect(plainOrigin + request.target);
    default:
        return good;
    }
}

Script FaultyReplies::ofLogin(const FaultSet &faults, Script good) const
{
    const auto fault = faults.of(FaultGroup::Login);
    if (!fault)
        return good;
    switch (*fault) {
    case Fault::Login401:
        return refusal(401);
    case Fault::Login500:
        return refusal(500);
    case Fault::Login204: {
        Script script;
        script.status = 204;
        return script;
    }
    case Fault::LoginSlow:
        good.delayMs = m_slowMs;
        return good;
    case Fault::LoginSilent:
        good.silent = true;
        return good;
    case Fault::LoginHtml:
        return labelled("text/html; charset=utf-8", Page);
    case Fault::LoginNotJson:
        return labelled("application/json", "Welcome, john. Your session has begun.\n");
    default:
        return good;
    }
}

} // namespace tokenlab::playground
