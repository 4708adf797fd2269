// OpenSSH's own forms: the private file (PROTOCOL.key) and the line of a .pub or authorized_keys file (RFC 4253 §6.6, 5656, 8709).
#include "core/keys/import_p.h"

#include "core/jose/base64.h"

#include <QList>

#include <cstring>

namespace tokenlab::keys {
namespace {

using crypto::SecretBytes;

constexpr QByteArrayView magic("openssh-key-v1\0", 15);

class Wire
{
public:
    explicit Wire(QByteArrayView bytes) : m_rest(bytes) {}

    quint32 number()
    {
        if (m_rest.size() < 4) {
            m_good = false;
            return 0;
        }
        quint32 value = 0;
        for (int i = 0; i < 4; ++i)
            value = value << 8 | static_cast<unsigned char>(m_rest[i]);
        m_rest = m_rest.sliced(4);
        return value;
    }
    QByteArrayView string()
    {
        const quint32 size = number();
        if (!m_good || qsizetype(size) > m_rest.size()) {
            m_good = false;
            return {};
        }
        const QByteArrayView bytes = m_rest.first(qsizetype(size));
        m_rest = m_rest.sliced(qsizetype(size));
        return bytes;
    }
    [[nodiscard]] bool isGood() const { return m_good; }
    [[nodiscard]] QByteArrayView rest() const { return m_rest; }

private:
    QByteArrayView m_rest;
    bool m_good = true;
};

QByteArray integer(QByteArrayView mpint)
{
    while (mpint.size() > 1 && mpint[0] == '\0')
        mpint = mpint.sliced(1);
    return mpint.toByteArray();
}

SecretBytes secretInteger(QByteArrayView mpint)
{
    while (mpint.size() > 1 && mpint[0] == '\0')
        mpint = mpint.sliced(1);
    return SecretBytes(mpint);
}

std::optional<crypto::Curve> curveOf(QByteArrayView type)
{
    if (type == "ecdsa-sha2-nistp256")
        return crypto::Curve::P256;
    if (type == "ecdsa-sha2-nistp384")
        return crypto::Curve::P384;
    if (type == "ecdsa-sha2-nistp521")
        return crypto::Curve::P521;
    return {};
}

bool splitPoint(QByteArrayView point, crypto::EcNumbers &numbers)
{
    const qsizetype width = crypto::fieldBytes(numbers.curve);
    if (point.size() != 1 + 2 * width || point[0] != '\x04')
        return false;
    numbers.x = point.sliced(1, width).toByteArray();
    numbers.y = point.sliced(1 + width).toByteArray();
    return true;
}

bool padded(QByteArrayView scalar, qsizetype width, SecretBytes &out)
{
    while (scalar.size() > width && scalar[0] == '\0')
        scalar = scalar.sliced(1);
    if (scalar.size() > width)
        return false;
    out = SecretBytes::zeros(width);
    std::memcpy(out.mutableData() + (width - scalar.size()), scalar.data(), std::size_t(scalar.size()));
    return true;
}

using Numbers = Result<crypto::KeyNumbers, ImportError::Kind>;

// What follows the type in a public key.
Numbers publicNumbers(QByteArrayView type, Wire &wire)
{
    if (type == "ssh-rsa") {
        crypto::RsaNumbers numbers;
        numbers.e = integer(wire.string());
        numbers.n = integer(wire.string());
        if (!wire.isGood() || numbers.n.size() > 2048 || numbers.n.size() < 16)
            return fail(ImportError::Broken);
        return crypto::KeyNumbers(numbers);
    }
    if (const auto curve = curveOf(type)) {
        crypto::EcNumbers numbers;
        numbers.curve = *curve;
        wire.string(); // the curve's name again
        if (!splitPoint(wire.string(), numbers) || !wire.isGood())
            return fail(ImportError::Broken);
        return crypto::KeyNumbers(numbers);
    }
    if (type == "ssh-ed25519") {
        crypto::EdNumbers numbers;
        numbers.x = wire.string().toByteArray();
        if (!wire.isGood() || numbers.x.size() != 32)
            return fail(ImportError::Broken);
        return crypto::KeyNumbers(numbers);
    }
    return fail(ImportError::UnsupportedKey);
}

Numbers privateNumbers(QByteArrayView type, Wire &wire)
{
    if (type == "ssh-rsa") {
        crypto::RsaNumbers numbers;
        numbers.n = integer(wire.string());
        numbers.e = integer(wire.string());
        numbers.d = secretInteger(wire.string());
        numbers.qi = secretInteger(wire.string());
        numbers.p = secretInteger(wire.string());
        numbers.q = secretInteger(wire.string());
        if (!wire.isGood() || numbers.n.size() > 2048 || numbers.n.size() < 16)
            return fail(ImportError::Broken);
        numbers.qi = {}; // computed again with the two others that are not stored
        return crypto::KeyNumbers(numbers);
    }
    if (const auto curve = curveOf(type)) {
        crypto::EcNumbers numbers;
        numbers.curve = *curve;
        wire.string();
        if (!splitPoint(wire.string(), numbers) || !padded(wire.string(), crypto::fieldBytes(*curve), numbers.d) || !wire.isGood())
            return fail(ImportError::Broken);
        return crypto::KeyNumbers(numbers);
    }
    if (type == "ssh-ed25519") {
        crypto::EdNumbers numbers;
        numbers.x = wire.string().toByteArray();
        const QByteArrayView both = wire.string(); // seed and public half
        if (!wire.isGood() || numbers.x.size() != 32 || both.size() != 64)
            return fail(ImportError::Broken);
        if (both.sliced(32) != numbers.x)
            return fail(ImportError::NotAPair);
        numbers.seed = SecretBytes(both.first(32));
        return crypto::KeyNumbers(numbers);
    }
    return fail(ImportError::UnsupportedKey);
}

} // namespace

std::optional<ImportError> readOpenSshPrivate(QByteArrayView body, const Place &place, Collector &into)
{
    constexpr Form form = Form::OpenSshPrivate;
    if (!body.startsWith(magic))
        return errorAt(ImportError::Broken, form, place, "no openssh-key-v1");
    Wire wire(body.sliced(magic.size()));
    const QByteArrayView cipher = wire.string();
    wire.string(); // kdf
    wire.string(); // its options
    const quint32 count = wire.number();
    Wire publicKey(wire.string());
    const QByteArray type = publicKey.string().toByteArray();
    if (!wire.isGood() || !publicKey.isGood() || count != 1)
        return errorAt(ImportError::Broken, form, place, "cut off");
    if (cipher != "none")
        return errorAt(ImportError::OpenSshEncrypted, form, place, type.left(60));
    Wire secret(wire.string());
    const quint32 first = secret.number();
    const quint32 second = secret.number();
    const QByteArray secretType = secret.string().toByteArray();
    if (!wire.isGood() || !secret.isGood() || first != second || secretType != type)
        return errorAt(ImportError::Broken, form, place, "cut off");
    const auto numbers = privateNumbers(type, secret);
    if (!numbers)
        return errorAt(numbers.error(), form, place, type.left(60));
    const QByteArray comment = secret.string().toByteArray();
    const auto key = jose::keyFrom(*numbers, {});
    if (!key)
        return errorAt(ImportError::Broken, form, place, key.error().text);
    into.add(*key, form, place, secret.isGood() ? comment : QByteArray());
    return {};
}

bool looksLikeOpenSshPublic(QByteArrayView text)
{
    for (const char *type : {"ssh-rsa AAAA", "ssh-dss AAAA", "ssh-ed25519 AAAA", "ecdsa-sha2-nistp256 AAAA", "ecdsa-sha2-nistp384 AAAA",
                             "ecdsa-sha2-nistp521 AAAA", "sk-ssh-ed25519@openssh.com AAAA", "sk-ecdsa-sha2-nistp256@openssh.com AAAA"})
        if (text.contains(type))
            return true;
    return false;
}

std::optional<ImportError> readOpenSshPublic(QByteArrayView text, Collector &into)
{
    int lineNumber = 0;
    int block = 0;
    for (const QByteArray &whole : text.toByteArray().split('\n')) {
        ++lineNumber;
        const QByteArray line = whole.trimmed();
        if (line.isEmpty() || line.startsWith('#'))
            continue;
        const Place place{++block, lineNumber, {}};
        if (block > maxBlocks)
            return errorAt(ImportError::TooMany, Form::OpenSshPublic, place);
        // Before the type there may be options, in quotes that hold blanks.
        QList<QByteArray> words = line.simplified().split(' ');
        while (words.size() > 2 && !words[1].startsWith("AAAA"))
            words.removeFirst();
        if (words.size() < 2)
            return errorAt(ImportError::Broken, Form::OpenSshPublic, place, "not a key line");
        const auto blob = jose::decodeBase64(words[1]);
        if (!blob)
            return errorAt(ImportError::Broken, Form::OpenSshPublic, place, jose::gatewayText(blob.error()));
        Wire wire(*blob);
        const QByteArray type = wire.string().toByteArray();
        if (type != words[0])
            return errorAt(ImportError::Broken, Form::OpenSshPublic, place, "the type in front is another one than inside");
        const auto numbers = publicNumbers(type, wire);
        if (!numbers) {
            const ImportError error = errorAt(numbers.error(), Form::OpenSshPublic, place, type.left(60));
            if (error.kind != ImportError::UnsupportedKey)
                return error;
            into.skip(error);
            continue;
        }
        const auto key = jose::keyFrom(*numbers, {});
        if (!key)
            return errorAt(ImportError::Broken, Form::OpenSshPublic, place, key.error().text);
        into.add(*key, Form::OpenSshPublic, place, words.mid(2).join(' '));
    }
    return {};
}

} // namespace tokenlab::keys
