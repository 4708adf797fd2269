#include "tests/support/validatorcases.h"

#include "core/json/parse.h"
#include "core/json/writer.h"

namespace tokenlab::testsupport {
namespace {

QByteArray number(std::size_t index)
{
    return QByteArray::number(qulonglong(index));
}

} // namespace

Result<ValidatorCases, QByteArray> parseValidatorCases(const QByteArray &text)
{
    auto document = json::parse(text);
    if (!document)
        return fail(json::gatewayText(document.error()));
    ValidatorCases out;
    out.document = *document;
    out.now = qint64(document->root().find("now").toDouble());
    for (const json::Value item : document->root().find("cases").elements()) {
        ValidatorCase c;
        c.name = item.find("name").bytes();
        c.validator = item.find("validator");
        if (const json::Value jwks = item.find("jwks"); jwks.exists())
            c.jwks = jwks.isString() ? jwks.bytes() : json::write(jwks);
        for (const json::Member &file : item.find("files").members())
            c.files[QByteArray(file.name.data(), qsizetype(file.name.size()))] = file.value.bytes();
        if (const json::Value token = item.find("token"); token.exists()) {
            const json::Value header = c.validator.find("auth_header_name");
            c.headers.append(header.isString() && !header.text().empty() ? header.bytes() : QByteArray("Authorization"),
                             "Bearer " + token.bytes());
        }
        for (const json::Value header : item.find("headers").elements())
            c.headers.append(header.at(0).bytes(), header.at(1).bytes());
        c.urlSuffix = item.find("urlSuffix").bytes();
        const json::Value expect = item.find("expect");
        if (expect.exists())
            c.status = int(expect.find("status").toDouble());
        if (expect.find("log").isString())
            c.log = expect.find("log").bytes();
        out.cases.push_back(std::move(c));
    }
    return out;
}

QByteArray validatorConfiguration(const std::vector<ValidatorCase> &cases, const QByteArray &origin, const QByteArray &folder, int port)
{
    QByteArray out = "{\"version\":3,\"port\":" + QByteArray::number(port) + ",\"endpoints\":[";
    for (std::size_t i = 0; i < cases.size(); ++i) {
        QByteArray validator = json::write(cases[i].validator);
        validator.replace("{{jwks}}", origin + "/j/" + number(i));
        validator.replace("{{dir}}", folder + "/case" + number(i));
        out += (i > 0 ? "," : "") + QByteArray("{\"endpoint\":\"/c") + number(i) +
               "\",\"input_headers\":[\"*\"],\"backend\":[{\"host\":[\"" + origin + "\"],\"url_pattern\":\"/b/" + number(i) +
               cases[i].urlSuffix + "\"}],\"extra_config\":{\"auth/validator\":" + validator + "}}";
    }
    return out + "]}";
}

twin::ClientRequest validatorRequest(const ValidatorCase &c, std::size_t index)
{
    twin::ClientRequest request;
    request.method = "GET";
    request.target = "/c" + number(index);
    request.headers = c.headers;
    return request;
}

ValidatorPlay playValidator(const gateway::ServiceConfig &service, const ValidatorCase &c, std::size_t index, Instant now)
{
    const gateway::EndpointConfig &endpoint = service.endpoints[index];
    twin::Supplies supplies;
    const auto file = [&c](const QByteArray &path) -> twin::FileSupply {
        const auto found = c.files.find(path.mid(path.lastIndexOf('/') + 1));
        if (found == c.files.end())
            return fail("open " + path + ": no such file or directory");
        return found->second;
    };
    twin::ValidatorStep step = twin::buildValidator(endpoint, supplies);
    while (const auto *need = std::get_if<twin::Need>(&step)) {
        if (const auto *ca = std::get_if<twin::NeedCaFile>(need))
            supplies.caFile = file(ca->path);
        else if (const auto *keys = std::get_if<twin::NeedKeyFile>(need))
            supplies.keyFile = file(keys->path);
        step = twin::buildValidator(endpoint, supplies);
    }
    twin::ValidatorState state = std::get<twin::ValidatorState>(std::move(step));
    const twin::ClientRequest request = validatorRequest(c, index);
    if (const auto need = twin::neededDownload(state, request)) {
        if (c.jwks) {
            http::Reply reply;
            reply.status = 200;
            reply.headers.append(QByteArrayLiteral("Content-Type"), QByteArrayLiteral("application/json"));
            reply.body = *c.jwks;
            state.download = reply;
        } else {
            state.download = fail(
                http::TransportError{http::TransportError::Refused, QByteArrayLiteral("dial tcp: connect: connection refused"), need->url});
        }
    }
    twin::ValidatorVerdict verdict = twin::validate(state, request, now);
    return {std::move(state), std::move(verdict)};
}

twin::BackendRequest playForward(const gateway::ServiceConfig &service, const ValidatorCase &c, std::size_t index,
                                 const ValidatorPlay &played)
{
    const gateway::EndpointConfig &endpoint = service.endpoints[index];
    const twin::ClientRequest request = validatorRequest(c, index);
    const twin::Admitted behind =
        twin::admit(endpoint, played.state, played.verdict.claims.root(), request, twin::matchRoute(service, endpoint, request));
    return twin::forward(endpoint, 0, behind.request, behind.route);
}

} // namespace tokenlab::testsupport
