#include "core/keys/keyfile.h"

#include "core/crypto/box.h"
#include "core/crypto/hash.h"
#include "core/jose/base64.h"
#include "core/support/url.h"

#include <QList>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace tokenlab::keys {
namespace {

using crypto::SecretBytes;

constexpr std::array<std::string_view, 5> schemes = {"awskms", "azurekeyvault", "base64key", "gcpkms", "hashivault"};
constexpr qsizetype plainKeySize = 32;

KeyFileError error(const QByteArray &text)
{
    return {text, false, false};
}

// The name of the first query parameter, as url.Values would hold it. Pairs that do not parse are dropped, as Go's Query() does.
std::optional<QByteArray> firstParameter(const QByteArray &query)
{
    for (const QByteArray &pair : query.split('&')) {
        if (pair.isEmpty() || pair.contains(';'))
            continue;
        const qsizetype equals = pair.indexOf('=');
        const QByteArray name = equals < 0 ? pair : pair.first(equals);
        bool wellFormed = true;
        for (qsizetype at = pair.indexOf('%'); at >= 0 && wellFormed; at = pair.indexOf('%', at + 1))
            wellFormed = at + 2 < pair.size() && QByteArray::fromHex(pair.mid(at + 1, 2)).size() == 1 && isxdigit(uchar(pair[at + 1])) &&
                         isxdigit(uchar(pair[at + 2]));
        if (wellFormed)
            return QByteArray(name).replace('+', ' ').percentDecoded();
    }
    return {};
}

// gocloud's secrets.OpenKeeper for base64key://KEY.
Result<SecretBytes, KeyFileError> openKeeper(const QByteArray &secretUrl)
{
    const auto url = Url::parse(secretUrl);
    if (!url)
        return fail(error("open secrets.Keeper: " + url.error().text));
    const QByteArray printed = url->toString();
    QByteArray scheme = url->scheme;
    if (scheme.isEmpty())
        return fail(error("open secrets.Keeper: no scheme in URL " + quoted(printed)));
    for (const QByteArray &prefix : {QByteArray("secrets+keeper+"), QByteArray("secrets+")})
        if (scheme.startsWith(prefix))
            scheme.remove(0, prefix.size());
    if (std::find(schemes.begin(), schemes.end(), std::string_view(scheme.constData(), std::size_t(scheme.size()))) == schemes.end()) {
        QByteArray known;
        for (const std::string_view name : schemes)
            known += (known.isEmpty() ? "" : ", ") + QByteArray(name.data(), qsizetype(name.size()));
        return fail(error("open secrets.Keeper: no driver registered for " + quoted(scheme) + " for URL " + quoted(printed) +
                          "; available schemes: " + known));
    }
    if (scheme != "base64key")
        return fail(KeyFileError{"the keeper of " + scheme + "://… is a service elsewhere", false, true});
    if (const auto parameter = firstParameter(url->rawQuery()))
        return fail(error("open keeper " + printed + ": invalid query parameter " + quoted(*parameter)));
    if (url->host.isEmpty())
        return SecretBytes::random(crypto::boxKeySize); // a new key at each start: it opens nothing
    auto key = jose::decodeBase64Url(url->host);
    if (!key)
        return fail(error("open keeper " + printed + ": failed to get key: " + jose::gatewayText(key.error())));
    if (key->size() != crypto::boxKeySize)
        return fail(error("open keeper " + printed + ": failed to get key: Base64Key: secret key material is " +
                          QByteArray::number(key->size()) + " bytes, want 32 bytes"));
    SecretBytes secret{QByteArrayView(*key)};
    crypto::wipe(*key);
    return secret;
}

} // namespace

Result<SecretBytes, KeyFileError> openKeyFile(QByteArrayView file, const QByteArray &secretUrl, QByteArrayView cypherKey)
{
    if (secretUrl.isEmpty())
        return SecretBytes(file);
    const auto keeper = openKeeper(secretUrl);
    if (!keeper)
        return fail(keeper.error());
    if (cypherKey.size() < crypto::boxNonceSize)
        return fail(error("secrets (code=Unknown): localsecrets: invalid message length (" + QByteArray::number(cypherKey.size()) +
                          ", expected at least 24)"));
    const auto plainKey = crypto::openSecretBox(*keeper, cypherKey.first(crypto::boxNonceSize), cypherKey.sliced(crypto::boxNonceSize));
    if (!plainKey)
        return fail(error("secrets (code=Unknown): localsecrets: Decrypt failed"));
    if (file.size() < crypto::gcmNonceSize)
        return fail(
            KeyFileError{"panic: runtime error: slice bounds out of range [12:" + QByteArray::number(file.size()) + ']', true, false});
    const auto set =
        crypto::openAes256Gcm(crypto::md5Hex(plainKey->view()), file.first(crypto::gcmNonceSize), file.sliced(crypto::gcmNonceSize));
    if (!set)
        return fail(error("cipher: message authentication failed"));
    return *set;
}

Result<EncryptedKeyFile, KeyFileError> encryptKeyFile(const SecretBytes &set)
{
    const SecretBytes keeper = SecretBytes::random(crypto::boxKeySize);
    const SecretBytes plainKey = SecretBytes::random(plainKeySize);
    const SecretBytes boxNonce = SecretBytes::random(crypto::boxNonceSize);
    const SecretBytes fileNonce = SecretBytes::random(crypto::gcmNonceSize);
    const auto box = crypto::sealSecretBox(keeper, boxNonce.view(), plainKey.view());
    if (!box)
        return fail(error(box.error().what));
    const auto sealed = crypto::sealAes256Gcm(crypto::md5Hex(plainKey.view()), fileNonce.view(), set.view());
    if (!sealed)
        return fail(error(sealed.error().what));
    QByteArray url = "base64key://" + jose::encodeBase64Url(keeper.view());
    EncryptedKeyFile result{fileNonce.view().toByteArray() + *sealed, jose::encodeBase64(boxNonce.view().toByteArray() + *box),
                            SecretBytes(QByteArrayView(url))};
    crypto::wipe(url);
    return result;
}

} // namespace tokenlab::keys
