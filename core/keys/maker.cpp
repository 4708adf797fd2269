#include "core/keys/maker.h"

#include "core/jose/jws.h"

#include <QDateTime>

#include <algorithm>

namespace tokenlab::keys {
namespace {

using jose::KeyType;

bool isTaken(const QByteArray &kid, const Entries &beside)
{
    return std::any_of(beside.begin(), beside.end(), [&](const Entry &entry) { return entry.labels().kid == kid; });
}

QByteArray curveOf(jose::Algorithm algorithm)
{
    switch (algorithm) {
    case jose::Algorithm::ES256:
        return "P-256";
    case jose::Algorithm::ES384:
        return "P-384";
    case jose::Algorithm::ES512:
        return "P-521";
    default:
        return {};
    }
}

Result<jose::Key, MakeError> makeKey(const MakeRequest &request, const std::atomic_bool *cancelled)
{
    const auto failed = [](const QByteArray &text) { return fail(MakeError{MakeError::Failed, text}); };
    if (request.type == KeyType::Rsa) {
        const auto numbers = crypto::generateRsaNumbers(request.bits, cancelled);
        if (cancelled && cancelled->load())
            return fail(MakeError{MakeError::Cancelled, {}});
        if (!numbers)
            return failed(numbers.error().what);
        const auto key = jose::keyFrom(crypto::KeyNumbers(*numbers), {});
        if (!key)
            return failed(key.error().text);
        return *key;
    }
    const auto key = request.type == KeyType::Oct  ? jose::generateOct(request.bits / 8, {})
                     : request.type == KeyType::Ec ? jose::generateEc(request.curve, {})
                                                   : jose::generateEd25519({});
    if (!key)
        return failed(key.error().text);
    return *key;
}

} // namespace

QByteArray kidFor(const KidRule &rule, const jose::Key &key, const Entries &beside)
{
    switch (rule.kind) {
    case KidRule::Given:
        return rule.text;
    case KidRule::Date: {
        const QByteArray date = QDateTime::fromSecsSinceEpoch(rule.now.secondsSinceEpoch, Qt::UTC).date().toString(Qt::ISODate).toUtf8();
        QByteArray kid = date;
        for (int i = 2; isTaken(kid, beside); ++i)
            kid = date + '-' + QByteArray::number(i);
        return kid;
    }
    case KidRule::Thumbprint:
        break;
    }
    return key.thumbprint();
}

QByteArray usualAlgorithm(const jose::Key &key)
{
    switch (key.type()) {
    case KeyType::Oct:
        return key.bits() >= 512 ? "HS512" : key.bits() >= 384 ? "HS384" : "HS256";
    case KeyType::Rsa:
        return "RS256";
    case KeyType::Ec:
        return key.bits() == 521 ? "ES512" : key.bits() == 384 ? "ES384" : "ES256";
    case KeyType::Ed25519:
        break;
    }
    return "EdDSA";
}

bool fits(const jose::Key &key, QByteArrayView algorithm)
{
    const auto known = jose::algorithmFromName(algorithm);
    return known && jose::keyTypeOf(*known) == key.type() && (key.type() != KeyType::Ec || curveOf(*known) == key.curve());
}

std::optional<MakeError> refusedRequest(const MakeRequest &request)
{
    const auto oneOf = [&](std::initializer_list<int> sizes) { return std::find(sizes.begin(), sizes.end(), request.bits) != sizes.end(); };
    if ((request.type == KeyType::Oct && !oneOf({256, 384, 512})) || (request.type == KeyType::Rsa && !oneOf({2048, 3072, 4096})))
        return MakeError{MakeError::BadSize, QByteArray::number(request.bits)};
    if (request.type == KeyType::Ec && request.curve != "P-256" && request.curve != "P-384" && request.curve != "P-521")
        return MakeError{MakeError::BadCurve, request.curve};
    if (!request.alg || request.alg->isEmpty())
        return {};
    const auto known = jose::algorithmFromName(*request.alg);
    const bool good = known && jose::keyTypeOf(*known) == request.type && (request.type != KeyType::Ec || curveOf(*known) == request.curve);
    return good ? std::nullopt : std::optional(MakeError{MakeError::BadAlgorithm, *request.alg});
}

Result<Entry, MakeError> make(const MakeRequest &request, const Entries &beside, const std::atomic_bool *cancelled)
{
    if (const auto refused = refusedRequest(request))
        return fail(*refused);
    const auto key = makeKey(request, cancelled);
    if (!key)
        return fail(key.error());
    return Entry::of(jose::withLabels(*key, {kidFor(request.kid, *key, beside), request.alg.value_or(usualAlgorithm(*key)), request.use}));
}

MakeJob::MakeJob(MakeRequest request, Entries beside, QObject *parent)
    : QObject(parent), m_request(std::move(request)), m_beside(std::move(beside))
{
}

MakeJob::~MakeJob()
{
    m_cancelled = true;
    if (m_thread.joinable())
        m_thread.join();
}

void MakeJob::start()
{
    if (m_running || m_thread.joinable())
        return;
    m_running = true;
    m_thread = std::thread([this] {
        const auto made = make(m_request, m_beside, &m_cancelled);
        QMetaObject::invokeMethod(
            this,
            [this, made] {
                m_running = false;
                if (!m_cancelled)
                    Q_EMIT finished(made);
            },
            Qt::QueuedConnection);
    });
}

void MakeJob::cancel()
{
    m_cancelled = true;
    m_running = false;
}

} // namespace tokenlab::keys
