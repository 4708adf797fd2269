// Pairs of an auth/validator and a request made at random, in the form of tests/data/validator-cases.json.
#pragma once

#include "core/jose/jwk.h"
#include "tests/support/randomcases.h"

namespace tokenlab::testsupport {

class RandomValidators
{
public:
    // now: tokens expire around it, minutes away from every decision.
    RandomValidators(quint64 seed, const std::vector<RandomKey> &keys, qint64 now);
    // The JSON text of one case. No validator in it ends the gateway at its start.
    [[nodiscard]] QByteArray next();

private:
    struct Material {
        jose::Key key;
        QByteArray kid;
        QByteArrayList algorithms;
    };

    [[nodiscard]] std::size_t below(std::size_t count);
    // Rare oddities stay out of a calm case: most cases would fail by one of them before they get to claims and rights.
    [[nodiscard]] bool chance(int percent) { return below(100) < std::size_t(percent) && !(m_calm && percent <= 25); }
    [[nodiscard]] QByteArray pick(const QByteArrayList &list) { return list[qsizetype(below(std::size_t(list.size())))]; }

    [[nodiscard]] QByteArray keyText(const Material &material, const QByteArray &x5t);
    [[nodiscard]] QByteArray keySet(const Material &material, const QByteArray &x5t);
    [[nodiscard]] QByteArray header(const Material &material, const QByteArray &alg, const QByteArray &x5t);
    [[nodiscard]] QByteArray claims();
    [[nodiscard]] QByteArray claimValue(int depth);
    [[nodiscard]] QByteArray rights(const QByteArrayList &names);
    [[nodiscard]] QByteArray token(const Material &material, const QByteArray &alg, const QByteArray &x5t);
    [[nodiscard]] QByteArray spoilt(const QByteArray &token);
    [[nodiscard]] QByteArrayList validator(const QByteArray &alg);

    std::mt19937_64 m_random;
    std::vector<Material> m_keys;
    qint64 m_now;
    bool m_calm = false;
};

} // namespace tokenlab::testsupport
