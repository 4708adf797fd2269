// Cases made at random, in the recorded cases' form: configurations with odd members beside payloads with odd bytes.
#pragma once

#include <QByteArray>
#include <QByteArrayList>

#include <functional>
#include <random>
#include <vector>

namespace tokenlab::testsupport {

// A private key as a JWK text, and the algorithms it can do.
struct RandomKey {
    QByteArray kid, jwk;
    QByteArrayList algorithms;
};

class RandomCases
{
public:
    RandomCases(quint64 seed, std::vector<RandomKey> keys) : m_random(seed), m_keys(std::move(keys)) {}
    // The JSON text of one case.
    [[nodiscard]] QByteArray next();

    [[nodiscard]] QByteArray payload(const QByteArrayList &names);

private:
    [[nodiscard]] std::size_t below(std::size_t count);
    [[nodiscard]] bool chance(int percent) { return below(100) < std::size_t(percent); }
    [[nodiscard]] const QByteArray &pick(const QByteArrayList &list) { return list[qsizetype(below(std::size_t(list.size())))]; }

    QByteArray space();
    QByteArray number();
    QByteArray rawString(); // with quotes, as it stands in a body
    QByteArray value(int depth);
    QByteArray object(int depth, const QByteArrayList &names);
    QByteArray plainText(); // a harmless text for the configuration
    QByteArray pathText(const QByteArrayList &names);
    QByteArray pathList(const QByteArrayList &names);

    struct Source {
        QByteArrayList signer;  // members
        QByteArray jwks, files; // of the case; may be empty
    };
    Source keySource(const RandomKey &key);
    QByteArray keySet(const RandomKey &key);
    QByteArray signer(const RandomKey &key, const QByteArrayList &names, Source &source);
    QByteArray backend(const QByteArrayList &names, int index, int count, bool sequential, bool noOp);
    QByteArray reply(const QByteArrayList &names);

    std::mt19937_64 m_random;
    std::vector<RandomKey> m_keys;
};

// A text as a JSON string of plain ASCII.
[[nodiscard]] QByteArray jsonString(const QByteArray &utf8);

// The keys of the recorded cases `alg X, key Y`.
[[nodiscard]] std::vector<RandomKey> recordedKeys(const QByteArray &gatewayCasesText);

// Smaller variants of a case, the boldest first: members and elements left out, bodies cut or simplified.
[[nodiscard]] std::vector<QByteArray> smallerCases(const QByteArray &caseText);
// The same of a pair of validator and request. The token stays as it is: it is signed.
[[nodiscard]] std::vector<QByteArray> smallerValidatorCases(const QByteArray &caseText);

} // namespace tokenlab::testsupport
