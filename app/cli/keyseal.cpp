#include "app/cli/keyseal.h"

#include "app/cli/input.h"
#include "app/cli/jsontext.h"
#include "app/cli/keyinput.h"
#include "app/cli/output.h"
#include "core/keys/encrypted.h"
#include "core/text/keys.h"
#include "core/text/text.h"

namespace tokenlab::cli {

namespace {

int exitOf(const keys::EncryptedFault &fault)
{
    switch (fault.kind) {
    case keys::EncryptedFault::CypherKeyLocked:
    case keys::EncryptedFault::FileLocked:
    case keys::EncryptedFault::FilePlain:
    case keys::EncryptedFault::FileShort:
    case keys::EncryptedFault::NotASet:
        return Negative;
    case keys::EncryptedFault::Failed:
        return Outside;
    default:
        return Unusable;
    }
}

void refuse(const keys::EncryptedFault &fault, const QString &file, Session &session)
{
    session.fail(exitOf(fault), QStringLiteral("%1: %2").arg(file, text::sentence(fault)));
}

QByteArray partsJson(const keys::EncryptedKeyFile &made, const QString &file)
{
    return JsonObject()
               .add("secret_url", jsonString(made.secretUrl.view()))
               .add("cypher_key", jsonString(made.cypherKey))
               .add("file", jsonString(file.toUtf8()))
               .text() +
           '\n';
}

// The parts first: a file whose key was lost would be of no use, an old file with its old parts still is.
void deliver(const keys::EncryptedKeyFile &made, const QString &path, const KeysOptions &options, Session &session)
{
    if (options.output.isEmpty() ? isStandardOutput(path) : isStandardOutput(options.output))
        return session.fail(Unusable, Session::tr("the encrypted file is binary: name a file with -o"));
    QByteArray parts = partsJson(made, path);
    QByteArray before;
    bool existed = false;
    if (!options.save.isEmpty()) {
        if (QFile::exists(options.save)) {
            if (const auto old = readInput(options.save)) {
                before = *old;
                existed = true;
            }
        }
        if (const QString problem = writtenFile(parts, options.save, Access::OwnerOnly); !problem.isEmpty()) {
            crypto::wipe(parts);
            return session.fail(Outside, Session::tr("%1: cannot be written (%2)").arg(options.save, problem));
        }
    }
    if (const QString problem = writtenFile(made.file, path, Access::OwnerOnly); !problem.isEmpty()) {
        if (existed)
            (void)writtenFile(before, options.save, Access::OwnerOnly);
        crypto::wipe(parts);
        return session.fail(Outside, Session::tr("%1: cannot be written (%2)").arg(path, problem));
    }
    if (!options.save.isEmpty())
        session.out(options.json
                        ? JsonObject().add("file", jsonString(path.toUtf8())).add("saved", jsonString(options.save.toUtf8())).text() + '\n'
                        : Session::tr("%1: encrypted; secret_url and cypher_key are in %2").arg(path, options.save).toUtf8() + '\n');
    else if (options.json)
        session.out(parts);
    else
        session.out("secret_url  " + made.secretUrl.view().toByteArray() + "\ncypher_key  " + made.cypherKey + '\n');
    crypto::wipe(parts);
    session.finish(Done);
}

Result<crypto::SecretBytes, keys::EncryptedFault> opened(const QString &file, const SealParts &parts, Session &session, bool &told)
{
    const auto bytes = readInput(file);
    if (!bytes) {
        told = true;
        session.fail(Unusable, text::inert(bytes.error()));
        return fail(keys::EncryptedFault());
    }
    return keys::openEncrypted(*bytes, parts.secretUrl, parts.cypherKey);
}

} // namespace

void sealKeys(const crypto::SecretBytes &set, const KeysOptions &options, Session &session)
{
    QByteArray kept;
    if (!options.secretUrlFile.isEmpty()) {
        const auto line = readSecretLine(options.secretUrlFile, Session::tr("secret_url: "));
        if (!line)
            return session.fail(Unusable, Session::tr("--secret-url-file: %1").arg(line.error()));
        kept = line->view().trimmed().toByteArray();
    }
    const auto made = kept.isEmpty() ? keys::sealSet(set) : keys::sealSet(set, kept);
    crypto::wipe(kept);
    if (!made)
        return refuse(made.error(), displayName(options.inputs.front()), session);
    deliver(*made, options.output, options, session);
}

void openKeys(const KeysOptions &options, Session &session)
{
    const auto parts = sealParts(options);
    if (!parts)
        return session.fail(Unusable, parts.error());
    const QString &file = options.inputs.front();
    bool told = false;
    const auto set = opened(file, *parts, session, told);
    if (told)
        return;
    if (!set)
        return refuse(set.error(), displayName(file), session);
    const auto keys = jose::parseKeySet(set->view(), jose::SetSource::LocalFile);
    if (!keys)
        session.notice(text::sentence(keys.error(), displayName(file)));
    QByteArray text = set->view().toByteArray();
    if (options.json && isStandardOutput(options.output)) {
        if (auto imported = keys::import(text))
            text = keys::writePrivate(imported->entries).view().toByteArray();
        text.replace('\n', QByteArray());
    }
    if (!text.endsWith('\n'))
        text += '\n';
    if (isStandardOutput(options.output)) {
        session.out(text);
    } else {
        const QString problem = writtenFile(text, options.output, Access::OwnerOnly);
        crypto::wipe(text);
        if (!problem.isEmpty())
            return session.fail(Outside, Session::tr("%1: cannot be written (%2)").arg(options.output, problem));
        if (options.json)
            session.out(JsonObject().add("file", jsonString(options.output.toUtf8())).text() + '\n');
    }
    crypto::wipe(text);
    session.finish(keys ? Done : Negative);
}

void rekey(const KeysOptions &options, Session &session)
{
    const auto parts = sealParts(options);
    if (!parts)
        return session.fail(Unusable, parts.error());
    const QString &file = options.inputs.front();
    bool told = false;
    const auto set = opened(file, *parts, session, told);
    if (told)
        return;
    if (!set)
        return refuse(set.error(), displayName(file), session);
    const auto made = options.keepSecretUrl ? keys::sealSet(*set, parts->secretUrl) : keys::sealSet(*set);
    if (!made)
        return refuse(made.error(), displayName(file), session);
    deliver(*made, options.output.isEmpty() ? file : options.output, options, session);
}

} // namespace tokenlab::cli
