#include "core/text/verify.h"

#include "core/support/url.h"
#include "core/text/keys.h"
#include "core/text/text.h"

#include <QCoreApplication>

namespace tokenlab::text {

namespace {

struct Verify {
    Q_DECLARE_TR_FUNCTIONS(Verify)
};

using Kind = jose::VerifyError::Kind;

QString partName(const QByteArray &part)
{
    if (part == "header")
        return Verify::tr("the header");
    if (part == "unprotected header")
        return Verify::tr("the unprotected header");
    if (part == "payload")
        return Verify::tr("the payload");
    if (part == "signature")
        return Verify::tr("the signature");
    return Verify::tr("the token");
}

QString quoted(const QByteArray &text)
{
    constexpr qsizetype longest = 200;
    return QStringLiteral("\u201c") + (text.size() > longest ? inert(text.left(longest)) + QStringLiteral("…") : inert(text)) +
           QStringLiteral("\u201d");
}

QString number(qint64 n)
{
    return QString::number(n);
}

QString upperFirst(QString text)
{
    if (!text.isEmpty())
        text[0] = text[0].toUpper();
    return text;
}

QString tooLarge(const jose::VerifyError &error)
{
    const QString got = number(error.got), limit = number(error.expected);
    if (error.member == "header")
        return Verify::tr("the header is too large (%1 bytes; at most %2 are read)").arg(got, limit);
    if (error.member == "signatures")
        return Verify::tr("the token has %1 signatures; at most %2 are looked at").arg(got, limit);
    if (error.member == "members")
        return Verify::tr("the token has too many members (%1; at most %2 are read)").arg(got, limit);
    if (error.member == "keys")
        return Verify::tr("too many keys could have signed it (%1): at most %2 signatures are calculated for a token. Give the one key")
            .arg(got, limit);
    return Verify::tr("the token is too large (%1 bytes; at most %2 are read)").arg(got, limit);
}

QString critical(const jose::VerifyError &error)
{
    if (!error.member.isEmpty())
        return Verify::tr("\u201ccrit\u201d names %1, which is not understood here, so that the token must be refused")
            .arg(quoted(error.member));
    if (error.detail == "array")
        return Verify::tr("\u201ccrit\u201d is no list");
    if (error.detail == "empty")
        return Verify::tr("\u201ccrit\u201d is an empty list");
    if (error.detail == "texts")
        return Verify::tr("\u201ccrit\u201d has an element that is no text");
    if (error.detail == "twice")
        return Verify::tr("\u201ccrit\u201d names a member twice");
    if (error.detail == "absent")
        return Verify::tr("\u201ccrit\u201d names a member that the header does not have");
    return Verify::tr("\u201ccrit\u201d names a member that the standard defines itself");
}

QString aboutShape(const jose::VerifyError &error)
{
    const QString part = partName(error.part);
    switch (error.kind) {
    case Kind::Empty:
        return Verify::tr("there is no token");
    case Kind::TooLarge:
        return tooLarge(error);
    case Kind::NotAToken:
        return Verify::tr("a token has three parts with dots between them; this has %1").arg(number(error.got));
    case Kind::Encrypted:
        return Verify::tr("this is an encrypted token (JWE), not a signed one");
    case Kind::BadBase64:
        return Verify::tr("%1 is not base64url, at byte %2").arg(part, number(error.at));
    case Kind::Whitespace:
        return Verify::tr("%1 has a blank or a line break at byte %2").arg(part, number(error.at));
    case Kind::Padding:
        return Verify::tr("%1 has base64 padding (=) at byte %2, which tokens do without").arg(part, number(error.at));
    case Kind::TrailingBits:
        return Verify::tr("the last character of %1 (byte %2) carries bits that belong to nothing: the same bytes are spelled in another "
                          "way")
            .arg(part, number(error.at));
    case Kind::NotJson:
        return Verify::tr("%1 is not strict JSON, at byte %2 (%3)").arg(part, number(error.at), inert(error.detail));
    case Kind::DuplicateMember:
        return error.part == "unprotected header"
                   ? Verify::tr("%1 stands in the protected and in the unprotected header").arg(quoted(error.member))
                   : Verify::tr("%1 has %2 twice").arg(part, quoted(error.member));
    case Kind::NotAnObject:
        return Verify::tr("%1 is no JSON object").arg(part);
    case Kind::MissingMember:
        return Verify::tr("%1 has no %2").arg(part, quoted(error.member));
    case Kind::BadMember:
        return Verify::tr("%1 of %2 is not what it must be").arg(quoted(error.member), part);
    default:
        return Verify::tr("%1 stands beside \u201csignatures\u201d: the token is flattened and general at once").arg(quoted(error.member));
    }
}

QString aboutKey(const jose::VerifyError &error)
{
    const QString alg = inert(error.detail);
    switch (error.kind) {
    case Kind::NoKeys:
        return Verify::tr("there is no key to verify with");
    case Kind::KidNotFound:
        return Verify::tr("no key has the kid %1 that the token names").arg(quoted(error.detail));
    case Kind::KeyOnlyInToken:
        return Verify::tr("the token brings its own key (%1), which proves nothing, and none of the given keys is the one it names")
            .arg(quoted(error.member));
    case Kind::AmbiguousKid:
        return Verify::tr("%1 different keys have the kid %2: which one is meant cannot be told")
            .arg(number(error.got), quoted(error.detail));
    case Kind::NoKeyForAlg:
        return Verify::tr("none of the keys can do %1").arg(alg);
    case Kind::Confusion:
        return alg.startsWith(QLatin1String("HS"))
                   ? Verify::tr("the token says %1, but the key is a public one: an HMAC with it as the secret is open to everybody "
                                "(RS/HS confusion)")
                         .arg(alg)
                   : Verify::tr("the token says %1, but the key is a secret for HMAC").arg(alg);
    case Kind::AlgKeyMismatch:
        return Verify::tr("the key is of another type than %1 needs").arg(alg);
    case Kind::WrongCurve:
        return Verify::tr("the key is on %1, which is not the curve of %2").arg(inert(error.member), alg);
    case Kind::KeyAlg:
        return Verify::tr("the key is for %1 alone (its \u201calg\u201d), the token says %2").arg(quoted(error.member), alg);
    case Kind::KeyUse:
        return Verify::tr("the key is not for signatures: its \u201cuse\u201d is %1").arg(quoted(error.member));
    case Kind::KeyOps:
        return Verify::tr("the key is not for verifying: its \u201ckey_ops\u201d has no \u201cverify\u201d");
    case Kind::EmptyKey:
        return Verify::tr("the secret is empty, so that everybody can sign with it");
    case Kind::SecretIsPublicKey:
        return Verify::tr("the secret is the text of a public key or certificate, which everybody knows (RS/HS confusion)");
    case Kind::KeyTooSmall:
        return Verify::tr("the RSA key has %1 bits; below %2 nothing is verified").arg(number(error.got), number(error.expected));
    default:
        return Verify::tr("nothing can be verified with the numbers of this key");
    }
}

QString aboutSignature(const jose::VerifyError &error)
{
    switch (error.kind) {
    case Kind::NoSignature:
        return Verify::tr("there is no signature");
    case Kind::DerSignature:
        return Verify::tr("the signature is in ASN.1 (DER) form; a token has r and s side by side, %1 bytes").arg(number(error.expected));
    case Kind::WrongLength:
        return Verify::tr("the signature has %1 bytes, where the key and the algorithm make %2")
            .arg(number(error.got), number(error.expected));
    case Kind::ZeroNumber:
        return Verify::tr("%1 of the signature is zero").arg(inert(error.member));
    case Kind::OutOfRange:
        return Verify::tr("%1 of the signature is larger than the key allows").arg(inert(error.member));
    default:
        return error.got > 1
                   ? Verify::tr("none of %1 keys has made this signature: another key, or something was changed").arg(number(error.got))
                   : Verify::tr("the signature is not the key's: another key, or something was changed");
    }
}

QString words(const jose::VerifyError &error)
{
    switch (error.kind) {
    case Kind::AlgNone:
        return Verify::tr("the token is not signed at all (\u201calg\u201d is %1)").arg(quoted(error.member));
    case Kind::AlgUnknown:
        return Verify::tr("%1 is no algorithm that is known here").arg(quoted(error.detail));
    case Kind::AlgNotAllowed:
        return Verify::tr("%1 is not among the allowed algorithms").arg(inert(error.detail));
    case Kind::Critical:
        return critical(error);
    case Kind::Unencoded:
        return Verify::tr("the payload is not encoded (\u201cb64\u201d is false, RFC 7797), which is refused here");
    default:
        break;
    }
    if (error.kind < Kind::AlgNone)
        return aboutShape(error);
    return error.kind < Kind::NoSignature ? aboutKey(error) : aboutSignature(error);
}

} // namespace

QString sentence(const jose::VerifyError &error)
{
    const QString text = upperFirst(words(error));
    return error.signature < 0 ? Verify::tr("%1.").arg(text) : Verify::tr("Signature %1: %2.").arg(number(error.signature + 1), text);
}

QString sentence(const jose::VerifyNote &note, Instant now)
{
    using Note = jose::VerifyNote;
    switch (note.kind) {
    case Note::IgnoredKeySource:
        return Verify::tr("The header names a key of its own (%1); it was not followed.").arg(quoted(note.detail));
    case Note::ShortSecret:
        return Verify::tr("The secret has %1 bytes; RFC 7518 asks for %2 with this algorithm.")
            .arg(number(note.got), number(note.expected));
    case Note::SmallRsaKey:
        return Verify::tr("The RSA key has %1 bits; RFC 7518 asks for %2.").arg(number(note.got), number(note.expected));
    case Note::UnprotectedAlg:
        return Verify::tr("\u201calg\u201d stands in the unprotected header: the signature does not cover it.");
    case Note::KidWithoutKey:
        return Verify::tr("The token names the kid %1; the key that fits has none to compare.").arg(quoted(note.detail));
    case Note::KidMissing:
        return Verify::tr("The token names no kid; %1 keys could have been meant, and each was tried.").arg(number(note.got));
    case Note::SignatureNotTried:
        return Verify::tr("Signature %1 was not looked at: no key for it is here.").arg(number(note.got + 1));
    case Note::PayloadNotJson:
        return Verify::tr("The payload is not JSON: a signed text, but no JWT.");
    case Note::PayloadNotObject:
        return Verify::tr("The payload is no JSON object: no JWT.");
    case Note::PayloadDuplicate:
        return Verify::tr("The payload has %1 twice: readers differ in which one they take.").arg(quoted(note.detail));
    case Note::ClaimExpired:
        return Verify::tr("It expired %1 (%2): a validator refuses it for that.").arg(relativeTime(note.got, now), utcTime(note.got));
    case Note::ClaimNotYetValid:
        return Verify::tr("It is not valid before %1 (%2).").arg(utcTime(note.got), relativeTime(note.got, now));
    }
    return {};
}

QString keyKind(const jose::Key &key)
{
    switch (key.type()) {
    case jose::KeyType::Oct:
        return Verify::tr("a secret of %1 bytes").arg(number(key.bits() / 8));
    case jose::KeyType::Rsa:
        return Verify::tr("RSA, %1 bits").arg(number(key.bits()));
    case jose::KeyType::Ec:
        return QStringLiteral("EC ") + inert(key.curve());
    case jose::KeyType::Ed25519:
        break;
    }
    return inert(key.curve());
}

QString verifiedBy(const jose::Verification &verification)
{
    const QString alg = inert(verification.alg);
    if (!verification.key)
        return Verify::tr("The signature is right: %1.").arg(alg);
    const jose::Key &key = *verification.key;
    return key.kid().isEmpty() ? Verify::tr("The signature is right: %1, %2.").arg(alg, keyKind(key))
                               : Verify::tr("The signature is right: %1, key %2 (%3).").arg(alg, quoted(key.kid()), keyKind(key));
}

QString sentence(const keys::VerifyKeysError &error, const QString &name, const QByteArray &text)
{
    if (const auto *syntax = std::get_if<json::SyntaxError>(&error))
        return sentence(*syntax, name, text);
    if (const auto *set = std::get_if<jose::KeySetError>(&error))
        return sentence(*set, name);
    if (const auto *import = std::get_if<keys::ImportError>(&error))
        return sentence(*import, name);
    return Verify::tr("%1: neither a JWK set nor a key file").arg(name);
}

QString sentence(const http::FetchError &error)
{
    const QString url = inert(withoutPassword(error.url));
    switch (error.kind) {
    case http::FetchError::Unprotected:
        return Verify::tr("%1: the gateway downloads keys over https only, unless disable_jwk_security is true").arg(url);
    case http::FetchError::Transport:
        break;
    case http::FetchError::Status:
        return Verify::tr("%1 answers %2, not with keys").arg(url).arg(error.status);
    case http::FetchError::Cut:
        return Verify::tr("%1: the answer breaks off").arg(url);
    }
    return error.transport ? sentence(*error.transport) : QString();
}

} // namespace tokenlab::text
