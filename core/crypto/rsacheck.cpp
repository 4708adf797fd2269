#include "core/crypto/rsacheck.h"

#include "core/crypto/openssl_p.h"

namespace tokenlab::crypto {
namespace {

SecretBytes secretOf(const BIGNUM *number)
{
    SecretBytes bytes = SecretBytes::zeros(qMax(1, BN_num_bytes(number)));
    BN_bn2binpad(number, bytes.mutableData(), int(bytes.size()));
    return bytes;
}

// int(x.Int64()): the low 64 bits, signed.
qint64 goInt(QByteArrayView bigEndian)
{
    quint64 value = 0;
    for (const char byte : bigEndian.last(qMin<qsizetype>(8, bigEndian.size())))
        value = value << 8 | static_cast<unsigned char>(byte);
    return qint64(value);
}

QByteArray bytesOfInt(qint64 value)
{
    QByteArray bytes;
    for (int shift = 56; shift >= 0; shift -= 8) {
        const char byte = char(value >> shift & 0xff);
        if (byte || !bytes.isEmpty())
            bytes.append(byte);
    }
    return bytes;
}

// The working numbers of one check. `works` turns false when OpenSSL could not compute (no memory).
class Check
{
public:
    Check(const RsaNumbers &numbers, bool withCrt)
        : m_e(goInt(numbers.e)),
          m_withCrt(withCrt),
          m_ctx(BN_CTX_new()),
          m_n(toBn(numbers.n)),
          m_p(toBn(numbers.p.view())),
          m_q(toBn(numbers.q.view())),
          m_d(toBn(numbers.d.view())),
          m_eBn(toBn(bytesOfInt(m_e))),
          m_dp(toBn(numbers.dp.view())),
          m_dq(toBn(numbers.dq.view())),
          m_qi(toBn(numbers.qi.view())),
          m_p1(BN_new()),
          m_q1(BN_new()),
          m_t(BN_new()),
          m_u(BN_new())
    {
        for (const BnPtr *number : {&m_n, &m_p, &m_q, &m_d, &m_eBn, &m_dp, &m_dq, &m_qi, &m_p1, &m_q1, &m_t, &m_u})
            if (!*number)
                m_works = false;
        if (!m_ctx)
            m_works = false;
        if (m_works)
            BN_set_flags(m_d.get(), BN_FLG_CONSTTIME);
    }

    // "" when the key passes. The order of the questions is Go's.
    QByteArray run()
    {
        if (!m_works)
            return "crypto/rsa: out of memory";
        for (const BnPtr *modulus : {&m_n, &m_p, &m_q})
            if (!aboveOne(modulus->get()))
                return "modulus must be > 1";
        if (QByteArray error = overflow(m_d.get(), m_n.get()); !error.isEmpty())
            return error;
        step(BN_sub(m_p1.get(), m_p.get(), BN_value_one()));
        step(BN_sub(m_q1.get(), m_q.get(), BN_value_one()));
        if (QByteArray error = m_withCrt ? overflow(m_qi.get(), m_p.get()) : computeCrt(); !error.isEmpty())
            return error;
        if (QByteArray error = checkPublic(); !error.isEmpty())
            return error;
        const QByteArray error = checkPrivate();
        return error.isEmpty() && !m_works ? QByteArray("crypto/rsa: out of memory") : error;
    }

    // Whether m^(de) = m through the CRT, as Go checks after each signature.
    bool signs()
    {
        for (const unsigned long base : {2UL, 3UL, 1000003UL}) {
            const BnPtr m(BN_new());
            const BnPtr m1(BN_new());
            const BnPtr m2(BN_new());
            if (!m || !m1 || !m2)
                return true;
            step(BN_set_word(m.get(), base));
            if (BN_cmp(m.get(), m_n.get()) >= 0)
                continue;
            step(BN_mod_exp(m1.get(), m.get(), m_dp.get(), m_p.get(), m_ctx.get()));
            step(BN_mod_exp(m2.get(), m.get(), m_dq.get(), m_q.get(), m_ctx.get()));
            step(BN_mod_sub(m1.get(), m1.get(), m2.get(), m_p.get(), m_ctx.get()));
            step(BN_mod_mul(m1.get(), m1.get(), m_qi.get(), m_p.get(), m_ctx.get()));
            step(BN_mul(m1.get(), m1.get(), m_q.get(), m_ctx.get()));
            step(BN_mod_add(m1.get(), m1.get(), m2.get(), m_n.get(), m_ctx.get()));
            step(BN_mod_exp(m1.get(), m1.get(), m_eBn.get(), m_n.get(), m_ctx.get()));
            if (m_works && BN_cmp(m1.get(), m.get()) != 0)
                return false;
        }
        return true;
    }

    RsaNumbers numbers(const RsaNumbers &given) const
    {
        RsaNumbers result = given;
        result.e = bytesOfInt(m_e);
        result.dp = secretOf(m_dp.get());
        result.dq = secretOf(m_dq.get());
        result.qi = secretOf(m_qi.get());
        return result;
    }

private:
    void step(int good)
    {
        if (good != 1)
            m_works = false;
    }

    static bool aboveOne(const BIGNUM *number) { return BN_num_bits(number) > 1; }

    // Go's bigmod reads into as many 64-bit limbs as the modulus has, then compares.
    static QByteArray overflow(const BIGNUM *number, const BIGNUM *modulus)
    {
        const int limbs = (BN_num_bytes(modulus) + 7) / 8;
        if (BN_num_bytes(number) > limbs * 8)
            return "input overflows the modulus size";
        if (BN_ucmp(number, modulus) >= 0)
            return "input overflows the modulus";
        return {};
    }

    QByteArray computeCrt()
    {
        if (!aboveOne(m_p1.get()) || !aboveOne(m_q1.get()))
            return "modulus must be > 1";
        step(BN_nnmod(m_dp.get(), m_d.get(), m_p1.get(), m_ctx.get()));
        step(BN_nnmod(m_dq.get(), m_d.get(), m_q1.get(), m_ctx.get()));
        if (!BN_is_odd(m_p.get()))
            return "crypto/rsa: p is even";
        // By Fermat, as Go does: wrong where p is no prime, which is noticed below.
        step(BN_copy(m_t.get(), m_p.get()) != nullptr);
        step(BN_sub_word(m_t.get(), 2));
        step(BN_nnmod(m_u.get(), m_q.get(), m_p.get(), m_ctx.get()));
        step(BN_mod_exp(m_qi.get(), m_u.get(), m_t.get(), m_p.get(), m_ctx.get()));
        return {};
    }

    QByteArray checkPublic() const
    {
        if (!BN_is_odd(m_n.get()))
            return "crypto/rsa: public modulus is even";
        if (m_e < 2)
            return "crypto/rsa: public exponent too small or negative";
        if (!(m_e & 1))
            return "crypto/rsa: public exponent is even";
        if (m_e > 0x7fffffff)
            return "crypto/rsa: public exponent too large";
        return {};
    }

    bool invertsE(const BIGNUM *exponent, const BIGNUM *modulus)
    {
        if (BN_ucmp(exponent, modulus) >= 0)
            return false;
        step(BN_mod_mul(m_t.get(), exponent, m_eBn.get(), modulus, m_ctx.get()));
        return BN_is_one(m_t.get());
    }

    QByteArray checkPrivate()
    {
        if (BN_ucmp(m_p.get(), m_n.get()) >= 0 || BN_ucmp(m_q.get(), m_n.get()) >= 0)
            return "crypto/rsa: invalid prime";
        step(BN_mod_mul(m_t.get(), m_p.get(), m_q.get(), m_n.get(), m_ctx.get()));
        if (!BN_is_zero(m_t.get()))
            return "crypto/rsa: p * q != n";
        if (!aboveOne(m_p1.get()))
            return "crypto/rsa: invalid prime";
        if (!invertsE(m_dp.get(), m_p1.get()))
            return "crypto/rsa: invalid CRT exponent";
        if (!aboveOne(m_q1.get()))
            return "crypto/rsa: invalid prime";
        if (!invertsE(m_dq.get(), m_q1.get()))
            return "crypto/rsa: invalid CRT exponent";
        step(BN_mod_mul(m_t.get(), m_q.get(), m_qi.get(), m_p.get(), m_ctx.get()));
        if (!BN_is_one(m_t.get()))
            return "crypto/rsa: invalid CRT coefficient";
        const int order = BN_ucmp(m_p.get(), m_q.get());
        if (order == 0)
            return "crypto/rsa: p == q";
        step(order > 0 ? BN_sub(m_t.get(), m_p.get(), m_q.get()) : BN_sub(m_t.get(), m_q.get(), m_p.get()));
        const int half = BN_num_bits(m_n.get()) / 2;
        if (BN_num_bits(m_t.get()) <= half - 100)
            return "crypto/rsa: |p - q| too small";
        if (BN_num_bits(m_d.get()) <= half)
            return "crypto/rsa: d too small";
        return {};
    }

    qint64 m_e;
    bool m_withCrt;
    bool m_works = true;
    BnCtxPtr m_ctx;
    BnPtr m_n, m_p, m_q, m_d, m_eBn, m_dp, m_dq, m_qi;
    BnPtr m_p1, m_q1; // p − 1, q − 1
    BnPtr m_t, m_u;   // for the moment
};

} // namespace

Result<CheckedRsa, CryptoError> checkRsa(const RsaNumbers &numbers, bool withCrt)
{
    Check check(numbers, withCrt);
    QByteArray error = check.run();
    ERR_clear_error();
    if (!error.isEmpty())
        return fail(CryptoError{std::move(error)});
    CheckedRsa result{check.numbers(numbers), check.signs()};
    ERR_clear_error();
    return result;
}

bool publicRsaWorks(QByteArrayView n, QByteArrayView e)
{
    const qint64 exponent = goInt(e);
    return bitLength(n) > 1 && (n.back() & 1) && exponent > 2 && (exponent & 1) && exponent <= 0x7fffffff;
}

QByteArray goExponent(QByteArrayView e)
{
    return bytesOfInt(goInt(e));
}

int bitLength(QByteArrayView bigEndian)
{
    qsizetype at = 0;
    while (at < bigEndian.size() && bigEndian[at] == '\0')
        ++at;
    if (at == bigEndian.size())
        return 0;
    int bits = int(bigEndian.size() - at - 1) * 8;
    for (auto byte = static_cast<unsigned char>(bigEndian[at]); byte; byte = static_cast<unsigned char>(byte >> 1))
        ++bits;
    return bits;
}

} // namespace tokenlab::crypto
