#include "core/net/environment.h"

#include "core/support/address.h"

#include <QFile>
#include <QHostAddress>

namespace tokenlab::net {

namespace {

QByteArray either(const Environment &environment, const char *upper, const char *lower)
{
    const QByteArray value = environment(upper);
    return value.isEmpty() ? environment(lower) : value;
}

bool isExcluded(const Url &url, const QByteArray &noProxy)
{
    QByteArray host = url.hostName().toLower();
    if (host.endsWith('.'))
        host.chop(1);
    if (host == "localhost" || isLoopbackAddress(host))
        return true;
    const QByteArray port = QByteArray::number(url.port());
    QHostAddress address;
    const bool isIp = isIpv4(host) || isIpv6(host);
    if (isIp)
        address.setAddress(QString::fromLatin1(host));
    const QList<QByteArray> rules = noProxy.split(',');
    for (const QByteArray &one : rules) {
        QByteArray rule = one.trimmed().toLower();
        if (rule.isEmpty())
            continue;
        if (rule == "*")
            return true;
        if (rule.contains('/')) {
            const auto subnet = QHostAddress::parseSubnet(QString::fromLatin1(rule));
            if (isIp && subnet.second >= 0 && address.isInSubnet(subnet))
                return true;
            continue;
        }
        QByteArray rulePort;
        const qsizetype colon = rule.lastIndexOf(':');
        if (colon >= 0 && (rule.count(':') == 1 || rule.startsWith('['))) {
            rulePort = rule.sliced(colon + 1);
            rule = rule.first(colon);
        }
        if (rule.startsWith('[') && rule.endsWith(']'))
            rule = rule.sliced(1, rule.size() - 2);
        if (rule.isEmpty() || (!rulePort.isEmpty() && rulePort != port))
            continue;
        if (isIpv4(rule) || isIpv6(rule)) {
            if (isIp && address == QHostAddress(QString::fromLatin1(rule)))
                return true;
            continue;
        }
        if (rule.startsWith("*."))
            rule = rule.sliced(1);
        const bool onlyBelow = rule.startsWith('.');
        if (host.endsWith(onlyBelow ? rule : '.' + rule) || (!onlyBelow && host == rule))
            return true;
    }
    return false;
}

} // namespace

Environment processEnvironment()
{
    return [](const char *name) { return qgetenv(name); };
}

Result<std::optional<Url>, ProxyError> parseProxy(const QByteArray &text)
{
    if (text.isEmpty())
        return std::optional<Url>();
    auto url = Url::parse(text);
    if (!url || url->scheme.isEmpty() || url->host.isEmpty()) {
        // Without a scheme it is a host and port.
        if (auto second = Url::parse("http://" + text); second && !second->host.isEmpty())
            url = std::move(second);
    }
    if (!url || url->host.isEmpty())
        return fail(ProxyError{"invalid proxy address " + quoted(text) + (url ? QByteArray() : ": " + url.error().text)});
    return std::optional(*std::move(url));
}

Result<std::optional<Url>, ProxyError> proxyFor(const Url &url, const Environment &environment)
{
    const bool secure = url.scheme == "https";
    const QByteArray proxy = secure ? either(environment, "HTTPS_PROXY", "https_proxy") : either(environment, "HTTP_PROXY", "http_proxy");
    if (proxy.isEmpty())
        return std::optional<Url>();
    // A CGI's request headers could have set this one.
    if (!secure && !environment("REQUEST_METHOD").isEmpty())
        return fail(ProxyError{"refusing to use HTTP_PROXY value in CGI environment; see golang.org/s/cgihttpproxy"});
    if (isExcluded(url, either(environment, "NO_PROXY", "no_proxy")))
        return std::optional<Url>();
    return parseProxy(proxy);
}

QByteArray nameServerSuffix()
{
    QFile file(QStringLiteral("/etc/resolv.conf"));
    if (file.open(QIODevice::ReadOnly)) {
        const QList<QByteArray> lines = file.read(qint64{64} * 1024).split('\n');
        for (const QByteArray &line : lines) {
            const QList<QByteArray> words = line.simplified().split(' ');
            if (words.size() > 1 && words[0] == "nameserver")
                return " on " + (words[1].contains(':') ? '[' + words[1] + ']' : words[1]) + ":53";
        }
    }
    return " on 127.0.0.1:53";
}

} // namespace tokenlab::net
