#include "core/text/text.h"

#include "core/support/nearest.h"

#include <QCoreApplication>

namespace tokenlab::text {

namespace {

struct Names {
    Q_DECLARE_TR_FUNCTIONS(Names)
};

QString jsonType(json::Type type)
{
    switch (type) {
    case json::Type::Null:
        return Names::tr("null");
    case json::Type::Bool:
        return Names::tr("true or false");
    case json::Type::Number:
        return Names::tr("a number");
    case json::Type::String:
        return Names::tr("a text");
    case json::Type::Array:
        return Names::tr("an array");
    case json::Type::Object:
        return Names::tr("an object with a fixed shape");
    }
    return {};
}

} // namespace

std::optional<QByteArray> nearestName(QByteArrayView name, std::span<const QByteArray> candidates)
{
    return tokenlab::nearestName(name, candidates);
}

QString sentence(const twin::FieldOutcome &field, const std::vector<QByteArray> &payloadNames)
{
    const QString name = inert(field.name);
    switch (field.kind) {
    case twin::FieldOutcome::Signed:
        return Names::tr("\u201c%1\u201d is signed.").arg(name);
    case twin::FieldOutcome::AlreadySigned:
        return Names::tr("\u201c%1\u201d stands twice in keys_to_sign; it is signed once.").arg(name);
    case twin::FieldOutcome::NotAnObject: {
        const QString type = jsonType(field.found);
        if (field.found == json::Type::Object)
            return Names::tr("\u201c%1\u201d is %2, which the gateway does not sign: it goes out as it is.").arg(name, type);
        return Names::tr("\u201c%1\u201d is %2 in the payload; the gateway signs objects only and sends it as it is. Let the backend "
                         "return an object of "
                         "claims there.")
            .arg(name, type);
    }
    case twin::FieldOutcome::Missing:
        break;
    }
    if (const auto nearest = nearestName(field.name, payloadNames))
        return Names::
            tr("\u201c%1\u201d is not in the payload and nothing is signed for it; did you mean \u201c%2\u201d? The gateway logs nothing.")
                .arg(name, inert(*nearest));
    if (field.name.contains('.'))
        return Names::tr("\u201c%1\u201d is not in the payload: keys_to_sign names top-level members, a dot does not lead into an object.")
            .arg(name);
    return Names::tr("\u201c%1\u201d is not in the payload and nothing is signed for it. The gateway logs nothing.").arg(name);
}

QString sentence(const twin::Dropped &dropped)
{
    const QString name = inert(dropped.name), fix = inert(dropped.fix);
    QString what;
    switch (dropped.kind) {
    case twin::Dropped::Header:
        what = Names::tr("The header %1 does not reach the backend").arg(name);
        break;
    case twin::Dropped::Query:
        what = Names::tr("The query parameter %1 does not reach the backend").arg(name);
        break;
    case twin::Dropped::Cookie:
        what = Names::tr("The Cookie header does not reach the backend");
        break;
    }
    if (fix.isEmpty())
        return Names::tr("%1.").arg(what);
    const QString entry = dropped.kind == twin::Dropped::Cookie ? QStringLiteral("Cookie") : name;
    return Names::tr("%1; add \u201c%2\u201d to the endpoint's %3 to forward it.").arg(what, entry, fix);
}

QString sentence(const jose::DecodedToken::Note &note)
{
    using Note = jose::DecodedToken::Note;
    const QString detail = inert(note.detail);
    const auto with = [&](const QString &text, const QString &detailed) { return detail.isEmpty() ? text : detailed.arg(detail); };
    switch (note.kind) {
    case Note::BearerStripped:
        return Names::tr("\u201cBearer\u201d before the token was left out.");
    case Note::QuotesStripped:
        return Names::tr("Quotes around the token were left out.");
    case Note::WhitespaceStripped:
        return Names::tr("White space in the token was left out.");
    case Note::UrlDecoded:
        return Names::tr("The token was percent-encoded and has been decoded.");
    case Note::BadBase64:
        return with(Names::tr("A part is not base64url."), Names::tr("Not base64url: %1."));
    case Note::NotJson:
        return with(Names::tr("A part is not JSON."), Names::tr("Not JSON: %1."));
    case Note::DuplicateMember:
        return with(Names::tr("A member stands twice: readers may disagree about it."),
                    Names::tr("The member \u201c%1\u201d stands twice: readers may disagree about it."));
    case Note::MissingPart:
        return with(Names::tr("A part of the token is missing."), Names::tr("A part of the token is missing: %1."));
    case Note::TooManyParts:
        return with(Names::tr("The token has more than three parts."), Names::tr("The token has more than three parts: %1."));
    case Note::AlgNone:
        return Names::tr("The algorithm is \u201cnone\u201d: there is no signature, anybody can write such a token.");
    case Note::UnprotectedHeader:
        return with(Names::tr("It has a header that no signature protects."), Names::tr("Header that no signature protects: %1."));
    case Note::NonCanonicalBase64:
        return with(Names::tr("A part is base64url in an unusual spelling; strict readers refuse it."),
                    Names::tr("Unusual base64url spelling, which strict readers refuse: %1."));
    case Note::EmptySignature:
        return Names::tr("The signature is empty.");
    case Note::PayloadNotObject:
        return with(Names::tr("The payload is no JSON object: such a token carries no claims."),
                    Names::tr("The payload is no JSON object (%1): such a token carries no claims."));
    }
    return detail;
}

QString componentNotSimulated(QByteArrayView component)
{
    const QString name = inert(component);
    if (component == "auth/validator")
        return Names::tr("%1 stands on this endpoint and runs first; Token Lab does not play it yet: without a token it accepts, the "
                         "gateway answers 401.")
            .arg(name);
    return Names::tr("%1 acts on this endpoint and is not played by Token Lab: the real answer may differ.").arg(name);
}

} // namespace tokenlab::text
