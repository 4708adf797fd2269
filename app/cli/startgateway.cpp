#include "app/cli/startgateway.h"

#include "app/cli/jsontext.h"
#include "app/cli/outcometext.h"
#include "app/cli/problemtext.h"
#include "core/lab/files.h"
#include "core/lab/validatorkeys.h"
#include "core/problems/check.h"
#include "core/twin/signer.h"

#include <QElapsedTimer>

#include <deque>
#include <map>
#include <tuple>

namespace tokenlab::cli {

namespace {

// What the files alone say of the signers of other endpoints: an encrypted file cut short crashes the whole gateway, whoever is asked. Many
// endpoints share a file; each is read and parsed once in a start.
class FileVerdicts
{
public:
    explicit FileVerdicts(const lab::Bindings &bindings) : m_bindings(bindings) {}

    struct Verdict {
        std::optional<twin::StartError> crash;
        bool settled = true; // false: a download would go on
    };
    Verdict of(const gateway::EndpointConfig &endpoint)
    {
        twin::Supplies supplies;
        twin::BuildStep step = twin::buildSigner(endpoint, supplies);
        if (const auto *ca = neededAs<twin::NeedCaFile>(step)) {
            supplies.caFile = read(ca->path);
            step = twin::buildSigner(endpoint, supplies);
        }
        const auto *keys = neededAs<twin::NeedKeyFile>(step);
        if (!keys)
            return {std::nullopt, std::holds_alternative<twin::SignerState>(step)};
        const auto &config = std::get<gateway::SignerConfig>(*endpoint.signer);
        const auto [entry, isNew] = m_loaded.try_emplace({keys->path, config.secretUrl, config.cypherKey});
        Loaded &loaded = entry->second;
        if (isNew) {
            lab::supplyKeyFile(supplies, keys->path, m_bindings, read(keys->path));
            step = twin::buildSigner(endpoint, supplies);
            const auto *state = std::get_if<twin::SignerState>(&step);
            if (state && state->error && state->error->step == twin::StartStep::KeyFile && state->error->crash)
                loaded.crash = state->error;
            loaded.readable = !state || !state->error || state->error->step > twin::StartStep::KeySet;
            if (state)
                loaded.keys = state->keys;
        }
        // A key that the file has not got is looked for at the URL, which may crash the gateway too.
        return {loaded.crash, loaded.crash || !loaded.readable || loaded.keys.find(config.kid) != nullptr};
    }

private:
    template <class T>
    static const T *neededAs(const twin::BuildStep &step)
    {
        const auto *need = std::get_if<twin::Need>(&step);
        return need ? std::get_if<T>(need) : nullptr;
    }
    twin::FileSupply read(const QByteArray &path)
    {
        const auto [entry, isNew] = m_files.try_emplace(path, QByteArray());
        if (isNew)
            entry->second = lab::readFile(path, m_bindings);
        return entry->second;
    }

    struct Loaded {
        std::optional<twin::StartError> crash;
        bool readable = true;
        jose::KeySet keys; // empty where the first endpoint's key is not among them: then each asks for itself
    };
    const lab::Bindings &m_bindings;
    std::map<QByteArray, twin::FileSupply> m_files;
    std::map<std::tuple<QByteArray, QByteArray, QByteArray>, Loaded> m_loaded;
};

twin::Outcome gatewayDown(const Prepared &prepared, const gateway::EndpointConfig &endpoint, const twin::StartError &error)
{
    const gateway::EndpointConfig &asked = prepared.configuration.service->endpoints[prepared.endpoint];
    twin::Outcome outcome;
    outcome.endpoint = asked.path;
    outcome.method = prepared.request.method;
    outcome.verdict = twin::Verdict::DoesNotStart;
    outcome.startError =
        error.hangs ? endpoint.method + ' ' + endpoint.path + " waits for ever for " + twin::keyUrlForDisplay(endpoint) : error.text;
    outcome.crash = error.crash;
    outcome.hangs = error.hangs;
    twin::TraceStep step;
    step.stage = twin::Stage::Key;
    step.state = twin::StepState::Failed;
    step.rule = error.rule;
    step.gatewayText = error.text;
    step.pointer = endpoint.signerPointer + (error.member.isEmpty() ? QByteArray() : '/' + error.member);
    if (error.hangs)
        step.detail = twin::keyUrlForDisplay(endpoint);
    outcome.trace.push_back(step);
    return outcome;
}

// The validator of another endpoint ends or crashes the gateway at its start.
twin::Outcome gatewayDown(const Prepared &prepared, const gateway::EndpointConfig &endpoint, const twin::ValidatorError &error)
{
    twin::StartError start;
    start.text = error.text;
    start.crash = error.crash;
    start.rule = error.rule;
    start.member = error.member;
    twin::Outcome outcome = gatewayDown(prepared, endpoint, start);
    twin::TraceStep &step = outcome.trace.front();
    step.stage = twin::Stage::Validators;
    step.pointer = endpoint.validatorPointer + (error.member.isEmpty() ? QByteArray() : '/' + error.member);
    if (!error.logLine.isEmpty())
        outcome.log.push_back(error.logLine);
    return outcome;
}

// One endpoint after the other, in the file's order, as the gateway does.
class Sequence : public QObject
{
public:
    Sequence(const Prepared &prepared, const std::function<void(const Started &)> &ready, QObject *parent)
        : QObject(parent), m_prepared(prepared), m_ready(ready)
    {
    }
    void next(std::deque<std::size_t> endpoints)
    {
        if (endpoints.empty()) {
            const Started started = m_started;
            m_ready(started);
            deleteLater();
            return;
        }
        const std::size_t endpoint = endpoints.front();
        endpoints.pop_front();
        auto *start = new lab::GatewayStart(m_prepared.configuration.service, endpoint, m_prepared.bindings, {}, this);
        m_clock.start();
        connect(start, &lab::GatewayStart::finished, this, [this, start, endpoint, endpoints](const twin::SignerState &state) {
            start->deleteLater();
            if (endpoint == m_prepared.endpoint) {
                m_started.signer = state;
                m_started.validator = start->validator();
                m_started.keyMs = double(m_clock.nsecsElapsed()) / 1e6;
            } else if (state.error && (state.error->crash || state.error->hangs)) {
                m_started.doesNotStart = gatewayDown(m_prepared, m_prepared.configuration.service->endpoints[endpoint], *state.error);
                return next({});
            }
            next(endpoints);
        });
        start->start();
    }

private:
    Prepared m_prepared;
    std::function<void(const Started &)> m_ready;
    Started m_started;
    QElapsedTimer m_clock;
};

} // namespace

void startGateway(const Prepared &prepared, bool whole, Session &session, const std::function<void(const Started &)> &ready)
{
    const std::vector<gateway::EndpointConfig> &all = prepared.configuration.service->endpoints;
    std::deque<std::size_t> order;
    FileVerdicts verdicts(prepared.bindings);
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (i == prepared.endpoint) {
            order.push_back(i);
            continue;
        }
        // The signer comes before the validator of the same endpoint.
        if (all[i].signer) {
            const FileVerdicts::Verdict verdict = verdicts.of(all[i]);
            if (verdict.crash) {
                Started started;
                started.doesNotStart = gatewayDown(prepared, all[i], *verdict.crash);
                return ready(started);
            }
            if (whole && !verdict.settled)
                order.push_back(i);
        }
        if (!all[i].validator)
            continue;
        if (const twin::ValidatorState state = lab::validatorAtStart(all[i], prepared.bindings);
            state.error && state.error->endsGateway()) {
            Started started;
            started.doesNotStart = gatewayDown(prepared, all[i], *state.error);
            return ready(started);
        }
    }
    (new Sequence(prepared, ready, &session))->next(order);
}

lab::RunInput runInput(const Prepared &prepared, const Started &started)
{
    lab::RunInput input;
    input.service = prepared.configuration.service;
    input.endpoint = prepared.endpoint;
    input.signer = started.signer;
    input.validator = started.validator;
    input.keyMs = started.keyMs;
    input.request = prepared.request;
    input.bindings = prepared.bindings;
    return input;
}

namespace {

void print(const twin::Outcome &outcome, const std::vector<problems::Problem> &problems, const QByteArray &problemList,
           const RequestOptions &options, Session &session)
{
    if (options.json) {
        twin::Outcome withRemarks = outcome;
        for (const QString &remark : session.remarks())
            withRemarks.notes.push_back(remark.toUtf8());
        session.out(outcomeJson(withRemarks, options.showSecrets, problemList) + '\n');
    } else {
        session.out(outcomeText(outcome, systemNow(), options.showSecrets, problems));
    }
    session.finish(exitCode(outcome, options.allowUnsigned));
}

} // namespace

void report(const twin::Outcome &outcome, const RequestOptions &options, Session &session)
{
    print(outcome, {}, "[]", options, session);
}

void report(const twin::Outcome &outcome, const Prepared &prepared, const RequestOptions &options, Session &session)
{
    const Configuration &configuration = prepared.configuration;
    auto tree = json::SyntaxTree::parse(configuration.text);
    if (!tree)
        return report(outcome, options, session);
    problems::Input input;
    input.document = &tree.value();
    input.source = configuration.text;
    input.fileName = configuration.name;
    input.service = configuration.service;
    input.endpoints.resize(configuration.service->endpoints.size());
    input.endpoints[prepared.endpoint].lastOutcome = &outcome;
    input.now = systemNow();
    const std::vector<problems::Problem> found = problems::checkReplies(input);
    Places places(configuration.text, &tree.value());
    if (const Session::Source *given = session.source(options.config); given && !found.empty())
        places.setPart(given->text, gateway::completeFragment(given->text));
    JsonArray list;
    for (const problems::Problem &problem : found)
        list.add(problemJson(problem, places.of(problem.pointer)));
    print(outcome, found, list.text(), options, session);
}

} // namespace tokenlab::cli
