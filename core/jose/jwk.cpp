#include "core/jose/jwk.h"

#include "core/crypto/hash.h"
#include "core/crypto/rsacheck.h"
#include "core/jose/base64.h"
#include "core/jose/jwk_p.h"
#include "core/json/writer.h"

#include <algorithm>
#include <string_view>

namespace tokenlab::jose {
namespace {

std::string_view viewOf(const QByteArray &bytes)
{
    return {bytes.constData(), std::size_t(bytes.size())};
}

// Builds the text of a JWK in a buffer that is never moved, so that no copy of a secret stays behind.
class JwkWriter
{
public:
    explicit JwkWriter(qsizetype capacity)
    {
        m_out.reserve(capacity);
        m_out += '{';
    }

    void text(const char *name, const QByteArray &value)
    {
        if (value.isEmpty())
            return;
        start(name);
        json::appendString(m_out, viewOf(value), json::Escapes::JoseFork);
    }

    void number(const char *name, QByteArrayView bytes)
    {
        start(name);
        m_out += '"';
        appendBase64RawUrl(m_out, bytes);
        m_out += '"';
    }

    [[nodiscard]] QByteArray take()
    {
        m_out += '}';
        return std::move(m_out);
    }

private:
    void start(const char *name)
    {
        if (m_out.size() > 1)
            m_out += ',';
        m_out += '"';
        m_out += name;
        m_out += "\":";
    }

    QByteArray m_out;
};

qsizetype capacityFor(const Key::Private &d)
{
    const qsizetype numbers = d.octets.size() + 8 * d.rsa.n.size() + 4 * 66;
    return 512 + 6 * (d.kid.size() + d.alg.size() + d.use.size()) + 2 * numbers + 16 * 8;
}

// Members in go-jose's order.
QByteArray writeJwk(const Key::Private &d, bool withSecrets)
{
    JwkWriter out(capacityFor(d));
    out.text("use", d.use);
    switch (d.type) {
    case KeyType::Oct:
        out.text("kty", "oct");
        break;
    case KeyType::Rsa:
        out.text("kty", "RSA");
        break;
    case KeyType::Ec:
        out.text("kty", "EC");
        break;
    case KeyType::Ed25519:
        out.text("kty", "OKP");
        break;
    }
    out.text("kid", d.kid);
    if (d.type == KeyType::Ec)
        out.text("crv", curveName(d.ec.curve));
    if (d.type == KeyType::Ed25519)
        out.text("crv", "Ed25519");
    out.text("alg", d.alg);
    switch (d.type) {
    case KeyType::Oct:
        if (withSecrets)
            out.number("k", d.octets.view());
        break;
    case KeyType::Rsa:
        out.number("n", withoutLeadingZeros(d.rsa.n));
        out.number("e", withoutLeadingZeros(d.rsa.e));
        if (withSecrets && d.isPrivate) {
            out.number("d", withoutLeadingZeros(d.rsa.d.view()));
            out.number("p", withoutLeadingZeros(d.rsa.p.view()));
            out.number("q", withoutLeadingZeros(d.rsa.q.view()));
            out.number("dp", withoutLeadingZeros(d.rsa.dp.view()));
            out.number("dq", withoutLeadingZeros(d.rsa.dq.view()));
            out.number("qi", withoutLeadingZeros(d.rsa.qi.view()));
        }
        break;
    case KeyType::Ec:
        out.number("x", d.ec.x);
        out.number("y", d.ec.y);
        if (withSecrets && d.isPrivate)
            out.number("d", d.ec.d.view());
        break;
    case KeyType::Ed25519:
        out.number("x", d.ed.x);
        if (withSecrets && d.isPrivate)
            out.number("d", d.ed.seed.view());
        break;
    }
    return out.take();
}

// RFC 7638 §3.2: the required members, sorted by name.
QByteArray thumbprintInput(const Key::Private &d)
{
    JwkWriter out(capacityFor(d));
    switch (d.type) {
    case KeyType::Oct:
        out.number("k", d.octets.view());
        out.text("kty", "oct");
        break;
    case KeyType::Rsa:
        out.number("e", withoutLeadingZeros(d.rsa.e));
        out.text("kty", "RSA");
        out.number("n", withoutLeadingZeros(d.rsa.n));
        break;
    case KeyType::Ec:
        out.text("crv", curveName(d.ec.curve));
        out.text("kty", "EC");
        out.number("x", d.ec.x);
        out.number("y", d.ec.y);
        break;
    case KeyType::Ed25519:
        out.text("crv", "Ed25519");
        out.text("kty", "OKP");
        out.number("x", d.ed.x);
        break;
    }
    return out.take();
}

} // namespace

QByteArrayView withoutLeadingZeros(QByteArrayView bigEndian)
{
    qsizetype zeros = 0;
    while (zeros < bigEndian.size() && bigEndian[zeros] == '\0')
        ++zeros;
    return bigEndian.sliced(zeros);
}

QByteArray curveName(crypto::Curve curve)
{
    switch (curve) {
    case crypto::Curve::P256:
        return "P-256";
    case crypto::Curve::P384:
        return "P-384";
    case crypto::Curve::P521:
        return "P-521";
    }
    return {};
}

KeyType Key::type() const
{
    return m_d->type;
}

bool Key::isPrivate() const
{
    return m_d->isPrivate;
}

const QByteArray &Key::kid() const
{
    return m_d->kid;
}

const QByteArray &Key::alg() const
{
    return m_d->alg;
}

const QByteArray &Key::use() const
{
    return m_d->use;
}

const std::optional<std::vector<QByteArray>> &Key::keyOps() const
{
    return m_d->keyOps;
}

const QByteArray &Key::x5t() const
{
    return m_d->x5t;
}

const QByteArray &Key::x5tS256() const
{
    return m_d->x5tS256;
}

int Key::bits() const
{
    switch (m_d->type) {
    case KeyType::Oct:
        return int(m_d->octets.size()) * 8;
    case KeyType::Rsa:
        return crypto::bitLength(m_d->rsa.n);
    case KeyType::Ec:
        return crypto::fieldBits(m_d->ec.curve);
    case KeyType::Ed25519:
        return 256;
    }
    return 0;
}

QByteArray Key::curve() const
{
    switch (m_d->type) {
    case KeyType::Ec:
        return curveName(m_d->ec.curve);
    case KeyType::Ed25519:
        return "Ed25519";
    default:
        return {};
    }
}

QByteArray Key::thumbprint() const
{
    QByteArray input = thumbprintInput(*m_d);
    QByteArray result = encodeBase64RawUrl(crypto::digest(crypto::Hash::Sha256, input));
    crypto::wipe(input);
    return result;
}

Key Key::publicKey() const
{
    if (m_d->type == KeyType::Oct || !m_d->isPrivate)
        return *this;
    auto d = std::make_shared<Private>();
    d->type = m_d->type;
    d->kid = m_d->kid;
    d->alg = m_d->alg;
    d->use = m_d->use;
    if (m_d->keyOps) { // what the private half signs, the public half verifies
        d->keyOps.emplace();
        for (const QByteArray &operation : *m_d->keyOps) {
            const QByteArray other = operation == "sign" ? QByteArray("verify") : operation;
            if (std::find(d->keyOps->begin(), d->keyOps->end(), other) == d->keyOps->end())
                d->keyOps->push_back(other);
        }
    }
    d->x5t = m_d->x5t;
    d->x5tS256 = m_d->x5tS256;
    d->rsa.n = m_d->rsa.n;
    d->rsa.e = m_d->rsa.e;
    d->ec = {m_d->ec.curve, m_d->ec.x, m_d->ec.y, {}};
    d->ed.x = m_d->ed.x;
    const auto handle = d->type == KeyType::Rsa  ? crypto::PKey::rsa(d->rsa)
                        : d->type == KeyType::Ec ? crypto::PKey::ec(d->ec)
                                                 : crypto::PKey::ed25519(d->ed);
    if (handle)
        d->handle = *handle;
    return Key(std::move(d));
}

Key Key::withKid(const QByteArray &kid) const
{
    auto d = std::make_shared<Private>(*m_d);
    d->kid = kid;
    return Key(std::move(d));
}

QByteArray Key::toPublicJwk() const
{
    return m_d->type == KeyType::Oct ? QByteArray() : writeJwk(*m_d, false);
}

crypto::SecretBytes Key::toPrivateJwk() const
{
    QByteArray text = writeJwk(*m_d, true);
    crypto::SecretBytes result{QByteArrayView(text)};
    crypto::wipe(text);
    return result;
}

const Key *KeySet::find(QByteArrayView kid) const
{
    for (auto it = keys.rbegin(); it != keys.rend(); ++it)
        if (it->kid() == kid)
            return &*it;
    return nullptr;
}

crypto::SecretBytes writePrivateSet(const KeySet &set)
{
    qsizetype capacity = 16;
    for (const Key &key : set.keys)
        capacity += capacityFor(*key.d()) + 1;
    QByteArray text;
    text.reserve(capacity);
    text += "{\"keys\":[";
    bool first = true;
    for (const Key &key : set.keys) {
        if (!first)
            text += ',';
        first = false;
        text += key.toPrivateJwk().view();
    }
    text += "]}";
    crypto::SecretBytes result{QByteArrayView(text)};
    crypto::wipe(text);
    return result;
}

QByteArray writePublicSet(const KeySet &set)
{
    QByteArray text = "{\"keys\":[";
    bool first = true;
    for (const Key &key : set.keys) {
        const QByteArray jwk = key.toPublicJwk();
        if (jwk.isEmpty())
            continue;
        if (!first)
            text += ',';
        first = false;
        text += jwk;
    }
    return text + "]}";
}

} // namespace tokenlab::jose
