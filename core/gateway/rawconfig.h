// The file as the gateway's decoder leaves it, before defaults and rules: member for member its configuration structs (specification §1.2).
#pragma once

#include "core/json/value.h"

#include <QByteArray>

#include <map>
#include <optional>
#include <vector>

namespace tokenlab::gateway {

struct Duration {
    qint64 ns = 0;
};

// A text with the place it came from, so that a rule that refuses it can point there.
struct PlacedText {
    QByteArray text;
    QByteArray pointer;
};

// Untyped settings of components. An array of objects is merged, later members win.
struct RawExtra {
    struct Entry {
        json::Value value;
        QByteArray pointer;
    };
    std::map<QByteArray, Entry> entries;
    bool present = false;
};

struct RawBackend {
    QByteArray group, method;
    std::vector<PlacedText> host;
    bool disableHostSanitize = false;
    PlacedText urlPattern;
    std::vector<QByteArray> allow, deny;
    std::map<QByteArray, QByteArray> mapping;
    QByteArray encoding;
    bool isCollection = false;
    QByteArray target, sd, sdScheme;
    RawExtra extraConfig;
    std::vector<QByteArray> inputHeaders, inputQueryStrings;
    QByteArray pointer;
};

struct RawEndpoint {
    PlacedText endpoint;
    QByteArray method;
    std::vector<std::optional<RawBackend>> backend; // empty optional: null in the file
    qint64 concurrentCalls = 0;
    Duration timeout, cacheTtl;
    std::vector<QByteArray> inputQueryStrings, inputHeaders;
    RawExtra extraConfig;
    PlacedText outputEncoding;
    QByteArray pointer;
};

struct RawAgent {
    std::vector<std::optional<RawBackend>> backend;
};

struct RawClientCert {
    QByteArray certificate, privateKey;
};

struct RawClientTls {
    bool allowInsecure = false;
    std::vector<QByteArray> caCerts;
    bool disableSystemCaPool = false;
    QByteArray minVersion, maxVersion;
    std::vector<quint16> curvePreferences, cipherSuites;
    std::vector<RawClientCert> clientCerts;
};

struct RawServerTls {
    bool disabled = false;
    QByteArray publicKey, privateKey;
    std::vector<std::pair<QByteArray, QByteArray>> keys; // public, private
};

struct RawService {
    std::vector<std::optional<RawEndpoint>> endpoints;
    std::vector<std::optional<RawAgent>> agents;
    Duration timeout;
    std::vector<PlacedText> host;
    qint64 port = 0;
    qint64 maxHeaderBytes = 0;
    PlacedText listenIp;
    qint64 version = 0;
    QByteArray outputEncoding;
    RawExtra extraConfig;
    Duration cacheTtl;
    Duration readTimeout, readHeaderTimeout, writeTimeout; // of clients
    Duration responseHeaderTimeout, dialerTimeout;         // of backends
    bool disableKeepAlives = false, disableCompression = false;
    bool disableRest = false;
    bool hasPlugins = false;
    bool allowInsecure = false;
    std::optional<RawClientTls> clientTls;
    std::optional<RawServerTls> tls;
};

} // namespace tokenlab::gateway
