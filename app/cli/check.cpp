// check: every problem of a gateway file, with its place and its fix.
#include "app/cli/commands.h"
#include "app/cli/input.h"
#include "app/cli/jsontext.h"
#include "app/cli/output.h"
#include "app/cli/problemtext.h"
#include "core/gateway/routes.h"
#include "core/gateway/templates.h"
#include "core/lab/checkmerge.h"
#include "core/lab/inspection.h"
#include "core/playground/demo.h"
#include "core/problems/fixes.h"
#include "core/support/nearest.h"
#include "core/text/comparison.h"
#include "core/text/problems.h"
#include "core/text/text.h"

#include <algorithm>
#include <functional>
#include <map>

namespace tokenlab::cli {

namespace {

constexpr int mostRounds = 100;             // of fixes; each mends at least one thing
constexpr qsizetype mostValues = 2'000'000; // each is kept with its place: some hundred bytes

// Roughly: every value but the first of a list stands behind a comma.
bool hasMoreValues(const QByteArray &text, qsizetype most)
{
    if (text.size() <= most)
        return false;
    qsizetype count = 0;
    bool inText = false;
    for (qsizetype i = 0; i < text.size() && count <= most; ++i) {
        const char c = text[i];
        if (inText && c == '\\')
            ++i;
        else if (c == '"')
            inText = !inText;
        else if (!inText && (c == ',' || c == '[' || c == '{'))
            ++count;
    }
    return count > most;
}

void explain(const QString &code, bool json, Session &session)
{
    std::vector<QByteArray> ids;
    for (const problems::Code &one : problems::catalog())
        ids.emplace_back(one.id.data(), qsizetype(one.id.size()));
    if (code.isEmpty()) {
        session.out(catalogText(json));
        return session.finish(Done);
    }
    const QByteArray id = code.toUtf8();
    const problems::Code *found = problems::findCode({id.constData(), std::size_t(id.size())});
    if (!found) {
        const auto nearest = nearestName(id, ids);
        return session.fail(
            Unusable, nearest
                          ? Session::tr("no problem has the code %1, did you mean %2?").arg(text::inert(id), QString::fromUtf8(*nearest))
                          : Session::tr("no problem has the code %1; --explain alone lists them").arg(text::inert(id)));
    }
    session.out(explanationText(*found, json));
    session.finish(Done);
}

// Loads, looks, checks; with --fix again and again until nothing is left that is safe to mend.
class Checkup : public QObject
{
public:
    Checkup(const CheckOptions &options, Session &session) : QObject(&session), m_options(options), m_session(session) {}

    void begin()
    {
        const bool isDemo = m_options.config == QLatin1String("demo");
        m_name = displayName(m_options.config);
        if (isDemo) {
            m_text = playground::demoConfiguration();
        } else if (const Session::Source *given = m_session.source(m_options.config)) {
            m_text = given->text;
            m_rendered = given->rendered;
        } else {
            const auto bytes = readInput(m_options.config);
            if (!bytes) {
                const gateway::ConfigError error{gateway::ConfigError::Unreadable, bytes.error(), {}, -1};
                return m_session.fail(Unusable, text::sentence(error, m_name, {}));
            }
            m_text = bytes.value();
        }
        if (hasMoreValues(m_text, mostValues))
            return m_session.fail(Unusable,
                                  Session::tr("%1 has more than 2 million values; files of that many are not checked").arg(m_name));
        m_original = m_text;
        const gateway::Completed completed = gateway::completeFragment(m_text);
        const bool isFragment = completed.kind != gateway::Completed::Whole;
        m_fixable = !isDemo && !m_rendered && !isFragment && m_options.config != QLatin1String("-");
        if (isFragment) {
            m_session.remark(
                Session::tr("%1 is only a part of a gateway file; it is checked as it would stand in a whole one").arg(m_name));
            m_part = completed;
            m_text = completed.text;
        }
        m_isJson = m_options.config == QLatin1String("-") || isDemo || m_rendered;
        if (m_options.fix) {
            const QString reason = isDemo       ? Session::tr("the built-in example has no file")
                                   : m_rendered ? Session::tr("%1 is a template: mend it by hand").arg(m_name)
                                   : isFragment ? Session::tr("%1 is only a part of a gateway file").arg(m_name)
                                                : QString();
            if (!reason.isEmpty())
                return m_session.fail(Unusable, Session::tr("--fix: %1").arg(reason));
        }
        auto bindings = parseBindings(m_options.binds, isDemo);
        if (!bindings)
            return m_session.fail(Unusable, bindings.error());
        m_bindings = std::move(bindings).value();
        round();
    }

private:
    void round()
    {
        m_input = {};
        m_tree.reset();
        m_input.source = m_text;
        m_input.fileName = m_name;
        m_input.now = systemNow();
        if (auto parsed = json::SyntaxTree::parse(m_text))
            m_tree = std::move(parsed).value();
        auto service = gateway::load(m_text, m_isJson ? QStringLiteral("krakend.json") : m_options.config,
                                     m_options.gatewayEnv ? gatewayEnvironment() : gateway::Environment());
        if (!service) {
            m_input.configError = service.error();
            if (service.error().kind == gateway::ConfigError::NotReadYet)
                return m_session.fail(Unusable, text::sentence(service.error(), m_name, m_text));
            return look({});
        }
        m_input.service = std::make_shared<const gateway::ServiceConfig>(std::move(service).value());
        if (!m_options.endpoint.isEmpty() || !m_options.method.isEmpty()) {
            Configuration configuration;
            configuration.name = m_name;
            configuration.service = m_input.service;
            m_endpoint = chooseEndpoint(configuration, m_options.endpoint, m_options.method.toUpper(), m_session);
            if (!m_endpoint)
                return;
        }
        if (m_options.offline)
            return look({});
        // In a later round of fixes only what was changed is looked at again: a key host is asked once for a signer.
        const std::size_t count = m_input.service->endpoints.size();
        std::vector<std::size_t> wanted;
        for (std::size_t i = 0; i < count; ++i)
            if ((!m_endpoint || *m_endpoint == i) && !m_seen.contains(keyOf(i)))
                wanted.push_back(i);
        auto *inspection = new lab::Inspection(m_input.service, m_bindings, {}, this);
        inspection->setEndpoints(wanted);
        connect(inspection, &lab::Inspection::finished, this, [this, inspection, wanted](lab::Inspected inspected) {
            inspection->deleteLater();
            for (const std::size_t endpoint : wanted)
                m_seen[keyOf(endpoint)] = inspected.endpoints[endpoint];
            for (std::size_t i = 0; i < inspected.endpoints.size(); ++i)
                if (const auto seen = m_seen.find(keyOf(i)); seen != m_seen.end())
                    inspected.endpoints[i] = seen->second;
            look(inspected);
        });
        inspection->start();
    }

    // What decides of an endpoint's facts, as it stands in the file.
    [[nodiscard]] QByteArray keyOf(std::size_t index) const
    {
        const gateway::EndpointConfig &endpoint = m_input.service->endpoints[index];
        QByteArray key = endpoint.method + ' ' + endpoint.path;
        for (const QByteArray &pointer : {endpoint.signerPointer, endpoint.validatorPointer}) {
            const int node = m_tree && !pointer.isEmpty() ? m_tree->find(pointer) : -1;
            key += '\n';
            if (node >= 0)
                key += m_tree->source().mid(m_tree->node(node).range.begin, m_tree->node(node).range.length());
        }
        return key;
    }

    void look(const lab::Inspected &inspected)
    {
        m_input.document = m_tree ? &*m_tree : nullptr;
        m_input.endpoints = inspected.endpoints;
        m_input.listenError = inspected.listenError;
        m_input.clientTlsNotes = inspected.clientTlsNotes;
        m_problems = problems::check(m_input);
        if (m_endpoint)
            std::erase_if(m_problems, [&](const problems::Problem &problem) {
                return problem.endpoint != problems::Problem::npos && problem.endpoint != *m_endpoint;
            });
        if (m_options.fix && m_rounds < mostRounds) {
            const problems::Applied applied = problems::applySafe(m_text, m_problems);
            if (!applied.problems.empty()) {
                ++m_rounds;
                for (const std::size_t index : applied.problems)
                    m_fixed.push_back(place(m_problems[index]) + QLatin1String(": ") +
                                      text::label(*problems::safeFix(m_problems[index]), m_problems[index]) + QLatin1String(" [") +
                                      codeId(m_problems[index]) + QLatin1Char(']'));
                m_text = applied.text;
                return round();
            }
        }
        askKrakend();
    }

    void askKrakend()
    {
        if (m_options.offline) {
            m_krakend = Session::tr("no krakend was asked: --offline");
            return report();
        }
        const auto program = lab::findGateway(m_options.krakend);
        if (!program)
            return notAsked(program.error());
        if (m_options.krakend.isEmpty() && program.value().kind != lab::GatewayProgram::Binary)
            return report();
        // What tells no version is no KrakenD, and its silence no consent.
        auto *query = new lab::ReleaseQuery(program.value(), this);
        connect(query, &lab::ReleaseQuery::finished, this, [this, query, program = program.value()](const lab::Release &release) {
            query->deleteLater();
            if (!release)
                return notAsked(release.error());
            askKrakend(program, QString::fromUtf8(release.value()));
        });
        query->start();
    }

    void askKrakend(const lab::GatewayProgram &program, const QString &release)
    {
        auto *check = new lab::KrakendCheck(program, m_text, QStringLiteral("json"), this);
        check->setGatewayEnvironment(m_options.gatewayEnv);
        connect(check, &lab::KrakendCheck::finished, this, [this, check, release](const lab::CheckAnswer &answer) {
            check->deleteLater();
            if (answer.kind == lab::CheckAnswer::NotRun)
                return notAsked(answer.trouble);
            m_krakend = answer.kind == lab::CheckAnswer::Ok     ? Session::tr("krakend %1 check -tn finds nothing wrong").arg(release)
                        : answer.kind == lab::CheckAnswer::Lint ? Session::tr("krakend %1 check -tn: its schema objects").arg(release)
                                                                : Session::tr("krakend %1 check -tn refuses the file").arg(release);
            lab::mergeKrakendCheck(answer, m_input.document, m_problems);
            report();
        });
        check->start();
    }

    // A krakend that was named has to answer; one that is merely at hand need not.
    void notAsked(const twin::GatewayTrouble &trouble)
    {
        if (!m_options.krakend.isEmpty())
            return m_session.fail(Outside, Session::tr("--krakend: %1").arg(text::sentence(trouble)));
        m_krakend = trouble.kind == twin::GatewayTrouble::NoProgram ? Session::tr("no krakend was asked: none is in the PATH")
                                                                    : Session::tr("no krakend was asked: %1").arg(text::sentence(trouble));
        report();
    }

    void report()
    {
        if (m_text != m_original && m_options.fix) {
            if (m_options.config == QLatin1String("-")) {
                m_session.remark(Session::tr("standard input cannot be written back; the mended file is not printed"));
            } else if (const QString reason = writtenFile(m_text, m_options.config, Access::Ordinary); !reason.isEmpty()) {
                return m_session.fail(Outside, Session::tr("%1 cannot be written (%2)").arg(m_name, reason));
            }
        }
        Places places(m_text, m_input.document, m_input.configError ? m_input.configError->offset : -1);
        if (m_part)
            places.setPart(m_original, *m_part);
        const ProblemReport shown{m_name, places, m_problems, m_fixed, m_rendered, m_fixable, m_krakend, m_options.all};
        if (m_options.json || m_options.format == QLatin1String("json"))
            m_session.out(problemsJson(shown));
        else if (m_options.format == QLatin1String("github"))
            m_session.out(problemsForGithub(shown));
        else
            m_session.out(problemsText(shown));
        const bool bad = std::any_of(m_problems.begin(), m_problems.end(),
                                     [](const problems::Problem &problem) { return problem.severity == problems::Severity::Error; });
        m_session.finish(bad ? Negative : Done);
    }

    [[nodiscard]] static QString codeId(const problems::Problem &problem)
    {
        return QString::fromUtf8(problem.code->id.data(), qsizetype(problem.code->id.size()));
    }
    [[nodiscard]] QString place(const problems::Problem &problem) const
    {
        const qsizetype offset = m_tree ? problems::offsetOf(*m_tree, problem.pointer) : 0;
        const json::Position at = json::positionOf(m_text, offset);
        return QStringLiteral("%1:%2:%3").arg(m_name).arg(at.line).arg(at.column);
    }

    CheckOptions m_options;
    Session &m_session;
    QString m_name;
    QByteArray m_original, m_text;
    std::optional<gateway::Completed> m_part; // what was given is only that
    bool m_isJson = false, m_rendered = false, m_fixable = true;
    lab::Bindings m_bindings;
    std::optional<json::SyntaxTree> m_tree;
    problems::Input m_input;
    std::optional<std::size_t> m_endpoint;
    std::vector<problems::Problem> m_problems;
    std::map<QByteArray, problems::EndpointFacts> m_seen; // at real files and key hosts
    QStringList m_fixed;
    QString m_krakend; // what was asked and what it said
    int m_rounds = 0;
};

} // namespace

void run(const CheckOptions &options, Session &session)
{
    if (options.explain)
        return explain(*options.explain, options.json || options.format == QLatin1String("json"), session);
    (new Checkup(options, session))->begin();
}

} // namespace tokenlab::cli
