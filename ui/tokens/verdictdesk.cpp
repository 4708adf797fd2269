#include "ui/tokens/verdictdesk.h"

#include "core/text/text.h"

#include <algorithm>

namespace tokenlab::ui {

namespace {
constexpr int pause = 60; // ms
}

VerdictDesk::VerdictDesk(LabSession *session, QObject *parent) : QObject(parent), m_session(session)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(pause);
    connect(&m_timer, &QTimer::timeout, this, &VerdictDesk::start);
    connect(session, &LabSession::documentOpened, this, &VerdictDesk::forget);
    connect(session, &LabSession::bindingsChanged, this, &VerdictDesk::forget);
    connect(session, &LabSession::configChanged, this, &VerdictDesk::judgeAgain);
    connect(session, &LabSession::signerChanged, this, [this] {
        if (m_session->signer().loading) // the gateway starts anew
            forget();
    });
    connect(session, &LabSession::stateChanged, this, [this] {
        if (std::holds_alternative<Running>(m_session->state())) // the gateway would ask the key hosts again
            forget();
    });
}

VerdictDesk::~VerdictDesk() = default;

void VerdictDesk::forget()
{
    m_states.clear();
    for (const auto &[text, keys] : m_downloads) {
        keys->disconnect(this);
        keys->abort();
        keys->deleteLater();
    }
    m_downloads.clear();
    m_work.drop();
    judgeAgain();
}

void VerdictDesk::setTokens(const std::vector<QByteArray> &tokens)
{
    if (tokens == m_tokens)
        return;
    m_tokens = tokens;
    judgeAgain();
}

void VerdictDesk::judgeAgain()
{
    if (!m_tokens.empty())
        m_timer.start();
}

const Verdicts *VerdictDesk::verdicts(const QByteArray &token) const
{
    const auto found = m_verdicts.find(token);
    return found != m_verdicts.end() ? &found->second : nullptr;
}

int VerdictDesk::validators() const
{
    int count = 0;
    if (m_session->service()) {
        for (const gateway::EndpointConfig &endpoint : m_session->service()->endpoints)
            count += endpoint.validator.has_value();
    }
    return count;
}

std::vector<VerdictDesk::Place> VerdictDesk::places() const
{
    std::vector<Place> found;
    const json::SyntaxTree &tree = *m_session->tree();
    const std::vector<gateway::EndpointConfig> &endpoints = m_session->service()->endpoints;
    for (std::size_t i = 0; i < endpoints.size(); ++i) {
        if (!endpoints[i].validator)
            continue;
        const int node = tree.find(endpoints[i].pointer + "/extra_config");
        const json::Range range = node < 0 ? json::Range{} : tree.node(node).range;
        found.push_back({i, tree.source().mid(range.begin, range.length())});
    }
    return found;
}

std::vector<KnownSet> VerdictDesk::knownSets() const
{
    std::vector<KnownSet> sets;
    if (!m_session->isIntact())
        return sets;
    for (const Place &place : places()) {
        const auto state = m_states.find(place.text);
        if (state == m_states.end())
            continue;
        const twin::ValidatorState &validator = state->second;
        KnownSet set;
        set.source = validator.config.localPath.isEmpty() ? twin::validatorKeyUrl(validator) : validator.config.localPath;
        const gateway::EndpointConfig &endpoint = m_session->service()->endpoints[place.endpoint];
        set.endpoint = endpoint.method + ' ' + endpoint.path;
        if (validator.localKeys)
            set.keys = validator.localKeys;
        else if (validator.error)
            set.fault = text::inert(validator.error->text);
        else if (validator.downloadHangs)
            set.fault = tr("The key host stays silent.");
        else if (validator.download && !*validator.download)
            set.fault = text::sentence(validator.download->error());
        else if (validator.download)
            set.text = (*validator.download)->body;
        const auto same = std::find_if(sets.begin(), sets.end(), [&set](const KnownSet &one) { return one.source == set.source; });
        if (set.source.isEmpty())
            continue;
        if (same == sets.end())
            sets.push_back(set);
        else if (!same->isHere() && set.isHere())
            *same = set; // another endpoint has asked for it
    }
    return sets;
}

VerdictDesk::Answer VerdictDesk::answer(Order order)
{
    Answer out;
    for (const Place &place : order.places) {
        if (!order.states.contains(place.text))
            order.states.emplace(place.text, lab::validatorAtStart(order.service->endpoints[place.endpoint], order.bindings));
    }
    for (const QByteArray &token : order.tokens) {
        std::map<std::size_t, twin::ValidatorState> states;
        for (const Place &place : order.places) {
            const twin::ValidatorState &state = order.states[place.text];
            if (twin::neededDownload(state, twin::requestWithToken(order.service->endpoints[place.endpoint], token))) {
                const auto same = [&place](const Need &need) { return need.place.text == place.text; };
                if (std::none_of(out.needs.begin(), out.needs.end(), same))
                    out.needs.push_back({place, token});
            } else {
                twin::ValidatorState own = state;
                own.route = order.service->endpoints[place.endpoint].route;
                states.emplace(place.endpoint, std::move(own));
            }
        }
        out.verdicts.emplace(token, twin::verdictsFor(*order.service, states, token, order.now));
    }
    out.states = std::move(order.states);
    return out;
}

void VerdictDesk::start()
{
    if (!m_session->service() || !m_session->tree() || m_session->configError())
        return;
    Order order;
    order.service = m_session->service();
    order.places = places();
    order.states = m_states;
    order.bindings = m_session->bindings();
    order.tokens = m_tokens;
    order.now = m_session->now();
    m_work.order([order] { return std::make_shared<const Answer>(answer(order)); },
                 [this, service = order.service](const std::shared_ptr<const Answer> &answer) {
                     for (const auto &[text, state] : answer->states)
                         m_states.try_emplace(text, state); // one that was downloaded meanwhile stays
                     m_verdicts = answer->verdicts;
                     download(answer->needs, service);
                     emit changed();
                 });
}

void VerdictDesk::download(const std::vector<Need> &needs, const std::shared_ptr<const gateway::ServiceConfig> &service)
{
    for (const Need &need : needs) {
        const QByteArray text = need.place.text;
        if (m_downloads.contains(text))
            continue;
        const gateway::EndpointConfig &endpoint = service->endpoints[need.place.endpoint];
        auto *keys = new lab::ValidatorKeys(m_states[text], twin::requestWithToken(endpoint, need.token), m_session->bindings(),
                                            lab::RunLimits(), this);
        m_downloads[text] = keys;
        connect(keys, &lab::ValidatorKeys::finished, this, [this, text, keys](const twin::ValidatorState &state) {
            m_states[text] = state;
            m_downloads.erase(text);
            keys->deleteLater();
            judgeAgain();
        });
        keys->start();
    }
}

} // namespace tokenlab::ui
