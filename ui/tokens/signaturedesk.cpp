#include "ui/tokens/signaturedesk.h"

#include "core/jose/keynumbers.h"
#include "core/keys/verifykeys.h"
#include "core/text/text.h"
#include "core/text/verify.h"

#include <algorithm>

namespace tokenlab::ui {

namespace {

constexpr std::size_t fewTokens = 16, fewKeys = 8;

// What others read may hold private halves by mistake; they count for nothing here.
std::shared_ptr<const jose::VerificationKeys> publicHalves(const jose::KeySet &set)
{
    auto keys = std::make_shared<jose::VerificationKeys>();
    for (const jose::Key &key : set.keys)
        keys->set.keys.push_back(key.publicKey());
    return keys;
}

bool isSame(const jose::KeySet &a, const jose::KeySet &b)
{
    return std::equal(a.keys.begin(), a.keys.end(), b.keys.begin(), b.keys.end(),
                      [](const jose::Key &x, const jose::Key &y) { return x.kid() == y.kid() && jose::sameKey(x, y); });
}

bool isSame(const KnownSet &a, const KnownSet &b)
{
    return a.source == b.source && a.text == b.text && a.fault == b.fault && a.keys.has_value() == b.keys.has_value() &&
           (!a.keys || isSame(*a.keys, *b.keys));
}

} // namespace

SignatureDesk::SignatureDesk(LabSession *session, const VerdictDesk *validators, QObject *parent)
    : QObject(parent), m_session(session), m_validators(validators)
{
    connect(validators, &VerdictDesk::changed, this, &SignatureDesk::lookAtValidators);
    connect(session, &LabSession::documentOpened, this, &SignatureDesk::lookAtValidators);
}

void SignatureDesk::setTokens(const std::vector<QByteArray> &tokens)
{
    if (tokens == m_tokens)
        return;
    m_tokens = tokens;
    check();
}

void SignatureDesk::choose(const ChosenKeys &keys)
{
    m_chosen = keys;
    m_set.reset();
    if (keys.source.kind == VerifySource::Validator)
        lookAtValidators();
    check();
}

void SignatureDesk::clear()
{
    m_chosen.reset();
    m_set.reset();
    check();
}

void SignatureDesk::judgeAgain()
{
    if (m_answer && m_answer->keys)
        check(false);
}

void SignatureDesk::lookAtValidators()
{
    if (!m_chosen || m_chosen->source.kind != VerifySource::Validator)
        return;
    std::vector<KnownSet> sets = m_validators->knownSets();
    const auto found =
        std::find_if(sets.begin(), sets.end(), [this](const KnownSet &set) { return set.source == m_chosen->source.validator; });
    if (found == sets.end()) {
        if (!m_set)
            return;
        m_set.reset();
    } else {
        if (m_set && isSame(*m_set, *found))
            return;
        m_set = *found;
    }
    check();
}

SignatureDesk::Answer SignatureDesk::answer(const Order &order)
{
    Answer out;
    out.keys = order.keys;
    if (!out.keys) {
        auto read = keys::readVerifyKeys(order.text);
        if (!read) {
            out.fault = text::sentence(read.error(), tr("The key set"), order.text);
            return out;
        }
        out.keys = std::make_shared<const jose::VerificationKeys>(std::move(*read));
    }
    for (const QByteArray &token : order.tokens)
        out.results.emplace(token, jose::verifyToken(token, out.keys->set, {}, order.now));
    return out;
}

void SignatureDesk::check(bool anew)
{
    if (anew)
        m_answer.reset();
    m_work.drop();
    Order order{nullptr, {}, m_tokens, m_session->now()};
    if (m_chosen && m_chosen->keys)
        order.keys = m_chosen->keys;
    else if (m_set && m_set->keys)
        order.keys = publicHalves(*m_set->keys);
    else if (m_set)
        order.text = m_set->text;
    if (!order.keys && order.text.isEmpty()) {
        emit changed();
        return;
    }
    qsizetype size = order.text.size();
    for (const QByteArray &token : m_tokens)
        size += token.size();
    if (size <= workedAtOnce && m_tokens.size() <= fewTokens && (!order.keys || order.keys->set.keys.size() <= fewKeys)) {
        m_answer = std::make_shared<const Answer>(answer(order));
        emit changed();
        return;
    }
    m_work.order([order] { return std::make_shared<const Answer>(answer(order)); },
                 [this](const std::shared_ptr<const Answer> &done) { take(done); });
    emit changed(); // what was said of other keys or tokens is gone
}

void SignatureDesk::take(const std::shared_ptr<const Answer> &answer)
{
    m_answer = answer;
    emit changed();
}

int SignatureDesk::keyCount() const
{
    if (m_chosen && m_chosen->keys)
        return int(m_chosen->keys->set.keys.size());
    return m_answer && m_answer->keys ? int(m_answer->keys->set.keys.size()) : -1;
}

SignatureState SignatureDesk::state(const QByteArray &token, Instant now) const
{
    if (!m_chosen)
        return {};
    SignatureState state;
    if (m_chosen->source.kind == VerifySource::Validator && !(m_set && m_set->isHere())) {
        state.kind = SignatureState::NoKeys;
        state.words = m_set && !m_set->fault.isEmpty() ? m_set->fault
                      : m_validators->isLoading()      ? tr("Its key set is loading…")
                                                       : tr("No validator of the document has asked for this set yet.");
        return state;
    }
    const auto found = m_answer ? m_answer->results.find(token) : std::map<QByteArray, jose::Verification>::const_iterator();
    if (m_answer && !m_answer->fault.isEmpty()) {
        state.kind = SignatureState::NoKeys;
        state.words = m_answer->fault;
        return state;
    }
    if (!m_answer || found == m_answer->results.end()) {
        state.kind = SignatureState::Checking;
        state.words = tr("checking…");
        return state;
    }
    const jose::Verification &result = found->second;
    state.kind = result.valid() ? SignatureState::Right : SignatureState::Wrong;
    state.words = result.valid() ? text::verifiedBy(result) : text::sentence(*result.error);
    for (const jose::VerifyNote &note : result.notes)
        state.remarks << text::sentence(note, now);
    // Keys that were left out matter where one was missing.
    if (result.error && result.error->kind >= jose::VerifyError::NoKeys) {
        for (const jose::KeySetError &skipped : m_answer->keys->skipped)
            state.remarks << tr("A key was left out: %1.").arg(text::sentence(skipped, m_chosen->name));
    }
    return state;
}

} // namespace tokenlab::ui
