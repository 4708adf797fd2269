#include "core/text/text.h"

#include <QCoreApplication>

#include <algorithm>

namespace tokenlab::text {

namespace {

struct Names {
    Q_DECLARE_TR_FUNCTIONS(Names)
};

constexpr qsizetype longestCompared = 128; // a longer name is no typing mistake of another

// Optimal string alignment, counted twice over: a difference of case alone costs 1, everything else 2.
int editDistance(const QString &a, const QString &b)
{
    const auto n = std::size_t(a.size()), m = std::size_t(b.size());
    std::vector<int> before(m + 1), last(m + 1), row(m + 1);
    for (std::size_t j = 0; j <= m; ++j)
        last[j] = int(2 * j);
    const auto cost = [](QChar x, QChar y) { return x == y ? 0 : x.toCaseFolded() == y.toCaseFolded() ? 1 : 2; };
    for (std::size_t i = 1; i <= n; ++i) {
        row[0] = int(2 * i);
        const QChar x = a.at(qsizetype(i - 1));
        for (std::size_t j = 1; j <= m; ++j) {
            const QChar y = b.at(qsizetype(j - 1));
            row[j] = std::min({last[j] + 2, row[j - 1] + 2, last[j - 1] + cost(x, y)});
            if (i > 1 && j > 1 && x == b.at(qsizetype(j - 2)) && a.at(qsizetype(i - 2)) == y)
                row[j] = std::min(row[j], before[j - 2] + 2);
        }
        before.swap(last);
        last.swap(row);
    }
    return last[m];
}

// `accessToken`, `access-token` and `access_token` are one name in three manners.
QString skeleton(const QString &name)
{
    QString out;
    for (const QChar c : name) {
        if (c.isLetterOrNumber())
            out += c.toCaseFolded();
    }
    return out;
}

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
    const QString wanted = QString::fromUtf8(name);
    if (wanted.isEmpty() || wanted.size() > longestCompared)
        return std::nullopt;
    const QString wantedSkeleton = skeleton(wanted);
    std::optional<QByteArray> best;
    int bestDistance = 0;
    for (const QByteArray &candidate : candidates) {
        const QString text = QString::fromUtf8(candidate);
        if (text.isEmpty() || text.size() > longestCompared || candidate == name)
            continue;
        int d = editDistance(wanted, text);
        if (!wantedSkeleton.isEmpty() && skeleton(text) == wantedSkeleton)
            d = 1;
        // A third of the letters may differ, and one always.
        if (d > std::max<int>(2, int(2 * std::max(wanted.size(), text.size()) / 3)))
            continue;
        if (!best || d < bestDistance) {
            best = candidate;
            bestDistance = d;
        }
    }
    return best;
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
