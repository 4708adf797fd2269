#include "tests/support/gatewaycases.h"

#include "core/jose/jws.h"
#include "core/json/parse.h"
#include "core/json/writer.h"
#include "core/lab/run.h"
#include "core/support/url.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>

#include <algorithm>

namespace tokenlab::testsupport {
namespace {

using json::Member;
using json::Value;

std::string_view view(const QByteArray &bytes)
{
    return {bytes.constData(), std::size_t(bytes.size())};
}

QByteArray bytesOf(Value object, std::string_view text, std::string_view base64)
{
    if (const Value encoded = object.find(base64); encoded.exists())
        return QByteArray::fromBase64(encoded.bytes());
    return object.find(text).bytes();
}

CannedReply readReply(Value value)
{
    CannedReply reply;
    if (value.find("status").exists())
        reply.status = value.find("status").bytes().toInt();
    reply.body = bytesOf(value, "body", "bodyBase64");
    if (!value.find("headers").exists())
        reply.headers.append("Content-Type", "application/json");
    for (const Member &header : value.find("headers").members())
        reply.headers.append(QByteArray(header.name.data(), qsizetype(header.name.size())), header.value.bytes());
    return reply;
}

Answer readAnswer(Value value)
{
    Answer answer;
    answer.status = value.find("status").bytes().toInt();
    answer.contentType = value.find("contentType").bytes();
    answer.body = bytesOf(value, "body", "bodyBase64");
    answer.brokenOff = value.find("brokenOff").asBool();
    for (const Value line : value.find("log").elements())
        answer.log.append(line.bytes());
    return answer;
}

GatewayCase readCase(Value value)
{
    GatewayCase c;
    c.name = value.find("name").bytes();
    c.endpoint = value.find("endpoint");
    for (const Value backend : value.find("backends").elements())
        c.backends.push_back(readReply(backend));
    if (value.find("jwks").isObject())
        c.jwks = readReply(value.find("jwks"));
    for (const Member &file : value.find("files").members()) {
        const QByteArray content = file.value.isObject() ? QByteArray::fromBase64(file.value.find("base64").bytes()) : file.value.bytes();
        c.files[QByteArray(file.name.data(), qsizetype(file.name.size()))] = content;
    }
    if (value.find("request").isString())
        c.request = value.find("request").bytes();
    if (value.find("expect").isObject())
        c.expect = readAnswer(value.find("expect"));
    return c;
}

QByteArray number(std::size_t value)
{
    return QByteArray::number(qulonglong(value));
}

// The endpoint's text with what the case leaves out filled in.
QByteArray endpointText(const GatewayCase &c, std::size_t index, const QByteArray &origin)
{
    json::Arena arena;
    std::vector<Value> backends;
    std::size_t k = 0;
    for (const Value backend : c.endpoint.find("backend").elements()) {
        std::vector<Member> members(backend.members().begin(), backend.members().end());
        if (!backend.find("host").exists()) {
            const Value host = arena.string(view(origin));
            members.push_back({"host", arena.array({&host, 1})});
        }
        if (!backend.find("url_pattern").exists())
            members.push_back({"url_pattern", arena.string(view("/b/" + number(index) + '/' + number(k)))});
        backends.push_back(arena.object(members));
        ++k;
    }
    std::vector<Member> members(c.endpoint.members().begin(), c.endpoint.members().end());
    if (!c.endpoint.find("method").exists())
        members.push_back({"method", arena.string("GET")});
    members.push_back({"endpoint", arena.string(view("/c" + number(index)))});
    members.push_back({"backend", arena.array(backends)});
    return json::write(arena.object(members));
}

} // namespace

http::Reply CannedReply::toReply() const
{
    http::Reply reply;
    reply.status = status;
    reply.headers = headers;
    if (status == 204 || status == 304)
        return reply;
    reply.body = body;
    if (!headers.contains("Content-Length"))
        reply.headers.append("Content-Length", QByteArray::number(body.size()));
    return reply;
}

Result<GatewayCases, QByteArray> parseGatewayCases(const QByteArray &text)
{
    auto parsed = json::parse(text);
    if (!parsed)
        return fail(json::gatewayText(parsed.error()));
    GatewayCases out;
    out.document = *parsed;
    const Value root = out.document.root();
    for (const Value value : (root.isArray() ? root : root.find("cases")).elements())
        out.cases.push_back(readCase(value));
    return out;
}

Result<GatewayCases, QByteArray> loadGatewayCases(const QString &fileName)
{
    QFile file(fileName);
    if (!file.open(QIODevice::ReadOnly))
        return fail(QByteArray(file.errorString().toUtf8() + ": " + fileName.toUtf8()));
    return parseGatewayCases(file.readAll());
}

Layout::Layout(const std::vector<GatewayCase> &cases, const QByteArray &origin, const QByteArray &folder, int port)
    : m_cases(cases), m_origin(origin), m_folder(folder)
{
    QByteArrayList endpoints;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        QByteArray text = endpointText(cases[i], i, origin);
        text.replace("{{jwks}}", jwksUrl(i)).replace("{{dir}}", caseFolder(i)).replace("{{backend}}", origin);
        endpoints.append(text);
        if (cases[i].jwks)
            m_routes["/j/" + number(i)] = *cases[i].jwks;
        for (std::size_t k = 0; k < cases[i].backends.size(); ++k)
            m_routes["/b/" + number(i) + '/' + number(k)] = cases[i].backends[k];
    }
    m_configuration = "{\"version\":3,\"port\":" + QByteArray::number(port) + ",\"timeout\":\"10s\",\"host\":[\"" + origin +
                      "\"],\"endpoints\":[\n" + endpoints.join(",\n") + "\n]}\n";
}

bool Layout::writeFiles(std::size_t index) const
{
    const QString folder = QFile::decodeName(caseFolder(index));
    if (!QDir().mkpath(folder))
        return false;
    for (const auto &[name, content] : m_cases[index].files) {
        QFile file(folder + QLatin1Char('/') + QString::fromUtf8(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            return false;
    }
    return true;
}

const CannedReply *Layout::route(const QByteArray &path) const
{
    const auto found = m_routes.find(path);
    return found == m_routes.end() ? nullptr : &found->second;
}

QByteArray Layout::putBack(std::size_t index, QByteArray text) const
{
    // Longer values first: one may begin with another.
    std::vector<std::pair<QByteArray, QByteArray>> values{
        {jwksUrl(index), "{{jwks}}"}, {caseFolder(index), "{{dir}}"}, {m_origin, "{{backend}}"}};
    std::sort(values.begin(), values.end(), [](const auto &a, const auto &b) { return a.first.size() > b.first.size(); });
    for (const auto &[value, placeholder] : values)
        text.replace(value, placeholder);
    return text.replace("/b/" + number(index) + '/', "/b/")
        .replace("[ENDPOINT: " + path(index) + ']', "[ENDPOINT: {{endpoint}}]")
        .replace(m_origin.mid(int(qstrlen("http://"))), "{{backend-host}}");
}

Answer Layout::withPlaceholders(std::size_t index, const Answer &answer) const
{
    Answer out = answer;
    // Bytes that are no text are left alone.
    if (QString::fromUtf8(answer.body).toUtf8() == answer.body)
        out.body = blurSignatures(putBack(index, answer.body), algorithmOf(m_cases[index]));
    for (QByteArray &line : out.log)
        line = putBack(index, line);
    return out;
}

QByteArray blurSignatures(const QByteArray &text, const QByteArray &alg)
{
    const auto algorithm = jose::algorithmFromName(alg);
    if (!algorithm || !jose::isRandomised(*algorithm))
        return text;
    static const QRegularExpression compact(QStringLiteral(R"((eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.)[A-Za-z0-9_-]+)"));
    static const QRegularExpression flattened(QStringLiteral(R"((\\"signature\\":\\")[A-Za-z0-9_-]+)"));
    QString out = QString::fromUtf8(text);
    out.replace(compact, QStringLiteral("\\1<signature>"));
    out.replace(flattened, QStringLiteral("\\1<signature>"));
    return out.toUtf8();
}

QByteArray algorithmOf(const GatewayCase &c)
{
    const Value extra = c.endpoint.find("extra_config");
    const Value signer = extra.find("auth/signer");
    return signer.isObject() ? signer.find("alg").bytes() : QByteArray();
}

QByteArrayList differences(const Answer &expected, const Answer &actual)
{
    QByteArrayList out;
    if (expected.status != actual.status)
        out.append("status: expected " + QByteArray::number(expected.status) + ", got " + QByteArray::number(actual.status));
    if (expected.contentType != actual.contentType)
        out.append("content type: expected `" + expected.contentType + "`, got `" + actual.contentType + '`');
    if (expected.body != actual.body) {
        qsizetype at = 0;
        while (at < expected.body.size() && at < actual.body.size() && expected.body[at] == actual.body[at])
            ++at;
        const qsizetype from = std::max<qsizetype>(0, at - 40);
        out.append("body differs at byte " + QByteArray::number(at) + ": expected …" + expected.body.mid(from, 160) + "…, got …" +
                   actual.body.mid(from, 160) + "…");
    }
    if (expected.brokenOff != actual.brokenOff)
        out.append(QByteArray("broken off: expected ") + (expected.brokenOff ? "yes" : "no") + ", got " +
                   (actual.brokenOff ? "yes" : "no"));
    if (expected.log != actual.log)
        out.append("log: expected " + expected.log.join(" | ") + ", got " + actual.log.join(" | "));
    return out;
}

Answer answerOf(const twin::Outcome &outcome)
{
    Answer answer;
    answer.status = outcome.response.status;
    answer.contentType = outcome.response.headers.first("Content-Type").value_or(QByteArray());
    answer.body = outcome.response.body;
    answer.brokenOff = outcome.brokenOff;
    for (const QByteArray &line : outcome.log)
        answer.log.append(line);
    return answer;
}

twin::ClientRequest clientRequest(const gateway::ServiceConfig &service, const Layout &layout, const GatewayCase &c, std::size_t index)
{
    twin::ClientRequest request;
    request.method = service.endpoints[index].method;
    request.target = layout.path(index);
    request.body = c.request.value_or(QByteArray());
    return request;
}

twin::Outcome playPure(const gateway::ServiceConfig &service, const Layout &layout, const std::vector<GatewayCase> &cases,
                       std::size_t index)
{
    const GatewayCase &c = cases[index];
    const gateway::EndpointConfig &endpoint = service.endpoints[index];
    const QByteArray folder = layout.caseFolder(index);
    const auto file = [&](const QByteArray &path) -> twin::FileSupply {
        if (path == folder)
            return fail(QByteArray("read " + path + ": is a directory"));
        if (path.startsWith(folder + '/')) {
            const auto found = c.files.find(path.mid(folder.size() + 1));
            if (found != c.files.end())
                return found->second;
        }
        return fail(QByteArray("open " + path + ": no such file or directory"));
    };
    const auto download = [&](const QByteArray &url) -> twin::DownloadSupply {
        if (url == layout.jwksUrl(index) && c.jwks)
            return c.jwks->toReply();
        const auto parsed = Url::parse(url);
        return fail(http::TransportError{http::TransportError::Refused, "dial tcp 127.0.0.1:1: connect: connection refused",
                                         parsed ? parsed->redacted() : url});
    };
    twin::Supplies supplies;
    twin::SignerState signer;
    for (;;) {
        twin::BuildStep step = twin::buildSigner(endpoint, supplies);
        if (auto *state = std::get_if<twin::SignerState>(&step)) {
            signer = std::move(*state);
            break;
        }
        const auto &need = std::get<twin::Need>(step);
        if (const auto *ca = std::get_if<twin::NeedCaFile>(&need))
            supplies.caFile = file(ca->path);
        else if (const auto *key = std::get_if<twin::NeedKeyFile>(&need))
            supplies.keyFile = file(key->path);
        else
            supplies.download = download(std::get<twin::NeedDownload>(need).url);
    }
    lab::RunInput input;
    input.service = std::shared_ptr<const gateway::ServiceConfig>(std::shared_ptr<const void>(), &service);
    input.endpoint = index;
    input.signer = std::move(signer);
    input.request = clientRequest(service, layout, c, index);
    std::vector<http::Reply> replies;
    for (const CannedReply &reply : c.backends)
        replies.push_back(reply.toReply());
    return lab::simulate(input, replies, Instant{});
}

} // namespace tokenlab::testsupport
