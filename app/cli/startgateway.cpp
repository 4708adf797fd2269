#include "app/cli/startgateway.h"

#include "app/cli/outcometext.h"
#include "core/twin/signer.h"

#include <QElapsedTimer>

#include <deque>

namespace tokenlab::cli {

namespace {

// Another endpoint's signer as far as its files alone decide: an encrypted file cut short crashes the whole gateway, whoever is asked.
std::optional<twin::StartError> crashOfFiles(const gateway::EndpointConfig &endpoint, const lab::Bindings &bindings)
{
    twin::Supplies supplies;
    const auto read = [&](const QByteArray &path) { return readInput(QString::fromUtf8(bindings.file(path).value_or(path))); };
    for (int turn = 0; turn < 3; ++turn) { // a CA file, a key file, the end
        const twin::BuildStep step = twin::buildSigner(endpoint, supplies);
        if (const auto *state = std::get_if<twin::SignerState>(&step))
            return state->error && state->error->crash ? state->error : std::nullopt;
        const twin::Need &need = std::get<twin::Need>(step);
        if (const auto *ca = std::get_if<twin::NeedCaFile>(&need))
            supplies.caFile = read(ca->path);
        else if (const auto *keys = std::get_if<twin::NeedKeyFile>(&need))
            supplies.keyFile = read(keys->path);
        else
            return std::nullopt; // a download
    }
    return std::nullopt;
}

twin::Outcome gatewayDown(const Prepared &prepared, const twin::StartError &error)
{
    const gateway::EndpointConfig &asked = prepared.configuration.service->endpoints[prepared.endpoint];
    twin::Outcome outcome;
    outcome.endpoint = asked.path;
    outcome.method = prepared.request.method;
    outcome.verdict = twin::Verdict::DoesNotStart;
    outcome.startError = error.text;
    outcome.crash = error.crash;
    outcome.hangs = error.hangs;
    twin::TraceStep step;
    step.stage = twin::Stage::Key;
    step.state = twin::StepState::Failed;
    step.rule = error.rule;
    step.gatewayText = error.text;
    outcome.trace.push_back(step);
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
                m_started.keyMs = double(m_clock.nsecsElapsed()) / 1e6;
            } else if (state.error && (state.error->crash || state.error->hangs)) {
                m_started.doesNotStart = gatewayDown(m_prepared, *state.error);
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
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (i == prepared.endpoint || (whole && all[i].signer)) {
            order.push_back(i);
        } else if (all[i].signer) {
            if (const auto crash = crashOfFiles(all[i], prepared.bindings)) {
                Started started;
                started.doesNotStart = gatewayDown(prepared, *crash);
                return ready(started);
            }
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
    input.keyMs = started.keyMs;
    input.request = prepared.request;
    input.bindings = prepared.bindings;
    return input;
}

void report(const twin::Outcome &outcome, const RequestOptions &options, Session &session)
{
    if (options.json) {
        twin::Outcome withRemarks = outcome;
        for (const QString &remark : session.remarks())
            withRemarks.notes.push_back(remark.toUtf8());
        session.out(outcomeJson(withRemarks, options.showSecrets) + '\n');
    } else {
        session.out(outcomeText(outcome, systemNow(), options.showSecrets));
    }
    session.finish(exitCode(outcome, options.allowUnsigned));
}

} // namespace tokenlab::cli
