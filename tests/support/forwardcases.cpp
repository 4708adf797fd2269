#include "tests/support/forwardcases.h"

#include "core/json/parse.h"
#include "core/json/writer.h"

#include <QFile>

#include <algorithm>

namespace tokenlab::testsupport {
namespace {

using json::Value;

const QByteArray host = "gateway.example:8080";

bool isTransport(const QByteArray &name)
{
    for (const char *known : {"Host", "Accept-Encoding", "Transfer-Encoding", "Content-Length", "Connection"})
        if (name.compare(known, Qt::CaseInsensitive) == 0)
            return true;
    return false;
}

void sortHeaders(SeenRequest &request)
{
    for (std::vector<http::Header> *headers : {&request.headers, &request.transport})
        std::stable_sort(headers->begin(), headers->end(), [](const http::Header &a, const http::Header &b) { return a.name < b.name; });
}

void add(SeenRequest &request, const http::Header &header)
{
    if (!isTransport(header.name))
        request.headers.push_back(header);
    else if (header.name.compare("Host", Qt::CaseInsensitive) != 0)
        request.transport.push_back(header);
}

ForwardCase readCase(Value value)
{
    ForwardCase c;
    c.name = value.find("name").bytes();
    c.endpoint = json::write(value.find("endpoint"));
    const Value request = value.find("request");
    c.request.method = request.find("method").bytes();
    c.request.target = request.find("target").bytes();
    c.request.body = request.find("body").bytes();
    c.request.host = host;
    for (const Value header : request.find("headers").elements())
        c.request.headers.append(header.at(0).bytes(), header.at(1).bytes());
    const Value expect = value.find("expect");
    for (const Value backend : expect.find("backend").elements()) {
        SeenRequest one;
        one.method = backend.find("method").bytes();
        one.target = backend.find("target").bytes();
        one.body = backend.find("body").bytes();
        for (const Value header : backend.find("headers").elements()) {
            add(one, {header.at(0).bytes(), header.at(1).bytes().replace("{{gateway-host}}", host)});
        }
        sortHeaders(one);
        c.backends.push_back(std::move(one));
    }
    c.status = expect.find("status").bytes().toInt();
    c.body = expect.find("body").bytes();
    c.location = expect.find("location").bytes();
    return c;
}

} // namespace

Result<std::vector<ForwardCase>, QByteArray> loadForwardCases(const QString &fileName)
{
    QFile file(fileName);
    if (!file.open(QIODevice::ReadOnly))
        return fail(QByteArray(file.errorString().toUtf8() + ": " + fileName.toUtf8()));
    const auto parsed = json::parse(file.readAll());
    if (!parsed)
        return fail(json::gatewayText(parsed.error()));
    std::vector<ForwardCase> cases;
    for (const Value value : parsed->root().find("cases").elements())
        cases.push_back(readCase(value));
    return cases;
}

QByteArray forwardPath(std::size_t index)
{
    return "/f" + QByteArray::number(qulonglong(index));
}

QByteArray forwardConfiguration(const std::vector<ForwardCase> &cases, const QByteArray &origin)
{
    QByteArrayList endpoints;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        QByteArray text = cases[i].endpoint;
        endpoints.append(text.replace("{{endpoint}}", forwardPath(i)).replace("{{backend}}", origin));
    }
    return "{\"version\":3,\"timeout\":\"10s\",\"endpoints\":[" + endpoints.join(",\n") + "]}";
}

twin::ClientRequest forwardRequest(const ForwardCase &c, std::size_t index)
{
    twin::ClientRequest request = c.request;
    request.target.replace("{{endpoint}}", forwardPath(index));
    return request;
}

QByteArray forwardReplyBody()
{
    return R"({"access_token":{"sub":"a"}})";
}

QByteArray forwardKeySet()
{
    return R"({"keys":[{"kty":"oct","kid":"sim2","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}]})";
}

SeenRequest seen(const QByteArray &method, const QByteArray &target, const http::HeaderList &headers, const QByteArray &body,
                 std::size_t index)
{
    SeenRequest out;
    out.method = method;
    const QByteArray prefix = forwardPath(index);
    out.target = target.startsWith(prefix) ? target.mid(prefix.size()) : target;
    out.body = body;
    for (const http::Header &header : headers)
        add(out, header);
    sortHeaders(out);
    return out;
}

QByteArrayList differences(const SeenRequest &expected, const SeenRequest &actual, Extent extent)
{
    QByteArrayList out;
    const auto compare = [&out](const char *what, const QByteArray &a, const QByteArray &b) {
        if (a != b)
            out.append(QByteArray(what) + ": expected `" + a.left(300) + "`, got `" + b.left(300) + '`');
    };
    const auto listed = [](const std::vector<http::Header> &headers) {
        QByteArrayList lines;
        for (const http::Header &header : headers)
            lines.append(header.name + ": " + header.value);
        return lines.join(" | ");
    };
    compare("method", expected.method, actual.method);
    compare("target", expected.target, actual.target);
    compare("headers", listed(expected.headers), listed(actual.headers));
    if (extent == Extent::Wire)
        compare("transport", listed(expected.transport), listed(actual.transport));
    compare("body", expected.body, actual.body);
    return out;
}

} // namespace tokenlab::testsupport
