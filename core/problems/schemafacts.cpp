#include "core/problems/schemafacts.h"

#include <algorithm>

namespace tokenlab::problems::schema {

namespace {

using Members = std::map<QByteArray, Shape>;
using Texts = std::vector<QByteArray>;

Shape any()
{
    return {};
}

Shape plain(Shape::Kind kind)
{
    Shape shape;
    shape.kind = kind;
    return shape;
}

Shape text(Shape::Pattern pattern = Shape::NoPattern)
{
    Shape shape = plain(Shape::String);
    shape.pattern = pattern;
    return shape;
}

Shape flag()
{
    return plain(Shape::Boolean);
}
Shape number()
{
    return plain(Shape::Number);
}
Shape duration()
{
    return text(Shape::Duration);
}

Shape integer(std::optional<int> min = {}, std::optional<int> max = {})
{
    Shape shape = plain(Shape::Integer);
    shape.min = min;
    shape.max = max;
    return shape;
}

Shape one(Texts texts)
{
    Shape shape = plain(Shape::OneOfTexts);
    shape.texts = std::move(texts);
    return shape;
}

Shape oneNumber(std::vector<int> numbers)
{
    Shape shape = plain(Shape::OneOfNumbers);
    shape.numbers = std::move(numbers);
    return shape;
}

Shape list(Shape item)
{
    Shape shape = plain(Shape::Array);
    shape.item = std::make_shared<const Shape>(std::move(item));
    return shape;
}

Shape sized(Shape array, std::optional<int> min, std::optional<int> max = {})
{
    array.min = min;
    array.max = max;
    return array;
}

Shape uniqueList(Shape item)
{
    Shape shape = list(std::move(item));
    shape.unique = true;
    return shape;
}

Shape texts()
{
    return list(text());
}
Shape uniqueTexts()
{
    return uniqueList(text());
}

Shape structure(Object object)
{
    Shape shape = plain(Shape::Structure);
    shape.object = std::make_shared<const Object>(std::move(object));
    return shape;
}

Shape structure(Members members, Texts required = {})
{
    Object object;
    object.members = std::move(members);
    object.required = std::move(required);
    return structure(std::move(object));
}

Object open(Members members, Texts required = {})
{
    Object object;
    object.members = std::move(members);
    object.required = std::move(required);
    object.closed = false;
    return object;
}

Shape freeObject()
{
    return structure(open({}));
}

// A schema of its own document. `type`: what the place that refers to it demands by itself.
Shape apart(Shape shape, QByteArray type = {})
{
    shape.reference = true;
    shape.type = std::move(type);
    return shape;
}

Shape unjudged(QByteArray type = {})
{
    Shape shape = plain(Shape::Unjudged);
    shape.type = std::move(type);
    return shape;
}

Choice needs(Texts required)
{
    Choice choice;
    choice.required = std::move(required);
    return choice;
}

const Texts &algorithms()
{
    static const Texts names{"EdDSA", "HS256", "HS384", "HS512", "RS256", "RS384", "RS512",
                             "ES256", "ES384", "ES512", "PS256", "PS384", "PS512"};
    return names;
}

Shape cipherSuites()
{
    return list(oneNumber({5,     10,    47,    53,    60,    156,   157,   49159, 49161, 49162, 49169,
                           49170, 49171, 49172, 49187, 49191, 49199, 49195, 49200, 49196, 52392, 52393}));
}

Shape signer()
{
    Object object;
    object.required = {"alg", "kid", "keys_to_sign"};
    object.how = Object::One;
    object.choices = {needs({"alg", "jwk_local_path", "disable_jwk_security"}), needs({"alg", "jwk_url"})};
    object.members = {{"alg", one(algorithms())},
                      {"cipher_suites", cipherSuites()},
                      {"cypher_key", text()},
                      {"disable_jwk_security", flag()},
                      {"full", flag()},
                      {"jwk_fingerprints", texts()},
                      {"jwk_local_ca", text()},
                      {"jwk_local_path", text()},
                      {"jwk_url", text()},
                      {"keys_to_sign", texts()},
                      {"kid", text()},
                      {"leeway", duration()},
                      {"secret_url", text(Shape::KeeperUrl)}};
    return structure(std::move(object));
}

Shape validator()
{
    Object object;
    object.how = Object::One;
    object.choices = {needs({"alg", "jwk_local_path"}), needs({"alg", "jwk_url"})};
    object.members = {{"alg", one(algorithms())},
                      {"audience", texts()},
                      {"auth_header_name", text()},
                      {"cache", flag()},
                      {"cache_duration", integer()},
                      {"cipher_suites", cipherSuites()},
                      {"cookie_key", text()},
                      {"cypher_key", text()},
                      {"disable_jwk_security", flag()},
                      {"failed_jwk_key_cooldown", duration()},
                      {"issuer", text()},
                      {"jwk_fingerprints", texts()},
                      {"jwk_local_ca", text()},
                      {"jwk_local_path", text()},
                      {"jwk_url", text()},
                      {"key_identify_strategy", one({"kid", "x5t", "x5t#S256", "kid_x5t"})},
                      {"leeway", duration()},
                      {"operation_debug", flag()},
                      {"propagate_claims", list(sized(texts(), 2, 2))},
                      {"propagate_claims_preserve_array", flag()},
                      {"roles", texts()},
                      {"roles_key", text()},
                      {"roles_key_is_nested", flag()},
                      {"scopes", texts()},
                      {"scopes_key", text()},
                      {"scopes_matcher", one({"any", "all"})},
                      {"secret_url", text(Shape::KeeperUrl)}};
    return structure(std::move(object));
}

Shape flatmap()
{
    return list(structure({{"type", one({"move", "del", "append"})}, {"args", texts()}}, {"type", "args"}));
}

Shape lua()
{
    return structure({{"allow_open_libs", flag()},
                      {"live", flag()},
                      {"md5", freeObject()},
                      {"post", text()},
                      {"pre", text()},
                      {"skip_next", flag()},
                      {"sources", texts()}});
}

Shape cel()
{
    return sized(list(structure({{"check_expr", text()}}, {"check_expr"})), 1);
}

Shape clientTls()
{
    const Shape versions = one({"SSL3.0", "TLS10", "TLS11", "TLS12", "TLS13"});
    Object object;
    object.type.clear();
    object.members = {{"allow_insecure_connections", flag()},
                      {"ca_certs", list(any())},
                      {"cipher_suites", uniqueList(any())},
                      {"client_certs", list(structure({{"certificate", text()}, {"private_key", text()}}, {"certificate", "private_key"}))},
                      {"curve_preferences", uniqueList(oneNumber({23, 24, 25}))},
                      {"disable_system_ca_pool", flag()},
                      {"max_version", versions},
                      {"min_version", versions}};
    return structure(std::move(object));
}

Shape serverTls()
{
    const Shape versions = one({"SSL3.0", "TLS10", "TLS11", "TLS12", "TLS13"});
    Object key = open({{"private_key", text()}, {"public_key", text()}});
    key.type.clear();
    Object object;
    object.type.clear();
    object.how = Object::Any;
    Choice keyed = needs({"keys"});
    keyed.type = "object";
    Choice null;
    null.type = "null";
    object.choices = {keyed, null};
    object.members = {{"ca_certs", texts()},
                      {"cipher_suites", uniqueList(integer())},
                      {"curve_preferences", uniqueList(oneNumber({23, 24, 25}))},
                      {"disable_system_ca_pool", flag()},
                      {"disabled", flag()},
                      {"enable_mtls", flag()},
                      {"keys", sized(list(structure(std::move(key))), 1)},
                      {"max_version", versions},
                      {"min_version", versions}};
    return structure(std::move(object));
}

Shape backendLog()
{
    Object object;
    object.minMembers = 1;
    object.members = {{"custom_format", text()},
                      {"log_with_level", one({"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"})},
                      {"no_value", text()},
                      {"prefix", text()}};
    return structure(std::move(object));
}

Shape routerRateLimit()
{
    Object object;
    object.how = Object::Any;
    object.choices = {needs({"max_rate"}), needs({"client_max_rate"})};
    object.members = {{"capacity", integer()},
                      {"cleanup_period", duration()},
                      {"cleanup_threads", integer()},
                      {"client_capacity", integer()},
                      {"client_max_rate", number()},
                      {"every", duration()},
                      {"key", text()},
                      {"max_rate", number()},
                      {"num_shards", integer()},
                      {"strategy", one({"ip", "header", "param"})}};
    return structure(std::move(object));
}

Shape botDetector()
{
    Object object;
    object.minMembers = 1;
    object.members = {
        {"allow", texts()}, {"cache_size", integer()}, {"deny", texts()}, {"empty_user_agent_is_bot", flag()}, {"patterns", texts()}};
    return structure(std::move(object));
}

Shape securityHttp()
{
    return structure({{"allowed_hosts", texts()},
                      {"allowed_hosts_are_regex", flag()},
                      {"browser_xss_filter", flag()},
                      {"content_security_policy", text()},
                      {"content_type_nosniff", flag()},
                      {"custom_frame_options_value", text()},
                      {"force_sts_header", flag()},
                      {"frame_deny", flag()},
                      {"host_proxy_headers", texts()},
                      {"hpkp_public_key", text()},
                      {"is_development", flag()},
                      {"referrer_policy", text()},
                      {"ssl_host", text()},
                      {"ssl_proxy_headers", freeObject()},
                      {"ssl_redirect", flag()},
                      {"sts_include_subdomains", flag()},
                      {"sts_seconds", integer()}});
}

const Texts &corsMethods()
{
    static const Texts names{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
    return names;
}

Shape endpointCors()
{
    return structure({{"allow_credentials", flag()},
                      {"allow_headers", texts()},
                      {"allow_methods", list(one(corsMethods()))},
                      {"allow_origins", texts()},
                      {"allow_private_network", flag()},
                      {"debug", flag()},
                      {"expose_headers", texts()},
                      {"max_age", duration()},
                      {"options_passthrough", flag()},
                      {"options_success_status", integer()}});
}

Shape serviceCors()
{
    return structure(open({{"allow_credentials", flag()},
                           {"allow_headers", texts()},
                           {"allow_methods", uniqueList(one(corsMethods()))},
                           {"allow_origins", texts()},
                           {"debug", flag()},
                           {"expose_headers", texts()},
                           {"max_age", duration()}},
                          {"allow_origins"}));
}

Shape serviceLogging()
{
    return structure({{"format", text()},
                      {"access_log_custom_format", text()},
                      {"access_log_format", one({"", "default", "httpdCommon", "httpdCombine", "json", "custom"})},
                      {"access_log_missing_key_marker", text()},
                      {"backend", apart(backendLog(), "object")},
                      {"custom_format", text()},
                      {"level", one({"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"})},
                      {"prefix", text()},
                      {"stdout", flag()},
                      {"syslog", flag()},
                      {"syslog_facility", one({"local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7"})}},
                     {"level"});
}

Shape router()
{
    return structure({{"app_engine", flag()},
                      {"auto_options", flag()},
                      {"decompress_gzip", integer()},
                      {"disable_access_log", flag()},
                      {"disable_gzip", flag()},
                      {"disable_handle_method_not_allowed", flag()},
                      {"disable_health", flag()},
                      {"disable_path_decoding", flag()},
                      {"disable_redirect_fixed_path", flag()},
                      {"disable_redirect_trailing_slash", flag()},
                      {"error_body", structure({{"404", freeObject()}, {"405", freeObject()}})},
                      {"forwarded_by_client_ip", flag()},
                      {"health_path", text()},
                      {"hide_version_header", flag()},
                      {"logger_skip_paths", texts()},
                      {"max_multipart_memory", integer()},
                      {"max_payload", integer()},
                      {"remote_ip_headers", texts()},
                      {"remove_extra_slash", flag()},
                      {"return_error_msg", flag()},
                      {"trusted_proxies", texts()}});
}

Shape revoker()
{
    return structure({{"N", integer()},
                      {"P", number()},
                      {"TTL", integer()},
                      {"hash_name", one({"optimal", "default"})},
                      {"port", integer()},
                      {"revoke_server_api_key", text()},
                      {"revoke_server_max_retries", integer()},
                      {"revoke_server_max_workers", integer()},
                      {"revoke_server_ping_interval", duration()},
                      {"revoke_server_ping_url", text()},
                      {"token_keys", texts()}},
                     {"N", "P", "hash_name", "TTL", "port", "token_keys"});
}

Shape circuitBreaker(bool http)
{
    Members members{
        {"interval", integer()}, {"log_status_change", flag()}, {"max_errors", integer()}, {"name", text()}, {"timeout", integer()}};
    Texts required{"interval", "timeout", "max_errors"};
    if (http) {
        Shape codes = uniqueList(integer(100, 599));
        codes.min = 1;
        members.emplace("valid_status_codes", codes);
        required.emplace_back("valid_status_codes");
    }
    return structure(std::move(members), std::move(required));
}

Shape httpCache()
{
    Object object;
    object.how = Object::One;
    Choice empty;
    empty.maxMembers = 0;
    object.choices = {needs({"max_size", "max_items"}), needs({"shared"}), empty};
    object.members = {{"max_items", integer(1)}, {"max_size", integer(1024)}, {"shared", flag()}};
    return structure(std::move(object));
}

Shape backendHttp()
{
    Object object = open({{"return_error_code", flag()}, {"return_error_details", text()}});
    object.type.clear();
    object.how = Object::One;
    object.choices = {needs({"return_error_details"}), needs({"return_error_code"})};
    return structure(std::move(object));
}

Shape backendExtra()
{
    Members members;
    for (const char *name : {"ai/llm",
                             "auth/aws-sigv4",
                             "auth/client-credentials",
                             "auth/gcp",
                             "auth/ntlm",
                             "backend/amqp/consumer",
                             "backend/amqp/producer",
                             "backend/conditional",
                             "backend/graphql",
                             "backend/grpc",
                             "backend/lambda",
                             "backend/pubsub/publisher",
                             "backend/pubsub/subscriber",
                             "backend/pubsub/publisher/kafka",
                             "backend/pubsub/subscriber/kafka",
                             "backend/soap",
                             "backend/static-filesystem",
                             "governance/quota",
                             "modifier/body-generator",
                             "modifier/jmespath",
                             "modifier/request-body-generator",
                             "modifier/response-body",
                             "modifier/response-body-generator",
                             "plugin/http-client",
                             "plugin/middleware",
                             "plugin/req-resp-modifier",
                             "security/policies",
                             "telemetry/opentelemetry",
                             "validation/response-json-schema"})
        members.emplace(name, unjudged());
    members.emplace("modifier/martian", unjudged("object"));
    members.emplace("workflow", unjudged("object"));
    members.emplace("backend/http", backendHttp());
    members.emplace(
        "backend/http/client",
        apart(structure(
            {{"client_tls", apart(clientTls())}, {"no_redirect", flag()}, {"proxy_address", any()}, {"send_body_on_redirect", flag()}})));
    members.emplace("modifier/lua-backend", apart(lua()));
    members.emplace("proxy", apart(structure({{"flatmap_filter", apart(flatmap(), "array")}, {"shadow", flag()}})));
    members.emplace("qos/circuit-breaker", apart(circuitBreaker(false)));
    members.emplace("qos/circuit-breaker/http", apart(circuitBreaker(true)));
    members.emplace("qos/http-cache", httpCache());
    members.emplace("qos/ratelimit/proxy",
                    apart(structure({{"capacity", integer()}, {"every", duration()}, {"max_rate", number()}}, {"max_rate", "capacity"})));
    members.emplace("telemetry/logging", structure({{"backend", apart(backendLog())}}));
    members.emplace("validation/cel", apart(cel()));
    return structure(std::move(members));
}

Shape backend()
{
    Shape host = text(Shape::Something);
    host.min = 1;
    return structure({{"allow", uniqueTexts()},
                      {"deny", uniqueTexts()},
                      {"disable_host_sanitize", flag()},
                      {"encoding", one({"json", "safejson", "fast-json", "xml", "rss", "string", "no-op", "yaml"})},
                      {"extra_config", apart(backendExtra(), "object")},
                      {"group", text()},
                      {"host", list(host)},
                      {"input_headers", uniqueTexts()},
                      {"input_query_strings", uniqueTexts()},
                      {"is_collection", flag()},
                      {"mapping", freeObject()},
                      {"method", one({"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "CONNECT", "TRACE"})},
                      {"sd", one({"static", "dns", "dns-shared"})},
                      {"sd_scheme", text()},
                      {"target", text()},
                      {"url_pattern", text()}},
                     {"url_pattern"});
}

Shape endpointProxy()
{
    const Shape fixed = structure({{"data", freeObject()}, {"strategy", one({"always", "success", "complete", "errored", "incomplete"})}},
                                  {"data", "strategy"});
    Shape filter = apart(flatmap(), "array");
    filter.alsoItem = std::make_shared<const Shape>(freeObject());
    return structure({{"combiner", text()},
                      {"decompress_gzip", flag()},
                      {"flatmap_filter", filter},
                      {"max_payload", integer()},
                      {"sequential", flag()},
                      {"sequential_propagated_params", list(text(Shape::SequentialParameter))},
                      {"static", fixed}});
}

Shape endpointExtra()
{
    Members members;
    members.emplace("ai/mcp", unjudged());
    for (const char *name : {"auth/basic", "documentation/openapi", "documentation/postman", "governance/quota", "modifier/jmespath",
                             "modifier/request-body-extractor", "modifier/request-body-extractor/early", "modifier/request-body-generator",
                             "modifier/response-body", "modifier/response-body-generator", "plugin/middleware", "plugin/req-resp-modifier",
                             "qos/ratelimit/router/redis", "qos/ratelimit/tiered", "security/policies", "telemetry/opentelemetry",
                             "validation/response-json-schema", "websocket"})
        members.emplace(name, unjudged("object"));
    members.emplace(
        "auth/api-keys",
        structure(
            {{"client_max_rate", number()}, {"identifier", text()}, {"roles", texts()}, {"strategy", one({"header", "query_string"})}},
            {"roles"}));
    members.emplace("auth/signer", apart(signer(), "object"));
    members.emplace("auth/validator", apart(validator(), "object"));
    members.emplace("modifier/lua-endpoint", apart(lua(), "object"));
    members.emplace("modifier/lua-proxy", apart(lua(), "object"));
    members.emplace("proxy", endpointProxy());
    members.emplace("qos/ratelimit/router", apart(routerRateLimit(), "object"));
    members.emplace("security/bot-detector", apart(botDetector(), "object"));
    members.emplace("security/cors", apart(endpointCors(), "object"));
    members.emplace("security/http", apart(securityHttp(), "object"));
    members.emplace("validation/cel", apart(cel(), "array"));
    members.emplace("validation/json-schema", freeObject());
    return structure(std::move(members));
}

Shape endpoint()
{
    return structure({{"backend", sized(list(apart(backend(), "object")), 1)},
                      {"cache_ttl", duration()},
                      {"concurrent_calls", integer(1, 5)},
                      {"endpoint", text(Shape::EndpointPath)},
                      {"extra_config", apart(endpointExtra(), "object")},
                      {"input_headers", uniqueTexts()},
                      {"input_query_strings", uniqueTexts()},
                      {"method", one({"GET", "POST", "PUT", "PATCH", "DELETE"})},
                      {"output_encoding", one({"json", "json-collection", "yaml", "fast-json", "xml", "negotiate", "string", "no-op"})},
                      {"timeout", duration()}},
                     {"endpoint", "backend"});
}

Shape serviceExtra()
{
    Members members;
    for (const char *name : {"ai/mcp",
                             "auth/api-keys",
                             "auth/basic",
                             "documentation/openapi",
                             "documentation/postman",
                             "governance/processors",
                             "governance/quota",
                             "grpc",
                             "modifier/request-body-extractor",
                             "modifier/response-headers",
                             "plugin/http-server",
                             "qos/ratelimit/service/redis",
                             "qos/ratelimit/tiered",
                             "redis",
                             "server/static-filesystem",
                             "server/virtualhost",
                             "telemetry/gelf",
                             "telemetry/influx",
                             "telemetry/logstash",
                             "telemetry/metrics",
                             "telemetry/moesif",
                             "telemetry/newrelic",
                             "telemetry/opencensus",
                             "telemetry/opentelemetry",
                             "telemetry/opentelemetry-security"})
        members.emplace(name, unjudged());
    members.emplace("auth/revoker", apart(revoker()));
    members.emplace("auth/validator", apart(structure({{"shared_cache_duration", integer()}}, {"shared_cache_duration"})));
    members.emplace("modifier/lua-endpoint", apart(lua()));
    members.emplace("qos/ratelimit/service", apart(routerRateLimit()));
    members.emplace("router", apart(router()));
    members.emplace("security/bot-detector", apart(botDetector()));
    members.emplace("security/cors", serviceCors());
    members.emplace("security/http", apart(securityHttp()));
    members.emplace("telemetry/logging", apart(serviceLogging()));
    return structure(std::move(members));
}

Shape service()
{
    Members members;
    for (const char *name : {"cache_ttl", "dialer_fallback_delay", "dialer_keep_alive", "dialer_timeout", "dns_cache_ttl",
                             "expect_continue_timeout", "idle_connection_timeout", "idle_timeout", "max_shutdown_wait_time",
                             "read_header_timeout", "read_timeout", "response_header_timeout", "timeout", "write_timeout"})
        members.emplace(name, duration());
    for (const char *name :
         {"debug_endpoint", "disable_compression", "disable_keep_alives", "disable_rest", "echo_endpoint", "sequential_start", "use_h2c"})
        members.emplace(name, flag());
    for (const char *name : {"max_header_bytes", "max_idle_connections", "max_idle_connections_per_host"})
        members.emplace(name, integer());
    members.emplace("async_agent", unjudged("array"));
    members.emplace("client_tls", apart(clientTls()));
    members.emplace("endpoints", list(apart(endpoint(), "object")));
    members.emplace("extra_config", apart(serviceExtra(), "object"));
    members.emplace("host", texts());
    members.emplace("listen_ip", text());
    members.emplace("name", text());
    members.emplace("output_encoding", one({"json", "fast-json", "json-collection", "xml", "negotiate", "string", "no-op"}));
    members.emplace("plugin", structure(open({{"pattern", text()}, {"folder", text()}}, {"pattern", "folder"})));
    members.emplace("port", integer(0, 65535));
    members.emplace("tls", apart(serverTls()));
    Shape version = plain(Shape::Const);
    version.numbers = {3};
    members.emplace("version", version);
    return structure(std::move(members), {"version"});
}

bool isDuration(QByteArrayView text)
{
    qsizetype at = 0;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9')
        ++at;
    const QByteArrayView unit = text.sliced(at);
    static constexpr const char *units[] = {"ns", "ms", "us", "\xc2\xb5s", "s", "m", "h"};
    return at > 0 && std::any_of(std::begin(units), std::end(units), [&](const char *name) { return unit == QByteArrayView(name); });
}

// A path from its slash on, with no special sign but a closing `/*`.
bool isEndpointPath(QByteArrayView text)
{
    if (!text.startsWith('/'))
        return false;
    const auto isPlain = [](QByteArrayView part) {
        return std::none_of(part.begin(), part.end(), [](char c) { return c == '*' || c == '?' || c == '&' || c == '%'; });
    };
    return isPlain(text) || (text.size() >= 3 && text.endsWith("/*") && isPlain(text.chopped(2)));
}

bool isKeeperUrl(QByteArrayView text)
{
    static constexpr const char *schemes[] = {"base64key://", "awskms://", "azurekeyvault://", "gcpkms://", "hashivault://"};
    return std::any_of(std::begin(schemes), std::end(schemes), [&](const char *scheme) { return text.contains(QByteArrayView(scheme)); });
}

bool isSequentialParameter(QByteArrayView text)
{
    if (!text.startsWith("resp"))
        return false;
    qsizetype at = 4;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9')
        ++at;
    if (at == 4)
        return false;
    if (at == text.size())
        return true;
    const QByteArrayView rest = text.sliced(at);
    return rest.size() > 1 && rest.startsWith('_') &&
           std::none_of(rest.begin(), rest.end(), [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r'; });
}

} // namespace

const Shape &root()
{
    static const Shape shape = service();
    return shape;
}

QByteArray patternText(Shape::Pattern pattern)
{
    switch (pattern) {
    case Shape::NoPattern:
        return {};
    case Shape::Duration:
        return "^[0-9]+(ns|ms|us|\xc2\xb5s|s|m|h)$";
    case Shape::EndpointPath:
        return "^\\/[^\\*\\?\\&\\%]*(\\/\\*)?$";
    case Shape::KeeperUrl:
        return "(base64key|awskms|azurekeyvault|gcpkms|hashivault)://(.*)";
    case Shape::SequentialParameter:
        return "^resp[0-9]+(_[^\\s]+)?$";
    case Shape::Something:
        return ".+";
    }
    return {};
}

bool fits(Shape::Pattern pattern, QByteArrayView text)
{
    switch (pattern) {
    case Shape::NoPattern:
        return true;
    case Shape::Duration:
        return isDuration(text);
    case Shape::EndpointPath:
        return isEndpointPath(text);
    case Shape::KeeperUrl:
        return isKeeperUrl(text);
    case Shape::SequentialParameter:
        return isSequentialParameter(text);
    case Shape::Something:
        return std::any_of(text.begin(), text.end(), [](char c) { return c != '\n'; });
    }
    return true;
}

} // namespace tokenlab::problems::schema
