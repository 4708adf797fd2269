#include "core/crypto/secretbytes.h"

#include "core/crypto/qcainit.h"

#include <QtCrypto>
#include <sodium.h>

#include <cstring>

namespace tokenlab::crypto {

namespace {

// A plugin's generator. QCA's built-in one only stands in where there is no plugin, and is not made for keys.
QString generatorName()
{
    loadQcaPlugins();
    for (const QCA::Provider *provider : QCA::providers())
        if (provider->name() != QLatin1String("default") && QCA::isSupported("random", provider->name()))
            return provider->name();
    return {};
}

} // namespace

struct SecretBytes::Private {
    QCA::SecureArray array; // shared until written to
};

// No bytes, no Private: an empty value costs nothing and needs no QCA.
SecretBytes::SecretBytes() = default;
SecretBytes::~SecretBytes() = default;
SecretBytes::SecretBytes(SecretBytes &&) noexcept = default;
SecretBytes &SecretBytes::operator=(SecretBytes &&) noexcept = default;

SecretBytes::SecretBytes(QByteArrayView bytes)
{
    if (bytes.isEmpty())
        return;
    *this = zeros(bytes.size());
    std::memcpy(mutableData(), bytes.data(), std::size_t(bytes.size()));
}

SecretBytes::SecretBytes(const SecretBytes &other) : m_d(other.m_d ? std::make_unique<Private>(*other.m_d) : nullptr) {}

SecretBytes &SecretBytes::operator=(const SecretBytes &other)
{
    if (this != &other)
        m_d = other.m_d ? std::make_unique<Private>(*other.m_d) : nullptr;
    return *this;
}

SecretBytes SecretBytes::zeros(qsizetype size)
{
    SecretBytes result;
    if (size > 0) {
        initialiseQca();
        result.m_d = std::make_unique<Private>(Private{QCA::SecureArray(int(size), 0)});
    }
    return result;
}

SecretBytes SecretBytes::random(qsizetype size)
{
    SecretBytes result;
    if (size <= 0)
        return result;
    initialiseQca();
    static const QString provider = generatorName();
    QCA::SecureArray bytes;
    if (!provider.isEmpty())
        bytes = QCA::Random(provider).nextBytes(int(size));
    if (bytes.size() != size) { // no plugin: the system's generator, through libsodium
        bytes = QCA::SecureArray(int(size), 0);
        if (sodium_init() >= 0)
            randombytes_buf(bytes.data(), std::size_t(size));
    }
    result.m_d = std::make_unique<Private>(Private{bytes});
    return result;
}

qsizetype SecretBytes::size() const
{
    return m_d ? m_d->array.size() : 0;
}

const unsigned char *SecretBytes::data() const
{
    static const unsigned char none = 0; // libraries tell "no bytes" from "no pointer"
    return m_d ? reinterpret_cast<const unsigned char *>(m_d->array.constData()) : &none;
}

unsigned char *SecretBytes::mutableData()
{
    static unsigned char none = 0;
    return m_d ? reinterpret_cast<unsigned char *>(m_d->array.data()) : &none;
}

QByteArrayView SecretBytes::view() const
{
    return {reinterpret_cast<const char *>(data()), size()};
}

bool SecretBytes::equals(QByteArrayView other) const
{
    return other.size() == size() && (isEmpty() || sodium_memcmp(data(), other.data(), std::size_t(size())) == 0);
}

void wipe(QByteArray &bytes)
{
    // A shared buffer would be copied by data(); the copy is wiped and the other owner keeps its own.
    if (!bytes.isEmpty())
        sodium_memzero(bytes.data(), std::size_t(bytes.size()));
    bytes.clear();
}

} // namespace tokenlab::crypto
