#include "core/jose/keyfit_p.h"

#include "core/crypto/edpoint.h"
#include "core/jose/algorithm_p.h"
#include "core/jose/jwk_p.h"

#include <algorithm>

namespace tokenlab::jose {
namespace {

using Kind = VerifyError::Kind;

constexpr int smallestRsaBits = 1024; // below it verifySignature() refuses; from there to 2048 a note is enough

VerifyError errorOf(Kind kind, const QByteArray &member = {}, const QByteArray &detail = {})
{
    VerifyError error;
    error.kind = kind;
    error.member = member;
    error.detail = detail;
    return error;
}

bool hasVerify(const Key &key)
{
    if (!key.keyOps())
        return true;
    const auto names = [&key](const char *operation) {
        return std::find(key.keyOps()->begin(), key.keyOps()->end(), operation) != key.keyOps()->end();
    };
    // A private key's list names what its private half does; its public half verifies that.
    return names("verify") || (key.type() != KeyType::Oct && key.isPrivate() && names("sign"));
}

// The old trick behind RS/HS confusion, on the side of the keys: the text of a public key as an HMAC secret, known to everybody.
bool isPublicText(QByteArrayView secret)
{
    const QByteArray head = secret.first(qMin<qsizetype>(secret.size(), 64)).toByteArray().trimmed();
    return head.startsWith("-----BEGIN PUBLIC KEY") || head.startsWith("-----BEGIN RSA PUBLIC KEY") ||
           head.startsWith("-----BEGIN CERTIFICATE") || head.startsWith("ssh-rsa ") || head.startsWith("ssh-ed25519 ") ||
           head.startsWith("ecdsa-sha2-nistp");
}

std::optional<VerifyError> unfit(const Key &key, Algorithm algorithm)
{
    const QByteArray alg = name(algorithm);
    const KeyType needed = keyTypeOf(algorithm);
    if (key.type() != needed)
        return errorOf(key.type() == KeyType::Oct || needed == KeyType::Oct ? Kind::Confusion : Kind::AlgKeyMismatch, {}, alg);
    if (key.type() == KeyType::Ec && fieldBitsOf(algorithm) != key.bits())
        return errorOf(Kind::WrongCurve, key.curve(), alg);
    if (!key.alg().isEmpty() && key.alg() != alg)
        return errorOf(Kind::KeyAlg, key.alg(), alg);
    if (!key.use().isEmpty() && key.use() != "sig")
        return errorOf(Kind::KeyUse, key.use(), alg);
    if (!hasVerify(key))
        return errorOf(Kind::KeyOps, {}, alg);
    if (key.type() == KeyType::Oct) {
        if (key.bits() == 0)
            return errorOf(Kind::EmptyKey, {}, alg);
        if (isPublicText(key.d()->octets.view()))
            return errorOf(Kind::SecretIsPublicKey, {}, alg);
        return {};
    }
    if (key.type() == KeyType::Rsa && key.bits() < smallestRsaBits) {
        VerifyError error = errorOf(Kind::KeyTooSmall, {}, alg);
        error.got = key.bits();
        error.expected = smallestRsaBits;
        return error;
    }
    if (!key.d()->handle || (key.type() == KeyType::Ed25519 && !crypto::isProperEd25519Point(key.d()->ed.x)))
        return errorOf(Kind::KeyUnusable, {}, alg);
    return {};
}

QByteArray hex(const char *digits)
{
    return QByteArray::fromHex(digits);
}

// Big-endian (SEC 2; FIPS 186-5).
QByteArray orderOf(int fieldBits)
{
    switch (fieldBits) {
    case 256:
        return hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    case 384:
        return hex("ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973");
    default:
        return hex("01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa"
                   "51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409");
    }
}

// RFC 8032 §5.1: the order of Ed25519's base point.
QByteArray edOrder()
{
    return hex("1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed");
}

// Big-endian numbers of the same width.
bool isBelow(QByteArrayView number, QByteArrayView bound)
{
    return std::lexicographical_compare(number.begin(), number.end(), bound.begin(), bound.end(),
                                        [](char a, char b) { return static_cast<unsigned char>(a) < static_cast<unsigned char>(b); });
}

bool isZero(QByteArrayView number)
{
    return std::all_of(number.begin(), number.end(), [](char c) { return c == '\0'; });
}

// SEQUENCE { INTEGER, INTEGER } that fills the bytes (X.690).
bool looksLikeDer(QByteArrayView bytes)
{
    const auto at = [&bytes](qsizetype i) { return static_cast<unsigned char>(bytes[i]); };
    if (bytes.size() < 8 || at(0) != 0x30)
        return false;
    const qsizetype header = at(1) == 0x81 ? 3 : 2;
    const qsizetype length = at(header - 1);
    if ((header == 2 && length >= 0x80) || header + length != bytes.size() || at(header) != 0x02)
        return false;
    const qsizetype second = header + 2 + at(header + 1);
    return second + 2 <= bytes.size() && at(second) == 0x02 && second + 2 + at(second + 1) == bytes.size();
}

VerifyError wrongLength(qsizetype got, qsizetype expected)
{
    VerifyError error = errorOf(Kind::WrongLength);
    error.part = "signature";
    error.got = got;
    error.expected = expected;
    return error;
}

std::optional<VerifyError> numberFault(QByteArrayView number, QByteArrayView bound, const char *member)
{
    VerifyError error = errorOf(Kind::ZeroNumber, member);
    error.part = "signature";
    if (isZero(number))
        return error;
    error.kind = Kind::OutOfRange;
    return isBelow(number, bound) ? std::nullopt : std::optional(error);
}

} // namespace

Result<std::vector<const Key *>, VerifyError> fittingKeys(const KeySet &set, Algorithm algorithm, const std::optional<QByteArray> &kid)
{
    if (set.keys.empty())
        return fail(errorOf(Kind::NoKeys));
    std::vector<const Key *> pool;
    const auto take = [&](const auto &wanted) {
        for (const Key &key : set.keys)
            if (wanted(key))
                pool.push_back(&key);
    };
    if (kid) {
        take([&](const Key &key) { return key.kid() == *kid; });
        if (pool.empty()) // a key without a kid may be the one: from a PEM file, say
            take([](const Key &key) { return key.kid().isEmpty(); });
        if (pool.empty())
            return fail(errorOf(Kind::KidNotFound, {}, *kid));
    } else {
        take([](const Key &) { return true; });
    }
    std::vector<const Key *> fit;
    std::optional<VerifyError> why;
    bool alike = true;
    for (const Key *key : pool) {
        const auto reason = unfit(*key, algorithm);
        if (!reason) {
            fit.push_back(key);
            continue;
        }
        alike = alike && (!why || why->kind == reason->kind);
        if (!why)
            why = reason;
    }
    if (fit.empty())
        return fail(alike ? *why : errorOf(Kind::NoKeyForAlg, {}, name(algorithm)));
    if (kid && fit.size() > 1 && fit.front()->kid() == *kid) {
        const QByteArray first = fit.front()->thumbprint();
        for (std::size_t i = 1; i < fit.size(); ++i) {
            if (fit[i]->thumbprint() == first)
                continue;
            VerifyError error = errorOf(Kind::AmbiguousKid, {}, *kid);
            error.got = qint64(fit.size());
            return fail(error);
        }
        fit.erase(fit.begin() + 1, fit.end()); // the same key again
    }
    return fit;
}

std::optional<VerifyError> signatureFault(const Key &key, Algorithm algorithm, QByteArrayView signature)
{
    switch (key.type()) {
    case KeyType::Oct:
        if (signature.size() != macSize(algorithm))
            return wrongLength(signature.size(), macSize(algorithm));
        return {};
    case KeyType::Ec: {
        const QByteArray order = orderOf(key.bits());
        const qsizetype width = order.size();
        if (signature.size() != 2 * width) {
            VerifyError error = wrongLength(signature.size(), 2 * width);
            if (looksLikeDer(signature))
                error.kind = Kind::DerSignature;
            return error;
        }
        if (auto fault = numberFault(signature.first(width), order, "r"))
            return fault;
        return numberFault(signature.sliced(width), order, "s");
    }
    case KeyType::Ed25519: {
        if (signature.size() != 64)
            return wrongLength(signature.size(), 64);
        QByteArray scalar = signature.sliced(32).toByteArray();
        std::reverse(scalar.begin(), scalar.end()); // little-endian in the signature
        if (isBelow(scalar, edOrder()))
            return {};
        VerifyError error = errorOf(Kind::OutOfRange, "S");
        error.part = "signature";
        return error;
    }
    case KeyType::Rsa: {
        const QByteArrayView modulus = withoutLeadingZeros(key.d()->rsa.n);
        if (signature.size() != modulus.size())
            return wrongLength(signature.size(), modulus.size());
        return numberFault(signature, modulus, "s");
    }
    }
    return {};
}

int macSize(Algorithm algorithm)
{
    return int(crypto::digestSize(hashOf(algorithm)));
}

} // namespace tokenlab::jose
