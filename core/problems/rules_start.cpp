// What keeps the gateway from starting at all (specification §1.2, §1.3, §9).
#include "core/problems/ruletools.h"

#include "core/gateway/routes.h"
#include "core/gateway/rules.h"
#include "core/support/nearest.h"

#include <algorithm>
#include <array>
#include <set>

namespace tokenlab::problems {

namespace {

namespace edit = gateway::edit;
using gateway::ConfigError;

std::size_t endpointOf(const QByteArray &pointer)
{
    if (!pointer.startsWith("/endpoints/"))
        return Problem::npos;
    const qsizetype end = pointer.indexOf('/', 11);
    bool ok = false;
    const qulonglong index = pointer.mid(11, end < 0 ? -1 : end - 11).toULongLong(&ok);
    return ok ? std::size_t(index) : Problem::npos;
}

// `/endpoints/0` of `/endpoints/0/timeout`.
QByteArray parentOf(const QByteArray &pointer)
{
    return pointer.left(std::max<qsizetype>(pointer.lastIndexOf('/'), 0));
}

QByteArray lastName(const QByteArray &pointer)
{
    return pointer.sliced(pointer.lastIndexOf('/') + 1);
}

// The names between `[` and `]` behind a label: `input: [a b], output: [c]`.
std::vector<QByteArray> listBehind(const QByteArray &text, QByteArrayView label)
{
    const qsizetype begin = text.indexOf(label.toByteArray() + ": [");
    if (begin < 0)
        return {};
    const qsizetype from = begin + label.size() + 3, to = text.indexOf(']', from);
    std::vector<QByteArray> out;
    for (const QByteArray &name : text.mid(from, to < 0 ? -1 : to - from).split(' '))
        if (!name.isEmpty())
            out.push_back(name);
    return out;
}

std::string_view codeOf(const ConfigError &error)
{
    if (error.kind == ConfigError::Crash)
        return "config-null";
    if (error.kind == ConfigError::NotReadYet)
        return "config-format";
    struct Words {
        const char *part;
        std::string_view code;
    };
    static constexpr std::array words{Words{"unsupported version: ", "config-version"},
                                      Words{"invalid ip address ", "config-ip"},
                                      Words{" not valid: invalid host", "host-invalid"},
                                      Words{" endpoint, since it is invalid!!!", "path-forbidden"},
                                      Words{" endpoint, since it has 0 backends defined!", "no-backend"},
                                      Words{"can not use NoOp encoding", "no-op-several"},
                                      Words{"undefined output param ", "url-parameters"},
                                      Words{"input and output params do not match", "url-parameters"},
                                      Words{"' time: ", "config-duration"},
                                      Words{"decoding failed", "config-type"},
                                      Words{"json: cannot unmarshal ", "config-type"}};
    if (error.offset >= 0 && !error.text.startsWith("json: cannot unmarshal "))
        return "config-json";
    // The decoder lists all that it stumbled over; the place is that of the first.
    const qsizetype list = error.text.indexOf("\n\n");
    const qsizetype second = list < 0 ? -1 : error.text.indexOf('\n', list + 2);
    const QByteArray text = second < 0 ? error.text : error.text.left(second);
    for (const Words &one : words)
        if (text.contains(one.part))
            return one.code;
    return error.offset >= 0 ? "config-json" : "config-other";
}

class StartRules
{
public:
    StartRules(const Input &input, List &list) : m_input(input), m_list(list), m_tree(input.document) {}

    void refused(const ConfigError &error)
    {
        const std::string_view id = codeOf(error);
        Problem problem;
        problem.code = findCode(id);
        problem.severity = problem.code->severity;
        problem.pointer = error.pointer;
        problem.endpoint = endpointOf(error.pointer);
        problem.arguments = {error.text, lastName(error.pointer)};
        if (error.kind == ConfigError::Crash) {
            problem.gateway = error.text;
            problem.effect = Problem::Crash;
        } else if (error.kind == ConfigError::Parse) {
            problem.gateway = "ERROR parsing the configuration file: '" + m_input.fileName.toUtf8() + "': " + error.text;
            problem.effect = Problem::NoStart;
        }
        if (m_tree)
            mend(problem, id, error);
        m_list.push_back(std::move(problem));
    }

    void logging(const gateway::ServiceConfig &service)
    {
        const gateway::LogOptions &log = service.log;
        if (log.crash.isEmpty())
            return;
        Rules rules(m_input, m_list);
        const QByteArray member = lastName(log.crashPointer);
        Problem &problem = rules.raise("log-not-bool", log.crashPointer, {member});
        problem.gateway = "panic: " + log.crash;
        problem.effect = Problem::Crash;
        const QByteArray said = rules.text(m_tree->find(log.crashPointer)).toLower();
        for (const char *value : {"true", "false"}) {
            if (said == value)
                Rules::offer(problem, "set", {member, value}, edit::setAt(*m_tree, log.crashPointer, value));
        }
        Rules::offer(problem, "remove", {member}, edit::removeAt(*m_tree, log.crashPointer));
    }

    void routes(const gateway::ServiceConfig &service)
    {
        if (const auto &conflict = service.routeConflict) {
            const gateway::EndpointConfig &endpoint = service.endpoints[conflict->endpoint];
            const bool twice = conflict->text.startsWith("handlers are already registered");
            Rules rules(m_input, m_list);
            Problem &problem = rules.raise(twice ? "route-twice" : "route-conflict", conflict->pointer,
                                           {endpoint.method + ' ' + endpoint.path, conflict->text}, conflict->endpoint);
            problem.gateway = "panic: " + conflict->text;
            problem.effect = Problem::Crash;
            if (twice)
                Rules::offer(problem, "remove", {endpoint.method + ' ' + endpoint.path}, edit::removeAt(*m_tree, conflict->pointer));
        }
        static const std::array<QByteArray, 5> methods{"GET", "POST", "PUT", "PATCH", "DELETE"};
        for (std::size_t i = 0; i < service.endpoints.size(); ++i) {
            const gateway::EndpointConfig &endpoint = service.endpoints[i];
            if (gateway::isRegisteredMethod(endpoint.method))
                continue;
            Rules rules(m_input, m_list);
            const int node = rules.member(m_tree->find(endpoint.pointer), "method");
            Problem &problem = rules.raise("method-unsupported", node >= 0 ? m_tree->pointerOf(node) : endpoint.pointer,
                                           {endpoint.path, endpoint.method}, i);
            problem.gateway = "ERROR [SERVICE: Gin] [ENDPOINT: " + endpoint.route + " ] Unsupported method " + endpoint.method;
            problem.effect = Problem::Refused;
            const QByteArray trimmed = endpoint.method.trimmed();
            const bool blanks = std::find(methods.begin(), methods.end(), trimmed) != methods.end();
            const std::optional<QByteArray> nearest = blanks ? std::optional(trimmed) : nearestName(endpoint.method, methods);
            if (nearest)
                Rules::offer(problem, "set", {"method", *nearest},
                             edit::setMember(*m_tree, endpoint.pointer, "method", edit::quotedBytes(*nearest)), blanks);
        }
    }

    void listening(const gateway::ServiceConfig &service)
    {
        Rules rules(m_input, m_list);
        if (!gateway::isListenablePort(service.port)) {
            const int node = rules.member(0, "port");
            Problem &problem =
                rules.raise("port-invalid", node >= 0 ? m_tree->pointerOf(node) : QByteArray(), {QByteArray::number(service.port)});
            problem.gateway = "ERROR [SERVICE: Gin] listen tcp: address " + QByteArray::number(service.port) + ": invalid port";
            problem.effect = Problem::NoStart;
            Rules::offer(problem, "set", {"port", "8080"}, edit::setMember(*m_tree, {}, "port", "8080"));
        }
        if (!m_input.listenError.isEmpty()) {
            const int node = rules.member(0, "tls");
            Problem &problem = rules.raise("server-tls", node >= 0 ? m_tree->pointerOf(node) : QByteArray(), {m_input.listenError});
            problem.gateway = "ERROR [SERVICE: Gin] " + m_input.listenError;
            problem.effect = Problem::NoStart;
        }
        const int node = rules.member(0, "client_tls");
        for (const QByteArray &note : m_input.clientTlsNotes)
            rules.raise("client-tls-file", node >= 0 ? m_tree->pointerOf(node) : QByteArray(), {note});
    }

private:
    void mend(Problem &problem, std::string_view id, const ConfigError &error)
    {
        const json::SyntaxTree &tree = *m_tree;
        const int node = tree.find(error.pointer);
        const auto set = [&](const QByteArray &value, const QByteArray &json, bool safe) {
            if (node >= 0 && node != 0)
                Rules::offer(problem, "set", {lastName(error.pointer), value}, std::optional(tree.replaceValue(node, json)), safe);
        };
        if (id == "config-null") {
            if (node > 0)
                Rules::offer(problem, "remove", {"null"}, edit::removeAt(tree, error.pointer), true);
        } else if (id == "config-version") {
            // A file without a version means this one; another number may mean another kind of file.
            Rules::offer(problem, "set", {"version", "3"}, edit::setMember(tree, {}, "version", "3"), node < 0);
        } else if (id == "config-duration") {
            const QByteArray written = textOf(node);
            bool ok = false;
            (void)written.toULongLong(&ok);
            if (written.isEmpty() && node > 0 && tree.node(node).type == json::Type::String)
                Rules::offer(problem, "remove", {lastName(error.pointer)}, edit::removeAt(tree, error.pointer), true);
            else if (ok)
                for (const char *unit : {"ms", "s"})
                    set(written + unit, edit::quotedBytes(written + unit), false);
        } else if (id == "host-invalid") {
            host(problem, node, textOf(node));
        } else if (id == "no-op-several") {
            const QByteArray owner = tree.find(parentOf(error.pointer) + "/backend") >= 0 ? parentOf(error.pointer) : error.pointer;
            Rules::offer(problem, "set", {"output_encoding", "json"}, edit::setMember(tree, owner, "output_encoding", "\"json\""));
        } else if (id == "url-parameters") {
            parameters(problem, node, error.text);
        } else if (id == "config-ip") {
            if (node > 0)
                Rules::offer(problem, "remove", {"listen_ip"}, edit::removeAt(tree, error.pointer));
        } else if (id == "config-type") {
            wrongType(problem, node);
        }
    }

    // `HTTP://h` and blanks are plainly wrong; a path belongs into url_pattern.
    void host(Problem &problem, int node, const QByteArray &written)
    {
        if (node < 0 || m_tree->node(node).type != json::Type::String)
            return;
        problem.arguments[1] = written;
        const QByteArray trimmed = written.trimmed();
        const qsizetype scheme = trimmed.indexOf("://");
        const QByteArray lower = scheme < 0 ? trimmed : trimmed.left(scheme).toLower() + trimmed.sliced(scheme);
        const qsizetype slash = lower.indexOf('/', scheme < 0 ? 0 : scheme + 3);
        for (const QByteArray &candidate : {lower, slash < 0 ? QByteArray() : lower.left(slash)}) {
            if (candidate.isEmpty() || candidate == written || !gateway::cleanHost(candidate))
                continue;
            Rules::offer(problem, "convert", {written, candidate}, std::optional(m_tree->replaceValue(node, edit::quotedBytes(candidate))),
                         candidate == lower);
            return;
        }
    }

    void parameters(Problem &problem, int node, const QByteArray &text)
    {
        const std::vector<QByteArray> inputs = listBehind(text, "input"), outputs = listBehind(text, "output");
        if (node < 0 || m_tree->node(node).type != json::Type::String)
            return;
        const QByteArray written = textOf(node);
        for (const QByteArray &name : outputs) {
            if (std::find(inputs.begin(), inputs.end(), name) != inputs.end() || gateway::isDerivedParameter(name))
                continue;
            const std::optional<QByteArray> nearest = inputs.size() == 1 ? std::optional(inputs.front()) : nearestName(name, inputs);
            if (!nearest)
                continue;
            QByteArray renamed = written;
            renamed.replace('{' + name + '}', '{' + *nearest + '}');
            Rules::offer(problem, "convert", {written, renamed}, std::optional(m_tree->replaceValue(node, edit::quotedBytes(renamed))));
        }
    }

    // Only what the text itself says: `"on"` for a flag is left to people.
    void wrongType(Problem &problem, int node)
    {
        if (node <= 0)
            return;
        const QByteArray written = textOf(node).trimmed();
        if (m_tree->node(node).type != json::Type::String || written == textOf(node) || written.isEmpty())
            return;
        Rules::offer(problem, "convert", {textOf(node), written}, std::optional(m_tree->replaceValue(node, edit::quotedBytes(written))));
    }

    [[nodiscard]] QByteArray textOf(int node) const
    {
        List none;
        return Rules(m_input, none).text(node);
    }

    const Input &m_input;
    List &m_list;
    const json::SyntaxTree *m_tree;
};

} // namespace

void checkStart(const Input &input, List &list)
{
    if (!input.service || !input.document)
        return;
    StartRules rules(input, list);
    rules.logging(*input.service);
    rules.routes(*input.service);
    rules.listening(*input.service);
}

void checkRefused(const Input &input, const ConfigError &error, List &list)
{
    StartRules(input, list).refused(error);
}

} // namespace tokenlab::problems
