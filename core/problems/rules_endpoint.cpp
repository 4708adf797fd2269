// What an endpoint that signs silently loses, and what its backends do to the answer (specification §4.1, §4.2, §4.5, §7).
#include "core/problems/errordetails.h"
#include "core/problems/ruletools.h"

#include "core/gateway/components.h"
#include "core/support/nearest.h"
#include "core/twin/backenddata.h"

#include <algorithm>
#include <map>
#include <set>

namespace tokenlab::problems {

namespace {

using gateway::BackendConfig;
using gateway::EndpointConfig;
namespace edit = gateway::edit;

bool carriesBody(const QByteArray &method)
{
    const QByteArray upper = method.toUpper();
    return upper == "POST" || upper == "PUT" || upper == "PATCH" || upper == "DELETE";
}

// Several are asked at once, none by a method that could change something: they get one body between them.
bool shareOneBody(const EndpointConfig &endpoint)
{
    return endpoint.backends.size() > 1 && !endpoint.sequential && carriesBody(endpoint.method) &&
           std::none_of(endpoint.backends.begin(), endpoint.backends.end(), [](const BackendConfig &backend) {
               const QByteArray method = backend.method.toUpper();
               return method != "GET" && method != "HEAD";
           });
}

bool sameCall(const BackendConfig &a, const BackendConfig &b)
{
    return a.method.toUpper() == b.method.toUpper() && a.hosts == b.hosts && a.urlPattern == b.urlPattern && a.group == b.group &&
           a.target == b.target && a.allow == b.allow && a.deny == b.deny && a.mapping == b.mapping && a.encoding == b.encoding;
}

class EndpointRules
{
public:
    EndpointRules(const Input &input, Rules &rules, std::size_t index)
        : m_input(input),
          m_rules(rules),
          m_index(index),
          m_endpoint(input.service->endpoints[index]),
          m_node(rules.tree().find(m_endpoint.pointer))
    {
    }

    void check()
    {
        if (signs(m_endpoint)) {
            lostMembers();
            failedLogin();
            outcomes();
        }
        noOp();
        backends();
        together();
        times();
    }

private:
    Problem &raise(std::string_view id, const QByteArray &pointer, std::vector<QByteArray> arguments = {})
    {
        arguments.insert(arguments.begin(), m_endpoint.path);
        return m_rules.raise(id, pointer, std::move(arguments), m_index);
    }

    [[nodiscard]] QByteArray pointerOf(int node) const { return m_rules.tree().pointerOf(node); }

    void lostMembers()
    {
        const json::SyntaxTree &tree = m_rules.tree();
        const int ttl = m_rules.member(m_node, "cache_ttl");
        if (ttl >= 0 && m_rules.text(ttl) != "0s") {
            Problem &problem = raise("cache-ttl-lost", pointerOf(ttl), {m_rules.text(ttl)});
            Rules::offer(problem, "remove", {"cache_ttl"}, edit::removeAt(tree, problem.pointer));
        }
        const int encoding = m_rules.member(m_node, "output_encoding");
        const int ofService = m_rules.member(0, "output_encoding"); // holds for endpoints without their own
        if (m_endpoint.outputEncoding != "json" && m_endpoint.outputEncoding != "no-op" && (encoding >= 0 || ofService >= 0)) {
            Problem &problem = raise("output-encoding-lost", pointerOf(encoding >= 0 ? encoding : ofService), {m_endpoint.outputEncoding});
            if (encoding >= 0)
                Rules::offer(problem, "remove", {"output_encoding"}, edit::removeAt(tree, problem.pointer));
            else
                Rules::offer(problem, "set", {"output_encoding", "json"},
                             edit::setMember(tree, m_endpoint.pointer, "output_encoding", "\"json\""));
        }
        lostComponent("rate-limit-lost", "qos/ratelimit/router");
        lostComponent("lua-endpoint-lost", "modifier/lua-endpoint");
        if (m_endpoint.backends.size() > 1) {
            raise("completed-header-lost", m_endpoint.signerPointer);
            raise("partial-refused", m_endpoint.signerPointer, {QByteArray::number(qulonglong(m_endpoint.backends.size()))});
        }
    }

    void lostComponent(std::string_view id, const char *name)
    {
        const int extra = m_rules.member(m_node, "extra_config");
        for (const QByteArray &spelling : {QByteArray(name), gateway::innerName(name)}) {
            const int component = m_rules.exact(extra, spelling);
            if (component < 0)
                continue;
            Problem &problem = raise(id, pointerOf(component));
            Rules::offer(problem, "remove", {spelling}, edit::removeAt(m_rules.tree(), problem.pointer));
            return;
        }
    }

    // The question that is asked most: why does a wrong password answer 400 and nothing else?
    void failedLogin()
    {
        const EndpointFacts *facts = m_rules.facts(m_index);
        const twin::Outcome *last = facts ? facts->lastOutcome : nullptr;
        for (std::size_t i = 0; i < m_endpoint.backends.size(); ++i) {
            const BackendConfig &backend = m_endpoint.backends[i];
            const gateway::HttpExtra &http = backend.http;
            if (!http.returnErrorDetails.isEmpty() || twin::isNoOp(backend))
                continue;
            const http::Reply *failed = nullptr;
            if (last && i < last->backends.size() && last->backends[i].reply && last->backends[i].reply->ok()) {
                const http::Reply &reply = **last->backends[i].reply;
                if (reply.status != 200 && reply.status != 201)
                    failed = &reply;
            }
            const QByteArray extra = backend.pointer + "/extra_config/backend~1http";
            const QByteArray name = detailsName(m_endpoint);
            if (http.hasReturnErrorDetails) {
                const QByteArray pointer = extra + "/return_error_details";
                Problem &problem = raise("error-details-no-name", m_rules.tree().find(pointer) >= 0 ? pointer : backend.pointer);
                Rules::offer(problem, "set", {"return_error_details", name}, detailsEdit(m_rules.tree(), backend, name));
                continue;
            }
            if (http.returnErrorCode) {
                const QByteArray pointer = extra + "/return_error_code";
                Problem &problem = raise("error-code-lost", m_rules.tree().find(pointer) >= 0 ? pointer : backend.pointer);
                if (m_endpoint.backends.size() == 1)
                    Rules::offer(problem, "set", {"return_error_details", name}, detailsEdit(m_rules.tree(), backend, name));
            }
            if (m_endpoint.backends.size() > 1)
                continue; // a merged answer carries no status: error details would make a 200 of it
            const http::Reply reply = failed ? *failed : typicalRefusal();
            const twin::SignerState signer = facts && facts->signer ? *facts->signer : twin::SignerState();
            const ErrorPreview preview = previewErrorDetails(*m_input.service, m_index, signer, reply, name);
            Problem &problem = raise("failed-login-400", backend.pointer,
                                     {QByteArray::number(reply.status), failed ? QByteArray("seen") : QByteArray("typical"),
                                      QByteArray::number(preview.beforeStatus), preview.beforeBody, QByteArray::number(preview.afterStatus),
                                      preview.afterBody, preview.leaked});
            problem.severity = failed ? Severity::Warning : Severity::Hint;
            Rules::offer(problem, "set", {"return_error_details", name}, detailsEdit(m_rules.tree(), backend, name));
        }
    }

    // What the last run showed.
    void outcomes()
    {
        const EndpointFacts *facts = m_rules.facts(m_index);
        if (!facts || !facts->lastOutcome)
            return;
        const twin::Outcome &last = *facts->lastOutcome;
        std::set<QByteArray> dropped;
        for (std::size_t i = 0; i < last.backends.size() && i < m_endpoint.backends.size(); ++i) {
            const twin::BackendExchange &exchange = last.backends[i];
            const BackendConfig &backend = m_endpoint.backends[i];
            for (const twin::Dropped &one : exchange.dropped)
                if (dropped.insert(QByteArray::number(int(one.kind)) + one.name).second)
                    droppedPart(one);
            if (!exchange.reply || !exchange.reply->ok())
                continue;
            const int status = (**exchange.reply).status;
            if (status == 201 && last.response.status == 200)
                raise("created-becomes-ok", backend.pointer);
            if (!exchange.sent.body.isEmpty() && (status == 411 || status == 501))
                raise("chunked-body", backend.pointer, {QByteArray::number(status)});
        }
    }

    void droppedPart(const twin::Dropped &one)
    {
        // What every HTTP client adds by itself is no loss.
        static const std::set<QByteArray> usual{
            "Accept", "Accept-Encoding", "Accept-Language", "Cache-Control", "Connection", "Content-Length",
            "Host",   "Origin",          "Pragma",          "Referer",       "User-Agent", "Dnt"};
        if (one.kind == twin::Dropped::Header && (usual.contains(one.name) || one.name.startsWith("Sec-")))
            return;
        const bool query = one.kind == twin::Dropped::Query;
        const QByteArray list = query ? QByteArray("input_query_strings") : QByteArray("input_headers");
        Problem &problem = raise(query ? "query-dropped" : "header-dropped", m_endpoint.pointer, {one.name, list});
        edit::Edit both;
        if (const auto splice = edit::appendText(m_rules.tree(), m_endpoint.pointer, list, QString::fromUtf8(one.name)))
            Rules::offer(problem, "add", {one.name, list}, splice);
    }

    void noOp()
    {
        if (!signs(m_endpoint))
            return;
        const bool endpointNoOp = m_endpoint.outputEncoding == "no-op";
        for (const BackendConfig &backend : m_endpoint.backends) {
            if (!endpointNoOp && !twin::isNoOp(backend))
                continue;
            const QByteArray owner = endpointNoOp ? m_endpoint.pointer : backend.pointer;
            const QByteArray member = endpointNoOp ? QByteArray("output_encoding") : QByteArray("encoding");
            const int node = m_rules.member(m_rules.tree().find(owner), member);
            Problem &problem = raise("no-op-unsigned", node >= 0 ? pointerOf(node) : owner);
            Rules::offer(problem, "set", {member, "json"}, edit::setMember(m_rules.tree(), owner, member, "\"json\""));
            return;
        }
    }

    void backends()
    {
        static const std::vector<QByteArray> encodings{"json", "safejson", "xml", "rss", "string", "no-op", "fast-json", "yaml"};
        for (const BackendConfig &backend : m_endpoint.backends) {
            const int node = m_rules.tree().find(backend.pointer);
            if (backend.hosts.empty())
                raise("no-host", backend.pointer);
            const int hosts = m_rules.member(node, "host");
            if (m_rules.isTrue(m_rules.member(node, "disable_host_sanitize"))) {
                for (const QByteArray &host : backend.hosts)
                    if (!host.startsWith("http://") && !host.startsWith("https://") && backend.sd != "dns" && backend.sd != "dns-shared")
                        raise("host-without-scheme", hosts >= 0 ? pointerOf(hosts) : backend.pointer, {host});
            } else if (hosts >= 0) {
                schemelessHosts(hosts);
            }
            encodingOf(backend, node, encodings);
            const int sd = m_rules.member(node, "sd");
            if (sd >= 0 && backend.sd != "static" && backend.sd != "dns" && backend.sd != "dns-shared" && !backend.sd.isEmpty()) {
                Problem &problem = raise("sd-unknown", pointerOf(sd), {backend.sd});
                Rules::offer(problem, "set", {"sd", "static"}, edit::setMember(m_rules.tree(), backend.pointer, "sd", "\"static\""), true);
            }
            const int pattern = m_rules.member(node, "url_pattern");
            const QByteArray written = m_rules.text(pattern);
            if (pattern >= 0 && !written.startsWith('/')) {
                Problem &problem = raise("url-pattern-no-slash", pointerOf(pattern), {written});
                Rules::offer(problem, "set", {"url_pattern", '/' + written},
                             edit::setMember(m_rules.tree(), backend.pointer, "url_pattern", edit::quotedBytes('/' + written)), true);
            } else if (pattern < 0) {
                raise("url-pattern-missing", backend.pointer);
            }
        }
    }

    void schemelessHosts(int hosts)
    {
        std::vector<int> nodes = m_rules.tree().node(hosts).children;
        if (m_rules.tree().node(hosts).type == json::Type::String)
            nodes = {hosts};
        for (const int node : nodes) {
            const QByteArray host = m_rules.text(node);
            if (host.isEmpty() || host.startsWith("http://") || host.startsWith("https://"))
                continue;
            Problem &problem = raise("host-scheme-assumed", pointerOf(node), {host});
            Rules::offer(problem, "set", {host, "http://" + host},
                         std::optional(m_rules.tree().replaceValue(node, edit::quotedBytes("http://" + host))), true);
        }
    }

    void encodingOf(const BackendConfig &backend, int node, const std::vector<QByteArray> &encodings)
    {
        const int encoding = m_rules.member(node, "encoding");
        if (encoding < 0 || m_endpoint.outputEncoding == "no-op")
            return;
        const QByteArray written = m_rules.text(encoding);
        if (written.isEmpty() || (std::find(encodings.begin(), encodings.begin() + 6, written.toLower()) != encodings.begin() + 6))
            return;
        Problem &problem = raise("encoding-as-json", pointerOf(encoding), {written});
        const std::optional<QByteArray> nearest = nearestName(written, {encodings.data(), 6});
        if (nearest && std::find(encodings.begin(), encodings.end(), written) == encodings.end())
            Rules::offer(problem, "set", {"encoding", *nearest},
                         edit::setMember(m_rules.tree(), backend.pointer, "encoding", edit::quotedBytes(*nearest)));
        Rules::offer(problem, "set", {"encoding", "json"}, edit::setMember(m_rules.tree(), backend.pointer, "encoding", "\"json\""), true);
    }

    void together()
    {
        const std::vector<BackendConfig> &all = m_endpoint.backends;
        if (shareOneBody(m_endpoint)) {
            Problem &problem = raise("parallel-share-body", m_endpoint.pointer + "/backend");
            Rules::offer(problem, "set", {"sequential", "true"},
                         edit::setAt(m_rules.tree(), m_endpoint.pointer + "/extra_config/proxy/sequential", "true"));
        }
        for (std::size_t i = 0; i < all.size(); ++i)
            for (std::size_t j = 0; j < i; ++j)
                if (sameCall(all[i], all[j])) {
                    Problem &problem = raise("backend-twice", all[i].pointer, {QByteArray::number(qulonglong(j))});
                    Rules::offer(problem, "remove", {"backend"}, edit::removeAt(m_rules.tree(), all[i].pointer));
                    break;
                }
        sameMembers(all);
    }

    void sameMembers(const std::vector<BackendConfig> &all)
    {
        if (all.size() < 2)
            return;
        const EndpointFacts *facts = m_rules.facts(m_index);
        const twin::Outcome *last = facts ? facts->lastOutcome : nullptr;
        std::map<QByteArray, std::size_t> writers;
        std::set<QByteArray> told;
        for (std::size_t i = 0; i < all.size(); ++i) {
            std::vector<QByteArray> names;
            if (!all[i].group.isEmpty()) {
                names.push_back(all[i].group);
            } else if (last && i < last->backends.size() && last->backends[i].reply && last->backends[i].reply->ok()) {
                const twin::BackendData raw = twin::backendData(all[i], last->backends[i]);
                if (!raw.failed)
                    for (const json::Member &member : raw.data.root().members())
                        names.emplace_back(member.name.data(), qsizetype(member.name.size()));
            } else if (!all[i].allow.empty()) {
                for (const QByteArray &path : all[i].allow) {
                    QByteArray name = path.left(std::max<qsizetype>(path.indexOf('.'), 0));
                    if (!path.contains('.'))
                        name = path;
                    for (const auto &[from, to] : all[i].mapping)
                        if (from == name)
                            name = to;
                    names.push_back(name);
                }
            }
            for (const QByteArray &name : names) {
                const auto [writer, isNew] = writers.emplace(name, i);
                if (isNew || writer->second == i || !told.insert(name).second)
                    continue;
                Problem &problem =
                    raise("backends-same-member", all[i].pointer,
                          {name, QByteArray::number(qulonglong(writer->second)), m_endpoint.sequential ? "sequential" : "parallel"});
                if (m_endpoint.sequential)
                    problem.severity = Severity::Hint;
            }
        }
    }

    void times()
    {
        if (m_endpoint.timeoutNs < 0) {
            const int own = m_rules.member(m_node, "timeout");
            const int service = m_rules.member(0, "timeout");
            raise("timeout-negative", own >= 0 ? pointerOf(own) : service >= 0 ? pointerOf(service) : m_endpoint.pointer);
        }
        if (m_endpoint.concurrentCalls > 1 && signs(m_endpoint) &&
            std::any_of(m_endpoint.backends.begin(), m_endpoint.backends.end(),
                        [](const BackendConfig &backend) { return carriesBody(backend.method); })) {
            const int node = m_rules.member(m_node, "concurrent_calls");
            Problem &problem = raise("concurrent-login", node >= 0 ? pointerOf(node) : m_endpoint.pointer,
                                     {QByteArray::number(m_endpoint.concurrentCalls)});
            if (node >= 0)
                Rules::offer(problem, "remove", {"concurrent_calls"}, edit::removeAt(m_rules.tree(), problem.pointer));
        }
    }

    const Input &m_input;
    Rules &m_rules;
    std::size_t m_index;
    const EndpointConfig &m_endpoint;
    int m_node;
};

// Settings of the whole gateway that do not reach an endpoint that signs.
void serviceSettings(const Input &input, Rules &rules)
{
    const auto signing = std::find_if(input.service->endpoints.begin(), input.service->endpoints.end(), signs);
    if (signing == input.service->endpoints.end())
        return;
    const auto index = std::size_t(signing - input.service->endpoints.begin());
    const int root = 0;
    const int ttl = rules.member(root, "cache_ttl");
    if (ttl >= 0 && rules.text(ttl) != "0s")
        rules.raise("cache-ttl-lost", rules.tree().pointerOf(ttl), {signing->path, rules.text(ttl)}, index).severity = Severity::Hint;
    const int extra = rules.member(root, "extra_config");
    for (const QByteArray &name : {QByteArray("router"), gateway::innerName("router")}) {
        const int message = rules.exact(rules.exact(extra, name), "return_error_msg");
        if (rules.isTrue(message))
            rules.raise("error-message-lost", rules.tree().pointerOf(message), {signing->path}, index);
    }
}

} // namespace

void checkEndpoint(const Input &input, List &list)
{
    if (!input.document)
        return;
    Rules rules(input, list);
    checkNames(rules);
    if (!input.service)
        return;
    serviceSettings(input, rules);
    for (std::size_t i = 0; i < input.service->endpoints.size(); ++i)
        EndpointRules(input, rules, i).check();
}

} // namespace tokenlab::problems
