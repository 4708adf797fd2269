#include "core/text/keys.h"
#include "app/cli/commands.h"
#include "app/cli/input.h"
#include "app/cli/jsontext.h"
#include "app/cli/keyinput.h"
#include "app/cli/keyseal.h"
#include "app/cli/output.h"
#include "core/keys/maker.h"
#include "core/keys/survey.h"
#include "core/text/text.h"

#include <algorithm>

namespace tokenlab::cli {

namespace {

using keys::Entries;
using keys::Entry;

// A key is one line of a set; for --json all of them are one.
QByteArray onOneLine(QByteArrayView set)
{
    QByteArray line;
    line.reserve(set.size() + 1);
    for (const char c : set)
        if (c != '\n')
            line += c;
    return line + '\n';
}

QByteArray rowJson(const keys::Row &row, const QByteArray &jwk = {})
{
    JsonArray warnings;
    for (const keys::Finding &finding : row.findings)
        warnings.add(JsonObject()
                         .add("code", jsonString(keys::code(finding.warning)))
                         .add("message", jsonString(text::warning(finding).toUtf8()))
                         .text());
    JsonObject object;
    object.add("kty", jsonStringOrNull(row.kty))
        .add("size", row.bits > 0 || !row.thumbprint.isEmpty() ? QByteArray::number(row.bits) : QByteArray("null"))
        .add("crv", jsonStringOrNull(row.curve))
        .add("kid", jsonStringOrNull(row.kid))
        .add("alg", jsonStringOrNull(row.alg))
        .add("use", jsonStringOrNull(row.use))
        .add("thumbprint", jsonStringOrNull(row.thumbprint))
        .add("private", jsonBool(row.isPrivate))
        .add("x5c", jsonBool(row.hasChain))
        .add("warnings", warnings.text());
    if (!jwk.isEmpty())
        object.add("jwk", jwk);
    return object.text();
}

QByteArray rowText(const keys::Row &row)
{
    const auto column = [](const QString &text, qsizetype width) { return text.leftJustified(width).toUtf8() + ' '; };
    const QString half = row.isSecret ? Session::tr("secret") : row.isPrivate ? Session::tr("private") : Session::tr("public");
    QByteArray line = column(row.kid.isEmpty() ? Session::tr("(no kid)") : text::inert(row.kid), 16) + column(text::kindOfKey(row), 9) +
                      column(text::inert(row.alg), 6) + column(text::inert(row.use), 4) + column(half, 8) + row.thumbprint;
    while (line.endsWith(' '))
        line.chop(1);
    line += '\n';
    for (const keys::Finding &finding : row.findings)
        line += "  ! " + text::warning(finding).toUtf8() + '\n';
    return line;
}

// Writes where -o says; false: the session was told.
bool wrote(const QByteArray &text, const QString &path, Session &session, Access access = Access::OwnerOnly)
{
    const QString problem = writtenFile(text, path, access);
    if (problem.isEmpty())
        return true;
    session.fail(Outside, Session::tr("%1: cannot be written (%2)").arg(path, problem));
    return false;
}

// The set that came to be: printed, or written and told about without secrets.
void deliver(const Entries &entries, std::size_t firstNew, const KeysOptions &options, Session &session)
{
    const QString path = options.output.isEmpty() ? options.append : options.output;
    QByteArray text = keys::writePrivate(entries).view().toByteArray();
    if (isStandardOutput(path)) {
        session.out(options.json ? onOneLine(text) : text);
        crypto::wipe(text);
        return session.finish(Done);
    }
    const bool good = wrote(text, path, session);
    crypto::wipe(text);
    if (!good)
        return;
    const std::vector<keys::Row> rows = keys::survey(entries);
    JsonArray list;
    QByteArray told;
    for (std::size_t i = firstNew; i < rows.size(); ++i) {
        list.add(rowJson(rows[i]));
        told += path.toUtf8() + ": " + rowText(rows[i]);
    }
    if (options.json)
        session.out(JsonObject().add("file", jsonString(path.toUtf8())).add("keys", list.text()).text() + '\n');
    else
        session.out(told);
    session.finish(Done);
}

// The set of --append; none at all is a new one.
std::optional<Entries> setToExtend(const KeysOptions &options, Session &session)
{
    if (options.append.isEmpty() || !QFile::exists(options.append))
        return Entries();
    auto imported = importKeys(options.append, KeysOptions(), nullptr);
    if (!imported) {
        session.fail(Unusable, imported.error());
        return {};
    }
    for (const keys::Imported::Source &source : imported->sources)
        if (source.form != keys::Form::JwkSet) {
            session.fail(Unusable, Session::tr("--append: %1 is no JWK set").arg(options.append));
            return {};
        }
    return std::move(imported->entries);
}

// Puts keys into a set; a kid that is there already needs --replace. False: the session was told.
bool insert(Entries &set, std::vector<Entry> added, const KeysOptions &options, Session &session)
{
    for (Entry &entry : added) {
        const QByteArray kid = entry.labels().kid;
        const auto same = [&](const Entry &other) { return other.labels().kid == kid; };
        if (std::any_of(set.begin(), set.end(), same)) {
            if (!options.replace) {
                session.fail(Negative,
                             Session::tr("the set has a key with the kid \u201c%1\u201d already; --replace puts the new one in its place")
                                 .arg(text::inert(kid)));
                return false;
            }
            set.erase(std::remove_if(set.begin(), set.end(), same), set.end());
        }
        set.push_back(std::move(entry));
    }
    return true;
}

keys::KidRule kidRule(const KeysOptions &options, bool isSecret)
{
    keys::KidRule rule;
    rule.now = systemNow();
    if (options.kid)
        rule = {keys::KidRule::Given, *options.kid, {}};
    else if (options.kidFrom.isEmpty() ? isSecret : options.kidFrom == "date")
        rule.kind = keys::KidRule::Date;
    return rule;
}

void generate(const KeysOptions &options, Session &session)
{
    keys::MakeRequest request;
    request.type = options.kty == "RSA"   ? jose::KeyType::Rsa
                   : options.kty == "EC"  ? jose::KeyType::Ec
                   : options.kty == "OKP" ? jose::KeyType::Ed25519
                                          : jose::KeyType::Oct;
    request.bits = options.size ? options.size : request.type == jose::KeyType::Rsa ? 2048 : 256;
    request.curve = options.curve;
    request.alg = options.alg;
    if (options.use)
        request.use = *options.use;
    // What the kind does not have is no mistake to pass over in silence.
    if (options.size && (options.kty == "EC" || options.kty == "OKP"))
        return session.fail(Unusable, Session::tr("--size is for oct and RSA; EC has --crv"));
    if (options.kid && !options.kidFrom.isEmpty())
        return session.fail(Unusable, Session::tr("--kid and --kid-from exclude each other"));
    // The algorithm chooses the size that it needs, where none was asked for.
    if (request.type == jose::KeyType::Oct && !options.size && (options.alg == "HS384" || options.alg == "HS512"))
        request.bits = options.alg == "HS384" ? 384 : 512;
    if (const auto refused = keys::refusedRequest(request))
        return session.fail(Unusable, text::sentence(*refused));
    auto set = setToExtend(options, session);
    if (!set)
        return;
    request.kid = kidRule(options, request.type == jose::KeyType::Oct);
    auto made = keys::make(request, *set);
    if (!made)
        return session.fail(Outside, text::sentence(made.error()));
    if (!insert(*set, {std::move(*made)}, options, session))
        return;
    deliver(*set, set->size() - 1, options, session);
}

Entry labelled(const Entry &entry, const KeysOptions &options, const Entries &beside)
{
    jose::KeyLabels labels = entry.labels();
    if (options.alg)
        labels.alg = *options.alg;
    if (options.use)
        labels.use = *options.use;
    if (entry.key() && (labels.kid.isEmpty() || options.kid || !options.kidFrom.isEmpty()))
        labels.kid = keys::kidFor(kidRule(options, entry.key()->type() == jose::KeyType::Oct), *entry.key(), beside);
    return entry.withLabels(labels);
}

void importAll(const KeysOptions &options, Session &session)
{
    if (options.kid && !options.kidFrom.isEmpty())
        return session.fail(Unusable, Session::tr("--kid and --kid-from exclude each other"));
    const auto passphrase = passphraseOf(options);
    if (!passphrase)
        return session.fail(Unusable, passphrase.error());
    Entries found;
    QStringList notices;
    for (const QString &file : options.inputs) {
        auto imported = importKeys(file, options, *passphrase ? &**passphrase : nullptr);
        if (!imported)
            return session.fail(Unusable, imported.error());
        for (const keys::ImportError &skipped : imported->skipped)
            notices += text::sentence(skipped, displayName(file));
        found.insert(found.end(), imported->entries.begin(), imported->entries.end());
    }
    if (found.empty())
        return session.fail(Negative, Session::tr("no key to import"));
    if (options.kid && found.size() > 1)
        return session.fail(Unusable, Session::tr("--kid names one key, and %1 were found").arg(found.size()));
    for (const Entry &entry : found) {
        if (entry.refusal())
            return session.fail(Negative, Session::tr("key \u201c%1\u201d: the gateway loads no set with it: %2")
                                              .arg(text::inert(entry.labels().kid), text::inert(entry.refusal()->text)));
        if (options.alg && !options.alg->isEmpty() && !keys::fits(*entry.key(), *options.alg))
            return session.fail(Unusable, text::sentence(keys::MakeError{keys::MakeError::BadAlgorithm, *options.alg}));
    }
    auto set = setToExtend(options, session);
    if (!set)
        return;
    for (const QString &notice : notices)
        session.notice(notice);
    const std::size_t before = set->size();
    for (const Entry &entry : found)
        if (!insert(*set, {labelled(entry, options, *set)}, options, session))
            return;
    deliver(*set, std::min(before, set->size() - found.size()), options, session);
}

// The keys that a command is about; none: the session was told.
std::optional<Entries> readKeys(const KeysOptions &options, Session &session)
{
    const auto passphrase = passphraseOf(options);
    if (!passphrase) {
        session.fail(Unusable, passphrase.error());
        return {};
    }
    const QString &file = options.inputs.front();
    auto imported = importKeys(file, options, *passphrase ? &**passphrase : nullptr);
    if (!imported) {
        session.fail(Unusable, imported.error());
        return {};
    }
    if (!options.kid)
        return std::move(imported->entries);
    Entries chosen;
    std::vector<QByteArray> kids;
    for (const Entry &entry : imported->entries) {
        kids.push_back(entry.labels().kid);
        if (entry.labels().kid == *options.kid)
            chosen.push_back(entry);
    }
    if (chosen.empty()) {
        const auto nearest = text::nearestName(*options.kid, kids);
        const QString sentence = Session::tr("%1 has no key with the kid \u201c%2\u201d").arg(displayName(file), text::inert(*options.kid));
        session.fail(Negative, nearest ? Session::tr("%1; did you mean \u201c%2\u201d?").arg(sentence, text::inert(*nearest)) : sentence);
        return {};
    }
    return chosen;
}

void deliverText(const QByteArray &text, const KeysOptions &options, Session &session, Access access)
{
    if (isStandardOutput(options.output)) {
        session.out(text);
        return session.finish(Done);
    }
    if (!wrote(text, options.output, session, access))
        return;
    if (options.json)
        session.out(JsonObject().add("file", jsonString(options.output.toUtf8())).text() + '\n');
    session.finish(Done);
}

QString nameOf(const Entry &entry)
{
    return entry.labels().kid.isEmpty() ? Session::tr("a key without kid") : text::inert(entry.labels().kid);
}

void writePem(const Entries &entries, bool withPrivate, const KeysOptions &options, Session &session)
{
    std::optional<crypto::SecretBytes> seal;
    if (withPrivate && !options.save.isEmpty()) {
        auto line = readSecretLine(options.save, Session::tr("New passphrase: "));
        if (!line)
            return session.fail(Unusable, Session::tr("--seal-file: %1").arg(line.error()));
        seal = std::move(*line);
    }
    QByteArray all;
    JsonArray list;
    bool any = false;
    for (const Entry &entry : entries) {
        QByteArray pem;
        if (entry.key() && withPrivate && entry.key()->isPrivate()) {
            if (const auto made = jose::privatePem(*entry.key(), seal ? &*seal : nullptr))
                pem = made->view().toByteArray();
        } else if (entry.key() && !withPrivate && entry.key()->type() != jose::KeyType::Oct) {
            pem = jose::publicPem(*entry.key()).ok() ? *jose::publicPem(*entry.key()) : QByteArray();
        }
        if (pem.isEmpty()) {
            session.notice(Session::tr("left out: %1, which has no such PEM form").arg(nameOf(entry)));
            continue;
        }
        any = true;
        all += pem;
        list.add(JsonObject().add("kid", jsonStringOrNull(entry.labels().kid)).add("pem", jsonString(pem)).text());
        crypto::wipe(pem);
    }
    if (!any)
        return session.fail(Negative, Session::tr("no key of %1 has such a PEM form").arg(displayName(options.inputs.front())));
    const bool json = options.json && isStandardOutput(options.output);
    deliverText(json ? JsonObject().add("keys", list.text()).text() + '\n' : all, options, session,
                withPrivate ? Access::OwnerOnly : Access::Ordinary);
    crypto::wipe(all);
}

void showPublic(const KeysOptions &options, Session &session)
{
    const auto entries = readKeys(options, session);
    if (!entries)
        return;
    if (options.pem)
        return writePem(*entries, false, options, session);
    const keys::PublicSet set = keys::writePublic(*entries);
    for (const std::size_t index : set.leftOut)
        session.notice((*entries)[index].key()
                           ? Session::tr("left out: %1, a secret, which has no public half").arg(nameOf((*entries)[index]))
                           : Session::tr("left out: %1, which the gateway refuses").arg(nameOf((*entries)[index])));
    if (set.count == 0)
        return session.fail(Negative, Session::tr("no key of %1 has a public half").arg(displayName(options.inputs.front())));
    const bool json = options.json && isStandardOutput(options.output);
    deliverText(json ? onOneLine(set.text) : set.text, options, session, Access::Ordinary);
}

void showPrivate(const KeysOptions &options, Session &session)
{
    if (!options.save.isEmpty() && !options.pem)
        return session.fail(Unusable, Session::tr("--seal-file is for --pem; keys encrypt seals a set"));
    const auto entries = readKeys(options, session);
    if (!entries)
        return;
    if (options.pem)
        return writePem(*entries, true, options, session);
    if (std::none_of(entries->begin(), entries->end(), [](const Entry &entry) { return entry.hasPrivateMembers(); }))
        return session.fail(Negative, Session::tr("%1 has no private key").arg(displayName(options.inputs.front())));
    QByteArray text = keys::writePrivate(*entries).view().toByteArray();
    const bool json = options.json && isStandardOutput(options.output);
    deliverText(json ? onOneLine(text) : text, options, session, Access::OwnerOnly);
    crypto::wipe(text);
}

void show(const KeysOptions &options, Session &session)
{
    const auto entries = readKeys(options, session);
    if (!entries)
        return;
    const std::vector<keys::Row> rows = keys::survey(*entries, keys::looksPublic(options.inputs.front()));
    JsonArray list;
    QByteArray table;
    bool refused = false;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const QByteArray jwk = options.showPrivate ? (*entries)[i].json().view().toByteArray() : QByteArray();
        list.add(rowJson(rows[i], jwk));
        table += rowText(rows[i]);
        if (!jwk.isEmpty())
            table += "  " + jwk + '\n';
        refused = refused || (*entries)[i].refusal();
    }
    if (options.json)
        session.out(JsonObject().add("keys", list.text()).text() + '\n');
    else if (rows.empty())
        session.out(Session::tr("no keys").toUtf8() + '\n');
    else
        session.out(table);
    session.finish(refused ? Negative : Done);
}

void thumbprint(const KeysOptions &options, Session &session)
{
    const auto entries = readKeys(options, session);
    if (!entries)
        return;
    JsonArray list;
    QByteArray lines;
    bool refused = entries->empty();
    for (const keys::Row &row : keys::survey(*entries)) {
        list.add(JsonObject().add("kid", jsonStringOrNull(row.kid)).add("thumbprint", jsonStringOrNull(row.thumbprint)).text());
        if (row.thumbprint.isEmpty()) {
            refused = true;
            session.notice(Session::tr("%1: %2").arg(text::inert(row.kid), text::warning(row.findings.front())));
            continue;
        }
        lines += row.thumbprint + (row.kid.isEmpty() ? QByteArray() : "  " + text::inert(row.kid).toUtf8()) + '\n';
    }
    session.out(options.json ? JsonObject().add("keys", list.text()).text() + '\n' : lines);
    session.finish(refused ? Negative : Done);
}

void encrypt(const KeysOptions &options, Session &session)
{
    const auto entries = readKeys(options, session);
    if (entries)
        sealKeys(keys::writePrivate(*entries), options, session);
}

} // namespace

void run(const KeysOptions &options, Session &session)
{
    switch (options.action) {
    case KeysOptions::Generate:
        return generate(options, session);
    case KeysOptions::Import:
        return importAll(options, session);
    case KeysOptions::Public:
        return showPublic(options, session);
    case KeysOptions::Private:
        return showPrivate(options, session);
    case KeysOptions::Show:
        return show(options, session);
    case KeysOptions::Thumbprint:
        return thumbprint(options, session);
    case KeysOptions::Encrypt:
        return encrypt(options, session);
    case KeysOptions::Decrypt:
        return openKeys(options, session);
    case KeysOptions::Rekey:
        return rekey(options, session);
    }
}

} // namespace tokenlab::cli
