#include "core/gateway/weakdecode.h"

#include "core/gateway/goparse.h"
#include "core/json/unmarshal.h"

#include <algorithm>

namespace tokenlab::gateway {

namespace {

using json::Type;
using json::Value;

QByteArray bytes(std::string_view text)
{
    return {text.data(), qsizetype(text.size())};
}

// A value's place in the gateway's words (`endpoints[0].timeout`) and as a JSON pointer.
struct Place {
    QByteArray name;
    QByteArray pointer;

    Place field(std::string_view tag, std::string_view key) const
    {
        return {name.isEmpty() ? bytes(tag) : name + '.' + bytes(tag), pointer + pointerToken(key)};
    }
    // A wrapped single value has the index 0 in the words but not in the file.
    Place element(std::size_t index, bool wrapped) const
    {
        const QByteArray number = QByteArray::number(qulonglong(index));
        return {name + '[' + number + ']', wrapped ? pointer : pointer + '/' + number};
    }
    Place member(std::string_view key) const { return {name + '[' + bytes(key) + ']', pointer + pointerToken(key)}; }
};

const char *goType(Value value)
{
    switch (value.type()) {
    case Type::Bool:
        return "bool";
    case Type::Number:
        return "float64";
    case Type::String:
        return "string";
    case Type::Array:
        return "[]interface {}";
    case Type::Object:
    case Type::Null:
        break;
    }
    return "map[string]interface {}";
}

const char *goKind(Value value)
{
    return value.isArray() ? "slice" : value.isObject() ? "map" : goType(value);
}

struct Function {
}; // Backend.Decoder: nothing in a file can be one

struct Ignored { // decoded for its errors only
    enum Kind { String, Strings, Int, Bool, Duration, Float, Ids } kind;
};

class Decoder
{
public:
    std::vector<DecodeIssue> issues;

    void decode(const Place &place, Value value, QByteArray &out)
    {
        switch (value.type()) {
        case Type::String:
            out = value.bytes();
            return;
        case Type::Bool:
            out = value.asBool() ? "1" : "0";
            return;
        case Type::Number:
            out = formatPlain(value.toDouble());
            return;
        default:
            unconvertible(place, value, "string");
        }
    }

    void decode(const Place &place, Value value, PlacedText &out)
    {
        out.pointer = place.pointer;
        decode(place, value, out.text);
    }

    void decode(const Place &place, Value value, qint64 &out) { integer(place, value, out, "int"); }

    void decode(const Place &place, Value value, Duration &out)
    {
        if (!value.isString()) {
            integer(place, value, out.ns, "time.Duration");
            return;
        }
        if (auto duration = parseDuration(value.text()))
            out.ns = *duration;
        else
            issue(place, duration.error());
    }

    void decode(const Place &place, Value value, bool &out)
    {
        switch (value.type()) {
        case Type::Bool:
            out = value.asBool();
            return;
        case Type::Number:
            out = value.toDouble() != 0;
            return;
        case Type::String:
            if (auto parsed = parseBool(value.text()))
                out = *parsed;
            else if (value.text().empty())
                out = false;
            else
                unparsable(place, "bool", gatewayText(parsed.error(), "ParseBool"));
            return;
        default:
            unconvertible(place, value, "bool");
        }
    }

    void decode(const Place &place, Value value, double &out)
    {
        switch (value.type()) {
        case Type::Bool:
            out = value.asBool() ? 1 : 0;
            return;
        case Type::Number:
            out = value.toDouble();
            return;
        case Type::String:
            if (auto parsed = parseFloat(value.text().empty() ? "0" : value.text()))
                out = *parsed;
            else
                unparsable(place, "float64", gatewayText(parsed.error(), "ParseFloat"));
            return;
        default:
            unconvertible(place, value, "float64");
        }
    }

    // TLS ids. Numbers are cut to 16 bits without a word.
    void decode(const Place &place, Value value, quint16 &out)
    {
        switch (value.type()) {
        case Type::Bool:
            out = value.asBool() ? 1 : 0;
            return;
        case Type::Number:
            out = quint16(truncate(value.toDouble()));
            return;
        case Type::String:
            if (auto parsed = parseUint(value.text().empty() ? "0" : value.text(), 16))
                out = quint16(*parsed);
            else
                unparsable(place, "uint16", gatewayText(parsed.error(), "ParseUint"));
            return;
        default:
            unconvertible(place, value, "uint16");
        }
    }

    template <class T>
    void decode(const Place &place, Value value, std::vector<T> &out)
    {
        const bool wrapped = !value.isArray();
        if (wrapped && value.isObject() && value.size() == 0)
            return; // an empty object is an empty list
        const std::size_t count = wrapped ? 1 : value.size();
        out.resize(count);
        for (std::size_t i = 0; i < count; ++i) {
            const Value element = wrapped ? value : value.at(i);
            if (!element.isNull())
                decode(place.element(i, wrapped), element, out[i]);
        }
    }

    template <class T>
    void decode(const Place &place, Value value, std::optional<T> &out)
    {
        decode(place, value, out.emplace());
    }

    void decode(const Place &place, Value value, std::map<QByteArray, QByteArray> &out)
    {
        mapOf(place, value, "map[string]string", [&](std::string_view key, Value member, const auto &placeOf, std::size_t) {
            QByteArray text;
            if (member.isArray() || member.isObject()) {
                decode(placeOf().member(key), member, text);
                return;
            }
            if (!member.isNull())
                decode(place, member, text);
            out[bytes(key)] = text;
        });
    }

    void decode(const Place &place, Value value, RawExtra &out)
    {
        // Nobody nests lists around components this deep; without the bound every member would carry a long pointer.
        constexpr std::size_t pointedDepth = 16;
        mapOf(
            place, value, "config.ExtraConfig",
            [&](std::string_view key, Value member, const auto &placeOf, std::size_t depth) {
                out.entries[bytes(key)] = {member, depth > pointedDepth ? place.pointer : placeOf().member(key).pointer};
            },
            &out.present);
    }

    void decode(const Place &place, Value value, Function) { unconvertible(place, value, "encoding.Decoder"); }

    void decode(const Place &place, Value value, Ignored ignored)
    {
        QByteArray text;
        std::vector<QByteArray> texts;
        std::vector<quint16> ids;
        qint64 number = 0;
        Duration duration;
        double real = 0;
        bool flag = false;
        switch (ignored.kind) {
        case Ignored::String:
            return decode(place, value, text);
        case Ignored::Strings:
            return decode(place, value, texts);
        case Ignored::Int:
            return decode(place, value, number);
        case Ignored::Bool:
            return decode(place, value, flag);
        case Ignored::Duration:
            return decode(place, value, duration);
        case Ignored::Float:
            return decode(place, value, real);
        case Ignored::Ids:
            return decode(place, value, ids);
        }
    }

    // A struct: its fields in the gateway's order. Each names its target; what the lab has no use for is decoded for its errors.
    class Fields
    {
    public:
        Fields(Decoder &decoder, const Place &place, Value value) : m_decoder(decoder), m_place(place), m_value(value)
        {
            if (!value.isObject())
                decoder.issue(place, "expected a map or struct, got \"" + QByteArray(goKind(value)) + '"');
        }
        template <class T>
        Fields &operator()(std::string_view tag, T &&target)
        {
            std::string_view key = tag;
            Value value = m_value.find(tag);
            if (!value.exists()) {
                for (const json::Member &member : m_value.members()) {
                    if (json::equalFold(member.name, tag)) {
                        key = member.name;
                        value = member.value;
                        break;
                    }
                }
            }
            if (value.exists() && !value.isNull())
                m_decoder.decode(m_place.field(tag, key), value, std::forward<T>(target));
            return *this;
        }

    private:
        Decoder &m_decoder;
        const Place &m_place;
        Value m_value;
    };

    struct Plugin {
        bool *present;
    };
    void decode(const Place &place, Value value, Plugin plugin)
    {
        *plugin.present = true;
        Fields(*this, place, value)("folder", Ignored{Ignored::String})("pattern", Ignored{Ignored::String});
    }

    using KeyPair = std::pair<QByteArray, QByteArray>;
    void decode(const Place &place, Value value, KeyPair &out)
    {
        Fields(*this, place, value)("public_key", out.first)("private_key", out.second);
    }

    void decode(const Place &place, Value value, RawServerTls &out)
    {
        Fields(*this, place, value)("disabled", out.disabled)("public_key", out.publicKey)("private_key", out.privateKey)(
            "ca_certs", Ignored{Ignored::Strings})("min_version", Ignored{Ignored::String})("max_version", Ignored{Ignored::String})(
            "curve_preferences", Ignored{Ignored::Ids})("prefer_server_cipher_suites", Ignored{Ignored::Bool})(
            "cipher_suites", Ignored{Ignored::Ids})("enable_mtls", Ignored{Ignored::Bool})("disable_system_ca_pool",
                                                                                           Ignored{Ignored::Bool})("keys", out.keys);
    }

    struct Connection {
    };
    void decode(const Place &place, Value value, Connection)
    {
        Fields(*this, place, value)("max_retries", Ignored{Ignored::Int})("backoff_strategy", Ignored{Ignored::String})(
            "health_interval", Ignored{Ignored::Duration});
    }

    struct Consumer {
    };
    void decode(const Place &place, Value value, Consumer)
    {
        Fields(*this, place, value)("timeout", Ignored{Ignored::Duration})("workers", Ignored{Ignored::Int})(
            "topic", Ignored{Ignored::String})("max_rate", Ignored{Ignored::Float});
    }

    void decode(const Place &place, Value value, RawClientCert &out)
    {
        Fields(*this, place, value)("certificate", out.certificate)("private_key", out.privateKey);
    }

    void decode(const Place &place, Value value, RawClientTls &out)
    {
        Fields(*this, place, value)("allow_insecure_connections", out.allowInsecure)("ca_certs", out.caCerts)(
            "disable_system_ca_pool", out.disableSystemCaPool)("min_version", out.minVersion)("max_version", out.maxVersion)(
            "curve_preferences", out.curvePreferences)("cipher_suites", out.cipherSuites)("client_certs", out.clientCerts);
    }

    void decode(const Place &place, Value value, RawBackend &out)
    {
        out.pointer = place.pointer;
        // The last four of the first group have no name of their own in the file's language, but match all the same.
        Fields(*this, place, value)("group", out.group)("method", out.method)("host", out.host)(
            "disable_host_sanitize", out.disableHostSanitize)("url_pattern", out.urlPattern)("allow", out.allow)("deny", out.deny)(
            "mapping", out.mapping)("encoding", out.encoding)("is_collection", out.isCollection)("target", out.target)("sd", out.sd)(
            "sd_scheme", out.sdScheme)("URLKeys", Ignored{Ignored::Strings})("ConcurrentCalls", Ignored{Ignored::Int})(
            "Timeout", Ignored{Ignored::Duration})("Decoder", Function{})("extra_config", out.extraConfig)(
            "input_headers", out.inputHeaders)("input_query_strings", out.inputQueryStrings);
    }

    void decode(const Place &place, Value value, RawEndpoint &out)
    {
        out.pointer = place.pointer;
        Fields(*this, place, value)("endpoint", out.endpoint)("method", out.method)("backend", out.backend)(
            "concurrent_calls", out.concurrentCalls)("timeout", out.timeout)("cache_ttl", out.cacheTtl)("input_query_strings",
                                                                                                        out.inputQueryStrings)(
            "extra_config", out.extraConfig)("input_headers", out.inputHeaders)("output_encoding", out.outputEncoding);
    }

    void decode(const Place &place, Value value, RawAgent &out)
    {
        RawExtra extra;
        Fields(*this, place, value)("name", Ignored{Ignored::String})("connection", Connection{})("consumer", Consumer{})(
            "encoding", Ignored{Ignored::String})("backend", out.backend)("extra_config", extra);
    }

    void decode(const Place &place, Value value, RawService &out)
    {
        constexpr Ignored duration{Ignored::Duration};
        constexpr Ignored flag{Ignored::Bool};
        constexpr Ignored number{Ignored::Int};
        Fields(*this, place, value)("name", Ignored{Ignored::String})("endpoints", out.endpoints)("async_agent", out.agents)(
            "timeout", out.timeout)("cache_ttl", out.cacheTtl)("host", out.host)("port", out.port)("listen_ip", out.listenIp)(
            "version", out.version)("output_encoding", out.outputEncoding)("extra_config", out.extraConfig)(
            "read_timeout", out.readTimeout)("write_timeout", out.writeTimeout)("idle_timeout", duration)(
            "read_header_timeout", out.readHeaderTimeout)("max_header_bytes", out.maxHeaderBytes)("disable_keep_alives",
                                                                                                  out.disableKeepAlives)(
            "disable_compression", out.disableCompression)("max_idle_connections", number)("max_idle_connections_per_host", number)(
            "idle_connection_timeout", duration)("response_header_timeout", out.responseHeaderTimeout)("expect_continue_timeout", duration)(
            "dialer_timeout", out.dialerTimeout)("dialer_fallback_delay", duration)("dialer_keep_alive", duration)(
            "disable_rest", out.disableRest)("plugin", Plugin{&out.hasPlugins})("tls", out.tls)("use_h2c", flag)("debug_endpoint", flag)(
            "echo_endpoint", flag)("sequential_start", flag)("allow_insecure_connections", out.allowInsecure)("client_tls", out.clientTls)(
            "dns_cache_ttl", duration)("max_shutdown_wait_time", duration);
    }

private:
    void issue(const Place &place, const QByteArray &what) { issues.push_back({'\'' + place.name + "' " + what, place.pointer}); }

    void unconvertible(const Place &place, Value value, const char *wanted)
    {
        issue(place, "expected type '" + QByteArray(wanted) + "', got unconvertible type '" + goType(value) + '\'');
    }

    void unparsable(const Place &place, const char *wanted, const QByteArray &why)
    {
        issue(place, "cannot parse value as '" + QByteArray(wanted) + "': " + why);
    }

    void integer(const Place &place, Value value, qint64 &out, const char *type)
    {
        switch (value.type()) {
        case Type::Bool:
            out = value.asBool() ? 1 : 0;
            return;
        case Type::Number:
            out = truncate(value.toDouble());
            return;
        case Type::String:
            if (auto parsed = parseInt(value.text().empty() ? "0" : value.text()))
                out = *parsed;
            else
                unparsable(place, type, gatewayText(parsed.error(), "ParseInt"));
            return;
        default:
            unconvertible(place, value, type);
        }
    }

    // An object, or arrays of objects to any depth, merged in order; the first wrong element ends the merge. The walk keeps its own
    // stack and words a place only where it is needed: a hostile file may nest ten thousand arrays.
    template <class EachMember>
    void mapOf(const Place &root, Value value, const char *type, EachMember each, bool *present = nullptr)
    {
        struct Step {
            Value value;
            std::size_t next = 0;
        };
        std::vector<Step> stack{{value}};
        const auto place = [&] {
            Place at = root;
            for (std::size_t i = 0; i + 1 < stack.size(); ++i) {
                const QByteArray index = QByteArray::number(qulonglong(stack[i].next - 1));
                at.name += '[' + index + ']';
                at.pointer += '/' + index;
            }
            return at;
        };
        while (!stack.empty()) {
            Step &step = stack.back();
            if (step.value.isObject()) {
                if (present)
                    *present = true;
                const std::size_t before = issues.size();
                for (const json::Member &member : step.value.members())
                    each(member.name, member.value, place, stack.size());
                if (issues.size() != before)
                    return;
                stack.pop_back();
            } else if (step.value.isArray()) {
                if (present && step.value.size() == 0)
                    *present = true;
                if (step.next == step.value.size()) {
                    stack.pop_back();
                    continue;
                }
                const Value element = step.value.at(step.next++);
                if (!element.isNull())
                    stack.push_back({element});
            } else {
                unconvertible(place(), step.value, type);
                return;
            }
        }
    }
};

} // namespace

QByteArray pointerToken(std::string_view name)
{
    QByteArray token = bytes(name);
    token.replace('~', "~0").replace('/', "~1");
    return '/' + token;
}

Decoded decodeService(Value root)
{
    Decoded out;
    Decoder decoder;
    if (root.isObject())
        decoder.decode(Place{}, root, out.service);
    out.issues = std::move(decoder.issues);
    return out;
}

QByteArray gatewayText(const std::vector<DecodeIssue> &issues)
{
    QByteArray text("decoding failed due to the following error(s):\n");
    for (const DecodeIssue &issue : issues)
        text += '\n' + issue.text;
    return text;
}

} // namespace tokenlab::gateway
