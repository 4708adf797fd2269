#include "app/cli/commands.h"
#include "app/cli/filename.h"
#include "app/cli/input.h"
#include "app/cli/jsontext.h"
#include "app/cli/tokentext.h"
#include "core/json/writer.h"
#include "core/text/text.h"

namespace tokenlab::cli {

namespace {

constexpr qsizetype longestPath = 4096;

// `nope.json` has a dot, too; a compact token has two.
bool looksLikeName(const QByteArray &text)
{
    return text.count('.') != 2 || text.contains('/') || text.endsWith(".json") || text.endsWith(".txt") || text.endsWith(".jwt");
}

QByteArray valueOrNull(json::Value value)
{
    return value.exists() ? json::write(value) : QByteArrayLiteral("null");
}

QByteArray decodedJson(const jose::DecodedToken &token)
{
    JsonArray notes;
    for (const jose::DecodedToken::Note &note : token.notes)
        notes.add(jsonString(text::sentence(note).toUtf8()));
    return JsonObject()
        .add("form", jsonString(token.form == jose::DecodedToken::Flattened ? "flattened" : "compact"))
        .add("header", valueOrNull(token.header.root()))
        .add("payload", valueOrNull(token.payload.root()))
        .add("headerText", jsonString(token.headerText))
        .add("payloadText", jsonString(token.payloadText))
        .add("signature", jsonString(token.signaturePart))
        .add("notes", notes.text())
        .text();
}

} // namespace

void run(const DecodeOptions &options, Session &session)
{
    QByteArray token = fileBytes(options.input);
    QString name = Session::tr("the argument");
    const bool isFile = !options.input.isEmpty() && options.input.size() < longestPath && fileExists(options.input);
    if (options.input == QLatin1String("-") || isFile) {
        name = displayName(options.input);
        auto bytes = readInput(options.input);
        if (!bytes)
            return session.fail(Unusable, text::inert(bytes.error()));
        token = std::move(bytes).value();
        // What echo and editors end a line with is nothing to speak of.
        if (token.endsWith('\n'))
            token.chop(token.endsWith("\r\n") ? 2 : 1);
    }
    const jose::DecodedToken decoded = jose::decodeToken(token);
    // Any JSON object looks like a flattened token; without a single part it is none.
    const bool empty = decoded.protectedPart.isEmpty() && decoded.payloadPart.isEmpty() && decoded.signaturePart.isEmpty();
    if (decoded.form == jose::DecodedToken::None || empty) {
        QString reason;
        for (const jose::DecodedToken::Note &note : decoded.notes)
            reason += QLatin1Char(' ') + text::sentence(note);
        const QString sentence = isFile || options.input == QLatin1String("-") ? Session::tr("%1 holds no token.%2")
                                                                               : Session::tr("%1: neither a file nor a token.%2");
        return session.fail(Unusable, sentence.arg(name, reason));
    }
    const bool isGiven = !isFile && options.input != QLatin1String("-");
    const bool readable = decoded.header.root().isObject() || decoded.payload.root().isObject();
    if (isGiven && !readable && looksLikeName(token))
        return session.fail(Unusable, Session::tr("%1: no such file, and no token either").arg(text::inert(token)));
    if (options.json) {
        session.out(decodedJson(decoded) + '\n');
    } else {
        const QString form = decoded.form == jose::DecodedToken::Flattened ? Session::tr("A token in flattened JSON form")
                                                                           : Session::tr("A token in compact form");
        session.out(form.toUtf8() + '\n' + tokenText(decoded, systemNow()) +
                    Session::tr("  Decoded only: nothing here says that it is genuine.").toUtf8() + '\n');
    }
    session.finish(readable ? Done : Negative); // what has neither header nor payload is shown, but is hardly a token
}

} // namespace tokenlab::cli
