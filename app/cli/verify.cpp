// Strict verification of one token with keys from elsewhere.
#include "core/text/verify.h"
#include "app/cli/commands.h"
#include "app/cli/input.h"
#include "app/cli/jsontext.h"
#include "app/cli/keysource.h"
#include "app/cli/tokentext.h"
#include "core/json/parse.h"
#include "core/json/writer.h"
#include "core/keys/verifykeys.h"
#include "core/text/text.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace tokenlab::cli {

namespace {

struct Verify {
    Q_DECLARE_TR_FUNCTIONS(Verify)
};

constexpr qsizetype longestPath = 4096;

// None: the session has been told.
std::optional<QByteArray> readToken(const QString &input, Session &session)
{
    QByteArray token = input.toUtf8();
    const bool isFile = input.size() < longestPath && !input.isEmpty() && QFileInfo::exists(input);
    if (input == QLatin1String("-") || isFile) {
        auto bytes = readInput(input);
        if (!bytes) {
            session.fail(Unusable, text::inert(bytes.error()));
            return {};
        }
        token = std::move(bytes).value();
        // What echo and editors end a line with; any other blank is the token's own, and refused.
        if (token.endsWith('\n'))
            token.chop(token.endsWith("\r\n") ? 2 : 1);
    } else if (!token.contains('.') && !token.trimmed().startsWith('{')) {
        session.fail(Unusable, Verify::tr("%1: neither a file nor a token").arg(text::inert(token.left(200))));
        return {};
    }
    if (token.isEmpty()) {
        session.fail(Unusable, Verify::tr("no token: give one as an argument, or on standard input"));
        return {};
    }
    return token;
}

// None: the session has been told.
std::optional<jose::VerificationKeys> readKeys(const QByteArray &text, const VerifyOptions &options, Session &session)
{
    const QString source = isUrl(options.jwks) ? Verify::tr("the key set's URL") : displayName(options.jwks);
    auto keys = keys::readVerifyKeys(text);
    if (keys)
        return std::move(*keys);
    if (std::holds_alternative<keys::NoKeyInside>(keys.error()))
        session.fail(Unusable,
                     Verify::tr("%1: neither a JWK set nor a key file; token-lab keys import makes a key of a secret").arg(source));
    else
        session.fail(Unusable, text::sentence(keys.error(), source, text));
    return {};
}

QByteArray valueOrNull(json::Value value)
{
    return value.exists() ? json::write(value) : QByteArrayLiteral("null");
}

// A payload that is no JSON is a text, where it is one.
QByteArray payloadJson(const QByteArray &payload)
{
    if (const auto document = json::parse(payload))
        return json::write(document->root());
    return QString::fromUtf8(payload).toUtf8() == payload ? jsonString(payload) : QByteArrayLiteral("null");
}

QByteArray resultJson(const jose::Verification &result, const QStringList &remarks)
{
    JsonArray notes;
    for (const QString &remark : remarks)
        notes.add(jsonString(remark.toUtf8()));
    return JsonObject()
        .add("valid", jsonBool(result.valid()))
        .add("reason", result.error ? jsonString(text::sentence(*result.error).toUtf8()) : QByteArrayLiteral("null"))
        .add("alg", jsonStringOrNull(result.alg))
        .add("kid", jsonStringOrNull(result.kid))
        .add("header", valueOrNull(result.header.root()))
        .add("payload", result.valid() ? payloadJson(result.payload) : QByteArrayLiteral("null"))
        .add("notes", notes.text())
        .text();
}

void judge(const QByteArray &token, const jose::VerificationKeys &keys, const VerifyOptions &options, Session &session)
{
    const Instant now = systemNow();
    const jose::Verification result = jose::verifyToken(token, keys.set, options.algs, now);
    QStringList remarks;
    for (const jose::VerifyNote &note : result.notes)
        remarks.append(text::sentence(note, now));
    // Keys that were left out matter where one was missing.
    const bool keyMissing = result.error && result.error->kind >= jose::VerifyError::NoKeys;
    for (const jose::KeySetError &skipped : keys.skipped)
        if (keyMissing)
            remarks.append(Verify::tr("A key was left out: %1.").arg(text::sentence(skipped, displayName(options.jwks))));
    if (options.json) {
        session.out(resultJson(result, remarks) + '\n');
        return session.finish(result.valid() ? Done : Negative);
    }
    QByteArray out;
    if (result.valid())
        out = text::verifiedBy(result).toUtf8() + '\n' + tokenText(jose::decodeToken(token), now);
    else
        out = Verify::tr("Refused: %1").arg(text::sentence(*result.error)).toUtf8() + '\n';
    for (const QString &remark : remarks)
        out += "  ! " + remark.toUtf8() + '\n';
    session.out(out);
    session.finish(result.valid() ? Done : Negative);
}

} // namespace

void run(const VerifyOptions &options, Session &session)
{
    const KeySource source{options.jwks, options.ca, options.pins, options.insecure};
    if (const QString fault = sourceFault(source); !fault.isEmpty())
        return session.fail(Unusable, fault);
    if (options.jwks == QLatin1String("-") && options.input == QLatin1String("-"))
        return session.fail(Unusable, Verify::tr("--jwks - and the token cannot both be standard input"));
    const auto token = readToken(options.input, session);
    if (!token)
        return;
    withKeyText(source, session, [token = *token, options, &session](const QByteArray &text) {
        if (const auto keys = readKeys(text, options, session))
            judge(token, *keys, options, session);
    });
}

} // namespace tokenlab::cli
