#include "core/keys/encrypted.h"

#include "core/crypto/box.h"
#include "core/crypto/hash.h"
#include "core/jose/base64.h"

#include <algorithm>

namespace tokenlab::keys {
namespace {

using crypto::SecretBytes;

constexpr qsizetype plainKeySize = 32;
constexpr qsizetype boxTagSize = 16;

EncryptedFault fault(EncryptedFault::Kind kind, const QByteArray &gateway, const QByteArray &detail = {})
{
    return {kind, gateway, detail, false};
}

// An encrypted file is random bytes and may well begin with a brace; all of a JSON text is characters.
bool readsAsText(QByteArrayView file)
{
    const auto control = [](char c) { return quint8(c) < 0x20 && c != '\t' && c != '\n' && c != '\r'; };
    return file.trimmed().startsWith('{') && file.isValidUtf8() && std::none_of(file.begin(), file.end(), control);
}

// The gateway's words are those of openKeyFile(); which part they are about is found in them and in the parts themselves.
EncryptedFault faultFor(const KeyFileError &error, QByteArrayView file, const QByteArray &secretUrl)
{
    using Kind = EncryptedFault::Kind;
    const QByteArray scheme = secretUrl.left(qMax<qsizetype>(0, secretUrl.indexOf(':'))).toLower();
    if (error.crash)
        return {Kind::FileShort, error.text, QByteArray::number(file.size()), true};
    if (error.notSimulated)
        return fault(Kind::Cloud, {}, scheme);
    if (error.text.startsWith("cipher: "))
        return fault(readsAsText(file) ? Kind::FilePlain : Kind::FileLocked, error.text);
    if (error.text.startsWith("secrets ("))
        return fault(error.text.contains("message length") ? Kind::CypherKeyShort : Kind::CypherKeyLocked, error.text);
    if (error.text.contains("no driver registered"))
        return fault(Kind::UnknownScheme, error.text, scheme);
    if (error.text.contains("secret key material is")) {
        const qsizetype at = error.text.lastIndexOf("material is ") + 12;
        return fault(Kind::SecretUrlLength, error.text, error.text.mid(at, error.text.indexOf(' ', at) - at));
    }
    if (error.text.contains("failed to get key: illegal base64"))
        return fault(Kind::SecretUrlNotBase64, error.text);
    return fault(Kind::SecretUrlBad, error.text);
}

// The gateway prints the whole secret_url into its log; here its key is left out.
EncryptedFault faultOf(const KeyFileError &error, QByteArrayView file, const QByteArray &secretUrl)
{
    EncryptedFault found = faultFor(error, file, secretUrl);
    const qsizetype slashes = secretUrl.indexOf("://");
    if (slashes >= 0 && found.kind != EncryptedFault::UnknownScheme && secretUrl.size() > slashes + 3)
        found.gateway.replace(secretUrl.mid(slashes + 3), "***");
    return found;
}

Result<EncryptedKeyFile, EncryptedFault> seal(const SecretBytes &set, const SecretBytes &keeper, const QByteArray &secretUrl)
{
    const SecretBytes plainKey = SecretBytes::random(plainKeySize);
    const QByteArray boxNonce = SecretBytes::random(crypto::boxNonceSize).view().toByteArray();
    const QByteArray fileNonce = SecretBytes::random(crypto::gcmNonceSize).view().toByteArray();
    const auto box = crypto::sealSecretBox(keeper, boxNonce, plainKey.view());
    if (!box)
        return fail(fault(EncryptedFault::Failed, {}, box.error().what));
    const auto sealed = crypto::sealAes256Gcm(crypto::md5Hex(plainKey.view()), fileNonce, set.view());
    if (!sealed)
        return fail(fault(EncryptedFault::Failed, {}, sealed.error().what));
    return EncryptedKeyFile{fileNonce + *sealed, jose::encodeBase64(boxNonce + *box), SecretBytes(QByteArrayView(secretUrl))};
}

std::optional<EncryptedFault> notASet(const SecretBytes &set)
{
    const auto keys = jose::parseKeySet(set.view(), jose::SetSource::LocalFile);
    if (!keys)
        return fault(EncryptedFault::NotASet, keys.error().text, keys.error().text);
    if (keys->keys.empty())
        return fault(EncryptedFault::NotASet, {}, "no keys");
    return {};
}

} // namespace

Result<SecretBytes, EncryptedFault> openEncrypted(QByteArrayView file, const QByteArray &secretUrl, const QByteArray &cypherKey)
{
    if (secretUrl.isEmpty())
        return fail(fault(EncryptedFault::NoSecretUrl, {}));
    auto cypher = jose::decodeBase64(cypherKey);
    if (!cypher)
        return fail(fault(EncryptedFault::CypherKeyNotBase64, jose::gatewayText(cypher.error())));
    const auto opened = openKeyFile(file, secretUrl, *cypher);
    if (opened)
        return *opened;
    EncryptedFault found = faultOf(opened.error(), file, secretUrl);
    const bool locked = found.kind == EncryptedFault::CypherKeyLocked;
    if (locked && cypher->size() < crypto::boxNonceSize + boxTagSize)
        found.kind = EncryptedFault::CypherKeyShort;
    if (found.kind == EncryptedFault::CypherKeyShort)
        found.detail = QByteArray::number(cypher->size());
    else if (locked && secretUrl.toLower().endsWith("://"))
        found.kind = EncryptedFault::SecretUrlEmpty;
    return fail(std::move(found));
}

Result<EncryptedKeyFile, EncryptedFault> sealSet(const SecretBytes &set)
{
    if (auto wrong = notASet(set))
        return fail(std::move(*wrong));
    const SecretBytes keeper = SecretBytes::random(crypto::boxKeySize);
    QByteArray url = "base64key://";
    url += jose::encodeBase64Url(keeper.view());
    auto made = seal(set, keeper, url);
    crypto::wipe(url);
    return made;
}

Result<EncryptedKeyFile, EncryptedFault> sealSet(const SecretBytes &set, const QByteArray &secretUrl)
{
    if (auto wrong = notASet(set))
        return fail(std::move(*wrong));
    // Opening nothing with it asks the keeper first, and tells what is wrong with its URL alone.
    const auto tried = openEncrypted(QByteArray(), secretUrl, jose::encodeBase64(QByteArray(crypto::boxNonceSize + boxTagSize, '\0')));
    if (!tried && tried.error().kind != EncryptedFault::CypherKeyLocked)
        return fail(tried.error());
    const qsizetype slashes = secretUrl.indexOf("://");
    auto keeper = jose::decodeBase64Url(QByteArrayView(secretUrl).sliced(slashes + 3));
    if (slashes < 0 || !keeper || keeper->size() != crypto::boxKeySize)
        return fail(fault(EncryptedFault::SecretUrlBad, {}));
    const SecretBytes secret{QByteArrayView(*keeper)};
    crypto::wipe(*keeper);
    return seal(set, secret, secretUrl);
}

} // namespace tokenlab::keys
