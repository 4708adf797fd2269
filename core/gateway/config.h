// A krakend.json as the gateway understands it: plain structs with defaults applied (specification §1.2–1.4). Unknown members do not appear
// here; the lossless document keeps them.
#pragma once

#include "core/gateway/routeroptions.h"
#include "core/gateway/serviceoptions.h"
#include "core/gateway/validatorconfig.h"
#include "core/json/unmarshal.h"
#include "core/json/value.h"
#include "core/support/result.h"

#include <QByteArray>
#include <QString>

#include <map>
#include <optional>
#include <variant>
#include <vector>

namespace tokenlab::gateway {

// auth/signer, §1.4. All texts as written.
struct SignerConfig {
    QByteArray alg, kid, typ, jwkUrl, localCa, localPath, secretUrl;
    QByteArray cypherKey; // decoded bytes
    bool full = false;
    bool disableJwkSecurity = false;
    std::vector<QByteArray> keysToSign;
    std::vector<quint16> cipherSuites;
    std::vector<QByteArray> fingerprints; // base64 texts
};
// What stands at `auth/signer`: a config, or the error that makes every request a 401 (§1.5 step 1).
using SignerSetting = std::variant<SignerConfig, json::UnmarshalError>;

struct HttpExtra {                      // backend/http, §4.2
    QByteArray returnErrorDetails;      // NAME, "" unless a non-empty string
    bool hasReturnErrorDetails = false; // the member is present, whatever its type
    bool returnErrorCode = false;
};

struct BackendConfig {
    QByteArray method;             // after defaults; upper-case when sent
    std::vector<QByteArray> hosts; // sanitised; may be empty
    QByteArray urlPattern;         // with {{.Param}} placeholders as lura stores it
    QByteArray urlPatternText;     // as written in the file
    QByteArray encoding; // lower-cased; another spelling of `no-op` as written: it decodes to null (§4.3), only `no-op` is handled
    QByteArray target, group;
    std::vector<QByteArray> allow, deny;
    std::vector<std::pair<QByteArray, QByteArray>> mapping;  // sorted by old name
    std::vector<QByteArray> inputHeaders, inputQueryStrings; // backend-level filters, when set
    bool isCollection = false;
    QByteArray sd, sdScheme;
    HttpExtra http;
    std::vector<QByteArray> urlParams; // names used in url_pattern
    json::Value extraConfig;           // normalised object or absent
    QByteArray askedOtherwise;         // the component for which the gateway sends another request than the lab could, or none; empty
    QByteArray pointer;                // JSON pointer in the document, `/endpoints/0/backend/0`
};

struct EndpointConfig {
    QByteArray path;   // with one leading slash, as in the file otherwise: `/token/{id}`
    QByteArray route;  // as registered and logged: `/token/:id`
    QByteArray method; // upper-case
    qint64 timeoutNs = 2'000'000'000;
    qint64 cacheTtlNs = 0; // told by endpoints without a signer
    qint64 concurrentCalls = 1;
    QByteArray outputEncoding;
    std::vector<QByteArray> inputHeaders, inputQueryStrings; // headers canonical; `*` = all
    std::vector<BackendConfig> backends;
    std::optional<SignerSetting> signer;
    std::optional<ValidatorSetting> validator;
    bool sequential = false; // extra_config.proxy.sequential
    struct StaticData {      // extra_config.proxy.static
        json::Value data;
        QByteArray strategy; // always | success | complete | errored | incomplete
    };
    std::optional<StaticData> staticData;
    json::Value extraConfig;              // normalised (aliases resolved) object or absent
    QByteArray pointer;                   // `/endpoints/0`
    QByteArray signerPointer;             // `/endpoints/0/extra_config/auth~1signer` (or the legacy name)
    QByteArray validatorPointer;          // likewise, of `auth/validator`
    std::vector<QByteArray> notSimulated; // components by their public name, see components.h
};

// Top-level client_tls and allow_insecure_connections, §13. Without either Go's defaults hold; with one of them versions that are not
// given mean TLS 1.3 alone, at both ends.
struct ClientTls {
    bool configured = false;
    bool allowInsecure = false;
    std::vector<QByteArray> caCerts;
    bool disableSystemCaPool = false;
    int minVersion = 0x0303, maxVersion = 0x0304;
    std::vector<quint16> cipherSuites, curves;                  // empty: Go's defaults
    std::vector<std::pair<QByteArray, QByteArray>> clientCerts; // certificate path, key path
};

// Two endpoints that the router cannot tell apart, see routes.h.
struct RouteConflict {
    QByteArray text;          // the gateway's words behind `panic: `
    QByteArray pointer;       // of the endpoint whose registration ends the gateway
    std::size_t endpoint = 0; // its place in the file; the endpoints before it have been set up
};

struct ServiceConfig {
    json::Document document; // keeps every Value alive
    qint64 port = 8080;
    qint64 timeoutNs = 2'000'000'000;
    qint64 maxHeaderBytes = 1 << 20; // of a request's head; 4096 more pass
    std::vector<QByteArray> hosts;
    RouterOptions router;
    ConnectionLimits limits;
    LogOptions log;
    std::vector<EndpointConfig> endpoints;
    ClientTls clientTls;
    // Top-level tls, unless it is disabled: certificate path, key path, in the order in which the gateway loads them. Empty paths stand for
    // missing ones.
    std::optional<std::vector<std::pair<QByteArray, QByteArray>>> serverTls;
    std::optional<RouteConflict> routeConflict;
    bool isFragment = false; // completed from a signer, an endpoint, or a file without version
};

struct ConfigError {
    enum Kind { Parse, Crash, NotReadYet, Unreadable };
    Kind kind = Parse;
    QByteArray text;       // the gateway's words after `'FILE': `
    QByteArray pointer;    // where, when known
    qsizetype offset = -1; // byte, for syntax errors
};

using Environment = std::map<QByteArray, QByteArray>; // KRAKEND_… variables to overlay; empty: none

// fileName decides the format, as with the gateway (.yml .yaml .toml: NotReadYet).
[[nodiscard]] Result<ServiceConfig, ConfigError> load(const QByteArray &text, const QString &fileName, const Environment &environment = {});

// The endpoint by path (`/token` or `token`) and method ("" = any); without a path: the first with a signer, else the first.
[[nodiscard]] const EndpointConfig *findEndpoint(const ServiceConfig &service, QByteArrayView path, QByteArrayView method);

// A manual-style text: a signer object, an endpoint, an extra_config, or a file without `version` or backends, completed to a whole file.
struct Completed {
    QByteArray text;
    enum Kind { Whole, Signer, Endpoint, ExtraConfig, NoVersion };
    Kind kind = Whole;
    std::vector<QByteArray> added; // what was filled in, as JSON pointers
    QByteArray root;               // where the part's own root stands in `text`, as a JSON pointer
    QByteArray part;               // the part as it was read: with braces or brackets around it where it came without
    qsizetype shift = 0;           // from a place in `part` to that in what was pasted
};
[[nodiscard]] Completed completeFragment(const QByteArray &text);

} // namespace tokenlab::gateway
