#include "core/twin/backenddata.h"

#include "core/json/parse.h"
#include "core/support/url.h"

namespace tokenlab::twin {
namespace {

using json::Document;
using json::Member;
using json::Value;

std::string_view view(const QByteArray &bytes)
{
    return {bytes.constData(), std::size_t(bytes.size())};
}

QByteArray goKind(json::Type type)
{
    switch (type) {
    case json::Type::Null:
        return QByteArrayLiteral("null");
    case json::Type::Bool:
        return QByteArrayLiteral("bool");
    case json::Type::Number:
        return QByteArrayLiteral("number");
    case json::Type::String:
        return QByteArrayLiteral("string");
    case json::Type::Array:
        return QByteArrayLiteral("array");
    case json::Type::Object:
        return QByteArrayLiteral("object");
    }
    return {};
}

BackendData failure(const QByteArray &error, const QByteArray &rule)
{
    BackendData out;
    out.failed = true;
    out.error = error;
    out.rule = rule;
    return out;
}

BackendData success(Document data)
{
    BackendData out;
    out.data = std::move(data);
    out.complete = true;
    return out;
}

// {"NAME": value}, keeping what the value points into.
Document wrap(std::string_view name, Value value, const std::shared_ptr<const json::Arena> &owner)
{
    auto arena = std::make_shared<json::Arena>();
    if (owner)
        arena->keep(owner);
    const Member member{arena->copy(name), value};
    const Value object = arena->object({&member, 1});
    return Document(std::move(arena), object);
}

Document nilMap()
{
    auto arena = std::make_shared<json::Arena>();
    const Value value = arena->nilMap();
    return Document(std::move(arena), value);
}

Document emptyMap()
{
    auto arena = std::make_shared<json::Arena>();
    const Value value = arena->object({});
    return Document(std::move(arena), value);
}

Document bodyAsText(const http::Reply &reply)
{
    auto arena = std::make_shared<json::Arena>();
    arena->keep(std::make_shared<const QByteArray>(reply.body));
    const Member member{"content", arena->stringView(view(reply.body))};
    const Value object = arena->object({&member, 1});
    return Document(std::move(arena), object);
}

BackendData wrongKind(json::Type type, const char *goType)
{
    return failure("json: cannot unmarshal " + goKind(type) + " into Go value of type " + goType, QByteArrayLiteral("§4.3"));
}

// What reading on behind the body gives the gateway; empty for a plain end.
QByteArray readError(const http::Reply &reply)
{
    return reply.bodyError.isEmpty() && reply.cut ? QByteArrayLiteral("unexpected EOF") : reply.bodyError;
}

BackendData decodeJson(const gateway::BackendConfig &backend, const http::Reply &reply, bool safe)
{
    auto parsed = json::parse(reply.body, json::Policy::stream());
    if (!parsed) {
        // Where the text ends too early, the reader says what it met there instead of a plain end.
        const bool atEnd = parsed.error().kind == json::SyntaxError::Eof || parsed.error().kind == json::SyntaxError::UnexpectedEof;
        if (atEnd && !readError(reply).isEmpty())
            return failure(readError(reply), QByteArrayLiteral("§4.3"));
        return failure(json::gatewayText(parsed.error()), QByteArrayLiteral("§4.3"));
    }
    const Value root = parsed->root();
    if (root.isNumber() && !readError(reply).isEmpty())
        return failure(readError(reply), QByteArrayLiteral("§4.3"));
    if (safe) {
        if (root.isObject())
            return success(std::move(*parsed));
        return success(wrap(root.isArray() ? "collection" : "content", root, parsed->arena()));
    }
    if (backend.isCollection) {
        if (!root.isArray() && !root.isNull())
            return wrongKind(root.type(), "[]interface {}");
        return success(wrap("collection", root, parsed->arena()));
    }
    if (root.isNull())
        return success(nilMap());
    if (!root.isObject())
        return wrongKind(root.type(), "map[string]interface {}");
    return success(std::move(*parsed));
}

// lura's HTTPResponseError in its own order; empty texts are left out.
Document errorDetails(const QByteArray &name, const http::Reply &reply, const QByteArray &body)
{
    auto arena = std::make_shared<json::Arena>();
    std::vector<Member> members;
    members.push_back({"http_status_code", arena->number(view(QByteArray::number(reply.status)))});
    if (!body.isEmpty())
        members.push_back({"http_body", arena->string(view(body))});
    if (const auto type = reply.headers.first("Content-Type"); type && !type->isEmpty())
        members.push_back({"http_body_encoding", arena->string(view(*type))});
    const Member outer{arena->copy(view("error_" + name)), arena->opaqueObject(members)};
    const Value object = arena->object({&outer, 1});
    return Document(std::move(arena), object);
}

} // namespace

bool isNoOp(const gateway::BackendConfig &backend)
{
    return backend.encoding == "no-op";
}

QByteArray transportErrorText(const http::TransportError &error, const QByteArray &method)
{
    using Kind = http::TransportError::Kind;
    switch (error.kind) {
    case Kind::Timeout:
        return QByteArrayLiteral("context deadline exceeded");
    case Kind::Cancelled:
        return QByteArrayLiteral("context canceled");
    case Kind::BadUrl:
    case Kind::BadEncoding:
        return error.text;
    default:
        break;
    }
    const QByteArray operation = method.left(1) + method.mid(1).toLower();
    return operation + ' ' + quoted(error.url) + ": " + error.text;
}

BackendData decodeBody(const gateway::BackendConfig &backend, const http::Reply &reply)
{
    const QByteArray encoding = backend.encoding.toLower();
    if (encoding == "xml" || encoding == "rss") {
        BackendData out = failure({}, QByteArrayLiteral("§4.3"));
        out.notSimulated = true;
        return out;
    }
    if (encoding == "string") {
        if (!readError(reply).isEmpty())
            return failure(readError(reply), QByteArrayLiteral("§4.3"));
        return success(bodyAsText(reply));
    }
    if (encoding == "no-op")
        return success(nilMap()); // another spelling of it: decoded by nobody
    return decodeJson(backend, reply, encoding == "safejson");
}

BackendData backendData(const gateway::BackendConfig &backend, const BackendExchange &exchange)
{
    if (!exchange.reply) {
        BackendData out = failure({}, QByteArrayLiteral("§4.2"));
        out.ownLimit = true;
        return out;
    }
    if (!*exchange.reply) {
        const http::TransportError &error = exchange.reply->error();
        BackendData out = failure(transportErrorText(error, exchange.sent.method), QByteArrayLiteral("§4.2"));
        out.ownLimit = error.kind == http::TransportError::TooLarge || error.kind == http::TransportError::Cancelled;
        return out;
    }
    const http::Reply &reply = **exchange.reply;

    if (isNoOp(backend)) {
        BackendData out = success(emptyMap());
        out.status = reply.status;
        out.headers = &reply.headers;
        return out;
    }
    if (reply.status != 200 && reply.status != 201) {
        // A body that could not be read to its end counts as none.
        const QByteArray body = readError(reply).isEmpty() ? reply.body : QByteArray();
        if (!backend.http.returnErrorDetails.isEmpty()) {
            BackendData out;
            out.data = errorDetails(backend.http.returnErrorDetails, reply, body);
            out.status = reply.status;
            out.details = true;
            out.rule = QByteArrayLiteral("§4.2");
            return out;
        }
        if (!backend.http.hasReturnErrorDetails && backend.http.returnErrorCode) {
            BackendData out = failure(body, QByteArrayLiteral("§4.2"));
            out.status = reply.status;
            return out;
        }
        return failure("invalid status code " + QByteArray::number(reply.status) + " [" + backend.method + ' ' + backend.urlPattern +
                           "]: " + (reply.finalUrl.isEmpty() ? exchange.sent.url : reply.finalUrl),
                       QByteArrayLiteral("§4.2"));
    }
    BackendData out = decodeBody(backend, reply);
    if (!out.failed)
        out.data = format(backend, out.data);
    return out;
}

} // namespace tokenlab::twin
