#include "core/gateway/config.h"

#include "core/gateway/components.h"
#include "core/gateway/environment.h"
#include "core/gateway/goparse.h"
#include "core/gateway/routes.h"
#include "core/gateway/rules.h"
#include "core/gateway/weakdecode.h"
#include "core/json/parse.h"
#include "core/support/headername.h"

#include <algorithm>

namespace tokenlab::gateway {

namespace {

using json::Value;

constexpr int configVersion = 3;
constexpr int defaultPort = 8080;
constexpr qint64 defaultTimeoutNs = 2'000'000'000;

ConfigError parseError(const QByteArray &text, const QByteArray &pointer = {}, qsizetype offset = -1)
{
    return {ConfigError::Parse, text, pointer, offset};
}

ConfigError crash(const QByteArray &pointer)
{
    return {ConfigError::Crash, "panic: runtime error: invalid memory address or nil pointer dereference", pointer, -1};
}

// Go's filepath.Ext: from the last dot of the last path element, in its case.
QString extensionOf(const QString &fileName)
{
    const qsizetype dot = fileName.lastIndexOf(QLatin1Char('.'));
    return dot > fileName.lastIndexOf(QLatin1Char('/')) ? fileName.mid(dot) : QString();
}

const char *rootKind(Value root)
{
    return root.isArray() ? "array" : root.isString() ? "string" : root.isNumber() ? "number" : "bool";
}

QByteArray listed(const std::vector<QByteArray> &names)
{
    QByteArray out("[");
    for (std::size_t i = 0; i < names.size(); ++i)
        out += (i ? " " : "") + names[i];
    return out + ']';
}

Result<std::vector<QByteArray>, ConfigError> cleanHosts(const std::vector<PlacedText> &hosts)
{
    std::vector<QByteArray> out;
    for (const PlacedText &host : hosts) {
        const auto clean = cleanHost(host.text);
        if (!clean)
            return fail(parseError("host " + host.text + " not valid: invalid host", host.pointer));
        out.push_back(*clean);
    }
    return out;
}

// What the gateway's loader walks through before any rule: a null endpoint or backend ends the process.
std::optional<ConfigError> nullPlace(const RawService &service)
{
    for (std::size_t i = 0; i < service.endpoints.size(); ++i) {
        const auto &endpoint = service.endpoints[i];
        if (!endpoint)
            return crash("/endpoints/" + QByteArray::number(qulonglong(i)));
        for (std::size_t j = 0; j < endpoint->backend.size(); ++j) {
            if (!endpoint->backend[j])
                return crash(endpoint->pointer + "/backend/" + QByteArray::number(qulonglong(j)));
        }
    }
    return std::nullopt;
}

class Loader
{
public:
    Loader(const RawService &raw, json::Arena &arena) : m_raw(raw), m_arena(arena), m_extra(normalised(raw.extraConfig)) {}

    // The gateway's Init, in its order of checks.
    Result<ServiceConfig, ConfigError> run()
    {
        if (m_raw.version != configVersion)
            return fail(parseError("unsupported version: " + QByteArray::number(m_raw.version) + " (want: 3)", "/version"));
        m_service.port = m_raw.port == 0 ? defaultPort : m_raw.port;
        m_service.timeoutNs = m_raw.timeout.ns == 0 ? defaultTimeoutNs : m_raw.timeout.ns;
        if (!m_raw.listenIp.text.isEmpty() && !isIpAddress({m_raw.listenIp.text.constData(), std::size_t(m_raw.listenIp.text.size())}))
            return fail(parseError("invalid ip address " + m_raw.listenIp.text, m_raw.listenIp.pointer));
        auto hosts = cleanHosts(m_raw.host);
        if (!hosts)
            return fail(hosts.error());
        m_service.hosts = *hosts;
        if (auto error = checkAgents())
            return fail(*error);
        if (m_raw.maxHeaderBytes > 0)
            m_service.maxHeaderBytes = m_raw.maxHeaderBytes;
        m_service.router = readRouterOptions(entryOf(m_extra, component::router), m_arena);
        if (const auto logging = m_extra.entries.find(component::logging); logging != m_extra.entries.end())
            m_service.log = readLogOptions(logging->second.value, logging->second.pointer);
        m_service.limits = {.responseHeaderNs = m_raw.responseHeaderTimeout.ns,
                            .dialNs = m_raw.dialerTimeout.ns,
                            .writeNs = m_raw.writeTimeout.ns,
                            .readNs = m_raw.readTimeout.ns,
                            .readHeaderNs = m_raw.readHeaderTimeout.ns,
                            .disableCompression = m_raw.disableCompression,
                            .disableKeepAlives = m_raw.disableKeepAlives};
        m_service.clientTls = clientTls();
        m_service.serverTls = serverTls();
        m_service.endpoints.reserve(m_raw.endpoints.size());
        for (const auto &endpoint : m_raw.endpoints) {
            auto read = readEndpoint(*endpoint);
            if (!read)
                return fail(read.error());
            m_service.endpoints.push_back(std::move(read).value());
        }
        return std::move(m_service);
    }

private:
    std::optional<ConfigError> checkAgents() const
    {
        for (std::size_t i = 0; i < m_raw.agents.size(); ++i) {
            const auto &agent = m_raw.agents[i];
            const QByteArray pointer = "/async_agent/" + QByteArray::number(qulonglong(i));
            if (!agent)
                return crash(pointer);
            for (std::size_t j = 0; j < agent->backend.size(); ++j) {
                const auto &backend = agent->backend[j];
                if (!backend)
                    return crash(pointer + "/backend/" + QByteArray::number(qulonglong(j)));
                if (backend->disableHostSanitize)
                    continue;
                if (auto hosts = cleanHosts(backend->host); !hosts)
                    return hosts.error();
            }
        }
        return std::nullopt;
    }

    // Where the section is there, what it leaves out is the gateway's own choice: TLS 1.3 at both ends, not Go's default.
    // The old pair goes behind the list; alone it must be there.
    std::optional<std::vector<std::pair<QByteArray, QByteArray>>> serverTls() const
    {
        if (!m_raw.tls || m_raw.tls->disabled)
            return std::nullopt;
        auto pairs = m_raw.tls->keys;
        if (pairs.empty() || !m_raw.tls->publicKey.isEmpty() || !m_raw.tls->privateKey.isEmpty())
            pairs.emplace_back(m_raw.tls->publicKey, m_raw.tls->privateKey);
        return pairs;
    }

    ClientTls clientTls() const
    {
        ClientTls out;
        if (!m_raw.clientTls && !m_raw.allowInsecure)
            return out;
        const RawClientTls raw = m_raw.clientTls.value_or(RawClientTls{});
        const auto version = [](const QByteArray &name) {
            return name == "SSL3.0" ? 0x0300 : name == "TLS10" ? 0x0301 : name == "TLS11" ? 0x0302 : name == "TLS12" ? 0x0303 : 0x0304;
        };
        out.configured = true;
        out.allowInsecure = raw.allowInsecure || m_raw.allowInsecure;
        out.caCerts = raw.caCerts;
        out.disableSystemCaPool = raw.disableSystemCaPool;
        out.minVersion = version(raw.minVersion);
        out.maxVersion = version(raw.maxVersion);
        out.cipherSuites = raw.cipherSuites;
        if (out.cipherSuites.empty())
            out.cipherSuites = {0xc02f, 0xc02b, 0xc030, 0xc02c, 0xcca8, 0xcca9};
        out.curves = raw.curvePreferences;
        if (out.curves.empty())
            out.curves = {25, 24, 23};
        for (const RawClientCert &certificate : raw.clientCerts)
            out.clientCerts.emplace_back(certificate.certificate, certificate.privateKey);
        return out;
    }

    Result<EndpointConfig, ConfigError> readEndpoint(const RawEndpoint &raw)
    {
        EndpointConfig out;
        out.pointer = raw.pointer;
        out.path = cleanPath(raw.endpoint.text);
        const QByteArray pathPointer = raw.endpoint.pointer.isEmpty() ? raw.pointer : raw.endpoint.pointer;
        const QByteArray subject = "ignoring the '" + raw.method + ' ' + out.path + "' endpoint, since it ";
        if (isForbiddenPath(out.path))
            return fail(parseError(subject + "is invalid!!!", pathPointer));
        if (raw.backend.empty())
            return fail(parseError(subject + "has 0 backends defined!", raw.pointer));
        for (const QByteArray &name : raw.inputHeaders)
            out.inputHeaders.push_back(canonicalHeaderName(name));
        out.inputQueryStrings = raw.inputQueryStrings;

        const std::vector<QByteArray> parameters = endpointParameters(out.path, m_raw.disableRest);
        out.route = routeOf(out.path, parameters);
        const QByteArray method = raw.method.isEmpty() ? QByteArray("GET") : raw.method;
        out.method = method.toUpper();
        out.timeoutNs = raw.timeout.ns == 0 ? m_service.timeoutNs : raw.timeout.ns;
        out.cacheTtlNs = raw.cacheTtl.ns == 0 ? m_raw.cacheTtl.ns : raw.cacheTtl.ns;
        out.concurrentCalls = raw.concurrentCalls == 0 ? 1 : raw.concurrentCalls;
        out.outputEncoding = raw.outputEncoding.text;
        if (out.outputEncoding.isEmpty())
            out.outputEncoding = m_raw.outputEncoding.isEmpty() ? QByteArray("json") : m_raw.outputEncoding;
        if (out.outputEncoding == "no-op" && raw.backend.size() > 1) {
            return fail(parseError("can not use NoOp encoding with more than one backends connected to the same endpoint",
                                   raw.outputEncoding.pointer.isEmpty() ? raw.pointer : raw.outputEncoding.pointer));
        }

        std::vector<QByteArray> inputs = parameters;
        std::sort(inputs.begin(), inputs.end());
        inputs.erase(std::unique(inputs.begin(), inputs.end()), inputs.end());
        std::vector<RawExtra> backendExtras;
        backendExtras.reserve(raw.backend.size());
        for (std::size_t i = 0; i < raw.backend.size(); ++i) {
            backendExtras.push_back(normalised(raw.backend[i]->extraConfig));
            auto backend = readBackend(*raw.backend[i], backendExtras.back(), out, method, i, inputs);
            if (!backend)
                return fail(backend.error());
            out.backends.push_back(std::move(backend).value());
        }
        readComponents(raw, backendExtras, out);
        return out;
    }

    Result<BackendConfig, ConfigError> readBackend(const RawBackend &raw, const RawExtra &extra, const EndpointConfig &endpoint,
                                                   const QByteArray &endpointMethod, std::size_t index,
                                                   const std::vector<QByteArray> &inputs)
    {
        BackendConfig out;
        out.pointer = raw.pointer;
        if (raw.host.empty()) {
            out.hosts = m_service.hosts;
        } else if (raw.disableHostSanitize) {
            for (const PlacedText &host : raw.host)
                out.hosts.push_back(host.text);
        } else {
            auto hosts = cleanHosts(raw.host);
            if (!hosts)
                return fail(hosts.error());
            out.hosts = *hosts;
        }
        out.method = raw.method.isEmpty() ? endpointMethod : raw.method;
        // `no-op` counts only when spelt so; other spellings of it have its decoder but not its handling, so they are kept as written.
        out.encoding = raw.encoding.toLower() == "no-op" ? raw.encoding : raw.encoding.toLower();
        if (endpoint.outputEncoding == "no-op")
            out.encoding = "no-op";
        out.urlPatternText = raw.urlPattern.text;
        out.urlPattern = cleanPath(raw.urlPattern.text);

        std::vector<QByteArray> outputs = patternParameters(out.urlPattern);
        std::sort(outputs.begin(), outputs.end());
        outputs.erase(std::unique(outputs.begin(), outputs.end()), outputs.end());
        // The gateway forgets the last name when it counts.
        std::size_t counted = 0;
        for (std::size_t i = 0; i + 1 < outputs.size(); ++i)
            counted += isDerivedParameter(outputs[i]) ? 0 : 1;
        const auto where = [&] {
            return " endpoint: " + endpointMethod + ' ' + endpoint.route + ", backend: " + QByteArray::number(qulonglong(index)) +
                   ". input: " + listed(inputs) + ", output: " + listed(outputs);
        };
        const QByteArray patternPointer = raw.urlPattern.pointer.isEmpty() ? raw.pointer : raw.urlPattern.pointer;
        if (counted > inputs.size())
            return fail(parseError("input and output params do not match." + where(), patternPointer));
        for (const QByteArray &name : outputs) {
            if (!isDerivedParameter(name) && !std::binary_search(inputs.begin(), inputs.end(), name))
                return fail(parseError("undefined output param '" + name + "'!" + where(), patternPointer));
        }
        out.urlPattern = templateOf(out.urlPattern, outputs);
        out.urlParams = std::move(outputs);

        out.target = raw.target;
        out.group = raw.group;
        out.allow = raw.allow;
        out.deny = raw.deny;
        out.mapping.assign(raw.mapping.begin(), raw.mapping.end());
        for (const QByteArray &name : raw.inputHeaders)
            out.inputHeaders.push_back(canonicalHeaderName(name));
        out.inputQueryStrings = raw.inputQueryStrings;
        out.isCollection = raw.isCollection;
        out.sd = raw.sd;
        out.sdScheme = raw.sdScheme.isEmpty() ? QByteArray("http") : raw.sdScheme;
        out.http = readBackendHttp(entryOf(extra, component::backendHttp));
        out.askedOtherwise = askedOtherwise(extra, m_raw.hasPlugins);
        if (out.askedOtherwise.isEmpty() && (out.sd == "dns" || out.sd == "dns-shared"))
            out.askedOtherwise = "sd " + out.sd;
        out.extraConfig = toObject(extra, m_arena);
        return out;
    }

    void readComponents(const RawEndpoint &raw, const std::vector<RawExtra> &backendExtras, EndpointConfig &out)
    {
        const RawExtra extra = normalised(raw.extraConfig);
        if (const auto signer = extra.entries.find(component::signer); signer != extra.entries.end()) {
            out.signer = readSigner(signer->second.value, m_arena);
            out.signerPointer = signer->second.pointer;
        }
        if (const auto validator = extra.entries.find(component::validator); validator != extra.entries.end()) {
            out.validator = readValidator(validator->second.value, m_arena);
            out.validatorPointer = validator->second.pointer;
        }
        const Value proxy = entryOf(extra, component::proxy);
        out.sequential = isSequential(proxy);
        out.staticData = readStatic(proxy, m_arena);
        out.extraConfig = toObject(extra, m_arena);

        ComponentLevels levels;
        levels.service = &m_extra;
        levels.endpoint = &extra;
        for (const RawExtra &backend : backendExtras)
            levels.backends.push_back(&backend);
        levels.plugins = m_raw.hasPlugins;
        levels.signs = out.signer.has_value();
        out.notSimulated = unplayedComponents(levels);
        const auto add = [&](const QByteArray &name) {
            if (std::find(out.notSimulated.begin(), out.notSimulated.end(), name) == out.notSimulated.end())
                out.notSimulated.push_back(name);
        };
        for (const BackendConfig &backend : out.backends) {
            if (backend.encoding == "xml" || backend.encoding == "rss")
                add(backend.encoding);
            if (backend.sd == "dns" || backend.sd == "dns-shared")
                add("sd " + backend.sd);
        }
    }

    const RawService &m_raw;
    json::Arena &m_arena;
    RawExtra m_extra;
    ServiceConfig m_service;
};

} // namespace

Result<ServiceConfig, ConfigError> load(const QByteArray &text, const QString &fileName, const Environment &environment)
{
    const QString extension = extensionOf(fileName);
    if (extension == QLatin1String(".yaml") || extension == QLatin1String(".yml") || extension == QLatin1String(".toml")) {
        const QByteArray format = extension == QLatin1String(".toml") ? "TOML" : "YAML";
        return fail(
            ConfigError{ConfigError::NotReadYet, format + " configuration files are not read yet; convert the file to JSON.", {}, -1});
    }
    auto parsed = json::parse(text, json::Policy::standard());
    if (!parsed)
        return fail(parseError(json::gatewayText(parsed.error()), {}, parsed.error().offset));
    Value root = parsed->root();
    if (!root.isObject() && !root.isNull()) {
        return fail(
            parseError(QByteArray("json: cannot unmarshal ") + rootKind(root) + " into Go value of type map[string]interface {}", {}, 0));
    }
    const std::string_view source{text.constData(), std::size_t(text.size())};
    if (const std::string_view literal = firstOverflow(source); !literal.empty()) {
        return fail(parseError("json: cannot unmarshal number " + QByteArray(literal.data(), qsizetype(literal.size())) +
                                   " into Go value of type float64",
                               {}, literal.data() - source.data()));
    }

    const auto arena = std::make_shared<json::Arena>();
    arena->keep(parsed->arena());
    root = withEnvironment(root, environment, *arena);
    const Decoded decoded = decodeService(root);
    if (!decoded.issues.empty())
        return fail(parseError(gatewayText(decoded.issues), decoded.issues.front().pointer));
    if (auto error = nullPlace(decoded.service))
        return fail(std::move(*error));
    auto service = Loader(decoded.service, *arena).run();
    if (!service)
        return service;
    ServiceConfig out = std::move(service).value();
    out.document = json::Document(arena, root);
    out.routeConflict = findRouteConflict(out);
    return out;
}

const EndpointConfig *findEndpoint(const ServiceConfig &service, QByteArrayView path, QByteArrayView method)
{
    const QByteArray wanted = method.toByteArray().toUpper();
    const auto methodFits = [&](const EndpointConfig &endpoint) { return wanted.isEmpty() || endpoint.method == wanted; };
    if (path.isEmpty()) {
        const EndpointConfig *first = nullptr;
        for (const EndpointConfig &endpoint : service.endpoints) {
            if (!methodFits(endpoint))
                continue;
            if (endpoint.signer)
                return &endpoint;
            if (!first)
                first = &endpoint;
        }
        return first;
    }
    const QByteArray clean = cleanPath(path.toByteArray());
    for (const EndpointConfig &endpoint : service.endpoints) {
        if (methodFits(endpoint) && (endpoint.path == clean || endpoint.route == clean))
            return &endpoint;
    }
    return endpointForLiteral(service, path, method);
}

} // namespace tokenlab::gateway
