#include "core/text/keys.h"

#include "core/text/advice.h"
#include "core/text/text.h"

#include <QCoreApplication>
#include <QStringList>

namespace tokenlab::text {

namespace {

struct Keys {
    Q_DECLARE_TR_FUNCTIONS(Keys)
};

QString where(const keys::ImportError &error, const QString &file)
{
    QStringList parts{file};
    if (error.line > 0)
        parts += Keys::tr("line %1").arg(error.line);
    if (!error.label.isEmpty())
        parts += Keys::tr("block %1 \u201c%2\u201d").arg(QString::number(error.block), inert(error.label));
    else if (error.block > 1 || error.form == keys::Form::JwkSet)
        parts += Keys::tr("key %1").arg(error.block);
    return parts.join(QLatin1String(", "));
}

QString plainFile(const QString &file)
{
    return file.contains(QLatin1Char(' ')) ? QLatin1Char('\'') + file + QLatin1Char('\'') : file;
}

// OpenSSH hashes its passphrases with bcrypt, which no library at hand does.
QString openSshAdvice(const QByteArray &type, const QString &file)
{
    const QString name = plainFile(file);
    if (type == "ssh-ed25519")
        return Keys::tr("OpenSSH encrypts with bcrypt, which is not read here, and older versions write Ed25519 in no other form. Work on "
                        "a copy without passphrase: cp %1 %1.plain && ssh-keygen -p -N \"\" -f %1.plain, import that, and delete it")
            .arg(name);
    return Keys::tr("OpenSSH encrypts with bcrypt, which is not read here. Convert a copy: cp %1 %1.pem && ssh-keygen -p -m PKCS8 -f "
                    "%1.pem, and import that with its new passphrase")
        .arg(name);
}

} // namespace

QString formName(keys::Form form)
{
    using keys::Form;
    switch (form) {
    case Form::Pkcs1Private:
        return Keys::tr("PKCS#1 RSA private key");
    case Form::Pkcs1Public:
        return Keys::tr("PKCS#1 RSA public key");
    case Form::Sec1:
        return Keys::tr("SEC1 EC private key");
    case Form::Pkcs8:
        return Keys::tr("PKCS#8 private key");
    case Form::EncryptedPkcs8:
        return Keys::tr("encrypted PKCS#8 private key");
    case Form::Spki:
        return Keys::tr("public key");
    case Form::Certificate:
        return Keys::tr("certificate");
    case Form::Pkcs12:
        return Keys::tr("PKCS#12 file");
    case Form::LegacyPem:
        return Keys::tr("encrypted PEM private key");
    case Form::OpenSshPrivate:
        return Keys::tr("OpenSSH private key");
    case Form::OpenSshPublic:
        return Keys::tr("OpenSSH public key");
    case Form::Jwk:
        return Keys::tr("JWK");
    case Form::JwkSet:
        return Keys::tr("JWK set");
    case Form::Secret:
        return Keys::tr("secret");
    case Form::Unknown:
        break;
    }
    return Keys::tr("unknown form");
}

QString encodingName(keys::SecretEncoding encoding)
{
    switch (encoding) {
    case keys::SecretEncoding::Text:
        return Keys::tr("the text itself");
    case keys::SecretEncoding::Hex:
        return Keys::tr("hex");
    case keys::SecretEncoding::Base64:
        return Keys::tr("base64");
    case keys::SecretEncoding::Base64Url:
        return Keys::tr("base64url");
    case keys::SecretEncoding::Bytes:
        break;
    }
    return Keys::tr("the file's bytes");
}

QString sentence(const keys::ImportError &error, const QString &file)
{
    using Kind = keys::ImportError;
    const QString place = where(error, file), form = formName(error.form), detail = inert(error.detail);
    const auto at = [&](const QString &what) { return Keys::tr("%1: %2").arg(place, what); };
    switch (error.kind) {
    case Kind::Empty:
        return at(Keys::tr("it is empty"));
    case Kind::TooLarge:
        return at(Keys::tr("it is larger than any key or key set"));
    case Kind::TooMany:
        return at(Keys::tr("more keys or blocks than are read at once"));
    case Kind::NotRecognised:
        return at(Keys::tr("this is no key in PEM, DER, PKCS#12, OpenSSH or JWK form, and no line of text that could be a secret"));
    case Kind::NotText:
        return at(Keys::tr("the secret is not what it is to be read as (%1)").arg(detail));
    case Kind::Broken:
        return at(Keys::tr("%1 that cannot be read (%2)").arg(form, detail));
    case Kind::PassphraseNeeded:
        return at(Keys::tr("%1: it needs a passphrase").arg(form));
    case Kind::WrongPassphrase:
        return at(Keys::tr("%1: the passphrase does not open it").arg(form));
    case Kind::UnsupportedKey:
        return at(Keys::tr("%1: a key of the kind %2 signs no tokens here (RSA, EC P-256, P-384, P-521 and Ed25519 do)").arg(form, detail));
    case Kind::UnsupportedCipher:
        return at(
            Keys::tr("%1: it is encrypted with %2, which OpenSSL does not offer here. Convert it where it was made").arg(form, detail));
    case Kind::OpenSshEncrypted:
        return at(openSshAdvice(error.detail, file));
    case Kind::TooMuchWork:
        return at(Keys::tr("%1: its passphrase would be hashed for minutes, which is refused").arg(form));
    case Kind::NotAPair:
        return at(Keys::tr("%1: the public half does not belong to the private one").arg(form));
    case Kind::NoKey:
        if (error.form == keys::Form::Certificate)
            return at(Keys::tr("the certificate of an authority (%1), taken as part of a chain").arg(detail));
        if (error.form == keys::Form::Jwk)
            return at(Keys::tr("JSON, but neither a JWK (\"kty\") nor a JWK set (\"keys\")"));
        return at(Keys::tr("no key in it"));
    case Kind::NotAList:
        break;
    }
    return at(Keys::tr("\"keys\" is no list"));
}

QString readings(const std::vector<keys::Reading> &readings)
{
    QStringList parts;
    for (const keys::Reading &reading : readings)
        parts += Keys::tr("%1 (%2 bits)").arg(encodingName(reading.encoding), QString::number(reading.bits()));
    const QString last = parts.takeLast();
    return parts.isEmpty() ? last : Keys::tr("%1 or %2").arg(parts.join(QLatin1String(", ")), last);
}

QString sentence(const keys::MakeError &error)
{
    const QString detail = inert(error.detail);
    switch (error.kind) {
    case keys::MakeError::BadSize:
        return Keys::tr("%1 bits: secrets are made with 256, 384 or 512 bits, RSA keys with 2048, 3072 or 4096").arg(detail);
    case keys::MakeError::BadCurve:
        return Keys::tr("curve \u201c%1\u201d: EC keys are made on P-256, P-384 or P-521").arg(detail);
    case keys::MakeError::BadAlgorithm:
        return Keys::tr("\u201c%1\u201d is no algorithm for this kind of key").arg(detail);
    case keys::MakeError::Cancelled:
        return Keys::tr("cancelled");
    case keys::MakeError::Failed:
        break;
    }
    return Keys::tr("the key could not be made (%1)").arg(detail);
}

QString warning(const keys::Finding &finding)
{
    using keys::Warning;
    const QString detail = inert(finding.detail);
    switch (finding.warning) {
    case Warning::Refused:
        return Keys::tr("the gateway loads no set with this key: %1").arg(detail);
    case Warning::EmptySecret:
        return Keys::tr("the secret is empty: everybody can sign with it");
    case Warning::WeakSecret:
        return Keys::tr("the secret is short: %1 bits are wanted (RFC 7518 §3.2)").arg(detail);
    case Warning::UnusableRsa:
        return Keys::tr("the gateway signs with no RSA key below 1024 bits");
    case Warning::WeakRsa:
        return Keys::tr("weak: RSA keys have at least 2048 bits (RFC 7518 §3.3)");
    case Warning::SmallExponent:
        return Keys::tr("small public exponent %1; 65537 is usual").arg(detail);
    case Warning::DuplicateKid:
        return Keys::tr("another key has this kid too; the gateway signs with the last one");
    case Warning::MissingKid:
        return Keys::tr("no kid: signers and validators cannot name it");
    case Warning::PrivateInPublic:
        return Keys::tr("a private key in a set that others read");
    case Warning::OtherAlgorithm:
        return Keys::tr("alg \u201c%1\u201d is none that this key can sign with").arg(detail);
    case Warning::OtherUse:
        break;
    }
    return Keys::tr("use \u201c%1\u201d is not for signatures").arg(detail);
}

QString sentence(const keys::EncryptedFault &fault)
{
    using Kind = keys::EncryptedFault;
    const QString detail = inert(fault.detail);
    const QString words = fault.gateway.isEmpty() ? QString() : Keys::tr(" (the gateway: %1)").arg(oneLine(fault.gateway));
    switch (fault.kind) {
    case Kind::NoSecretUrl:
        return Keys::tr("secret_url is empty: the gateway would read the file as plain JSON");
    case Kind::SecretUrlBad:
        return Keys::tr("secret_url is malformed: base64key:// and the key, nothing else, is wanted") + words;
    case Kind::SecretUrlNotBase64:
        return Keys::tr("secret_url is malformed: its key is not base64 with - and _ and the = signs") + words;
    case Kind::SecretUrlLength:
        return Keys::tr("secret_url has the wrong length: %1 bytes, and 32 are wanted").arg(detail) + words;
    case Kind::SecretUrlEmpty:
        return Keys::tr("secret_url has no key: the gateway takes a new one at each start, which opens nothing") + words;
    case Kind::Cloud:
        return Keys::tr("secret_url names %1, a service elsewhere that holds the key; it is not imitated here. The gateway asks it at each "
                        "start to open cypher_key; to open or make such files, let the service encrypt the same plain key")
            .arg(detail);
    case Kind::UnknownScheme:
        return Keys::tr("secret_url has the unknown scheme \u201c%1\u201d; base64key:// is the one without a service").arg(detail) + words;
    case Kind::CypherKeyNotBase64:
        return Keys::tr("cypher_key is malformed: it is no base64") + words;
    case Kind::CypherKeyShort:
        return Keys::tr("cypher_key is too short: %1 bytes, and at least 40 are wanted").arg(detail) + words;
    case Kind::CypherKeyLocked:
        return Keys::tr("cypher_key does not open with secret_url: one of the two is of another encryption") + words;
    case Kind::FileShort:
        return Keys::tr("the file is too short (%1 bytes): the gateway crashes at its start").arg(detail) + words;
    case Kind::FileLocked:
        return Keys::tr("the file does not open with the key in cypher_key: it is of another encryption, or damaged") + words;
    case Kind::FilePlain:
        return Keys::tr("the file is plain JSON, not encrypted, and secret_url is set: the gateway does not read it") + words;
    case Kind::NotASet:
        return Keys::tr("this is no key set that the gateway would load (%1)").arg(detail);
    case Kind::Failed:
        break;
    }
    return Keys::tr("it could not be encrypted (%1)").arg(detail);
}

QString kindOfKey(const keys::Row &row)
{
    if (row.kty == "OKP" && !row.curve.isEmpty())
        return inert(row.curve);
    if (!row.curve.isEmpty())
        return inert(row.kty) + QLatin1Char(' ') + inert(row.curve);
    return row.bits > 0 ? inert(row.kty) + QLatin1Char(' ') + QString::number(row.bits) : inert(row.kty);
}

} // namespace tokenlab::text
